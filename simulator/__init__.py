"""Peak-load simulation of a customer service: how long will customers wait, with these agents and this bot.

The story from left to right: `scenario` says what the centre is, `demand` draws the contacts, `engine` plays the days,
`measures` judges them, `experiment` repeats until sure; `queueing` answers without simulation where a formula does.
Begin with `simulator.scenario.load_scenario`. Nothing is imported here, so that a command starts at once.
"""

from __future__ import annotations

__all__ = ["__version__"]


def __getattr__(name: str) -> str:
    """Look up the version when it is asked for: to read what is installed takes longer than to print `--help`."""
    if name != "__version__":
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("ruuhka")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0+unknown"
