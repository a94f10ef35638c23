"""What a summary may leave out: sums by interval are always there, the rest is made where somebody asks for it."""

from __future__ import annotations

from enum import Flag, auto
from typing import TypeVar

Made = TypeVar("Made")


class Part(Flag):
    """Parts of a `Summary`, to be asked for together as in `Part.QUANTILES | Part.BACKLOG`; `ONLY_SUMS` is none.

    What is asked for does not change a bit of it. `Summary.by_interval`, `agents`, `abandonments` and `diverted` are
    always made: they are all that measures without topics and classes, and all that targets are judged by.
    """

    TOPICS = auto()
    """`Summary.by_day`: the tallies by topic and class."""
    QUANTILES = auto()
    """`Waits.quantile`, of the horizon."""
    VIRTUAL = auto()
    """`Waits.virtual`, of the horizon."""
    DAYS = auto()
    """`Waits.quantile_by_day` and `virtual_by_day`, as far as they are asked for of the horizon."""
    BACKLOG = auto()
    """`Summary.backlog`."""


ONLY_SUMS = Part(0)
EVERYTHING = ~ONLY_SUMS


def asked_for(part: Made | None, name: str) -> Made:
    """The part, if it has been made.

    Raises
    ------
    LookupError
        If nobody had asked for it.
    """
    if part is None:
        msg = f"{name} is not there: it was not asked for when the replication was summed up."
        raise LookupError(msg)
    return part
