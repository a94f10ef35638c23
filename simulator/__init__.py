"""Peak-load simulation of a customer service: how long will customers wait, with these agents and this bot.

The story from left to right: `scenario` says what the centre is, `demand` draws the contacts, `engine` plays the days,
`measures` judges them, `experiment` repeats until sure; `queueing` answers without simulation where a formula does.
Begin with `simulator.scenario.load_scenario`. Nothing is imported here, so that a command starts at once.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

__all__ = ["__version__"]

try:
    __version__ = version("ruuhka")
except PackageNotFoundError:  # run from a checkout that is not installed
    __version__ = "0+unknown"
