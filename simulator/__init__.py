"""Peak-load simulation of a customer service: how long will customers wait, with these agents and this bot.

The story from left to right: `scenario` says what the centre is, `demand` draws the contacts, `engine` plays the days,
`measures` judges them, `experiment` repeats until sure; `queueing` answers without simulation where a formula does.
Scripts begin with `load`, `simulate` and `sweep`; `simulator.scenario.load_scenario` is where the parts begin. Nothing
is imported here, so that a command starts at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.api import load, simulate, sweep

    __version__: str

__all__ = ["__version__", "load", "simulate", "sweep"]


def __getattr__(name: str) -> object:
    """Look something up when it is asked for: to import it, or to read what is installed, takes its time."""
    if name == "__version__":
        return _version()
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    from importlib import import_module

    return getattr(import_module("simulator.api"), name)


def __dir__() -> list[str]:
    """What scripts may use, for an editor that completes names."""
    return __all__


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("ruuhka")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0+unknown"
