"""Windows of days: which to learn from, which to play."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from simulator.history.logs import Calls

BETWEEN = ".."
_TRAINED = 2 / 3
"""Of the days with calls, where nobody says which are trained on."""


class BackTestError(ValueError):
    """Windows that cannot be back-tested; the message says why."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first.isoformat()}{BETWEEN}{self.last.isoformat()}"


def parse_window(text: str) -> Window:
    """Read "2014-01-01..2014-02-28"; a month stands for its days, "2014-01..2014-02", "2014-03".

    Raises
    ------
    ValueError
        If it is no window; the message says what is allowed.
    """
    first, between, last = (part.strip() for part in text.partition(BETWEEN))
    try:
        window = Window(_days(first)[0], _days(last if between else first)[1])
    except ValueError:
        msg = f'"{text}" is no window of days; write 2014-01-01..2014-02-28, or months: 2014-01..2014-02.'
        raise ValueError(msg) from None
    if window.last < window.first:
        msg = f'"{text}" ends before it begins.'
        raise ValueError(msg)
    return window


def windows_of(calls: Calls, train: Window | None, test: Window | None) -> tuple[Window, Window]:
    """Both windows; one that is not said has all days before or after the other, and of none the last third is tested.

    Raises
    ------
    BackTestError
        If the calls are of too few days for that.
    """
    if train is not None and test is not None:
        return train, test
    days = np.unique(calls.day)
    if train is not None:
        days = days[days > train.last.toordinal()]
        if len(days):
            return train, Window(train.last + timedelta(1), date.fromordinal(int(days[-1])))
    elif test is not None:
        days = days[days < test.first.toordinal()]
        if len(days):
            return Window(date.fromordinal(int(days[0])), test.first - timedelta(1)), test
    elif len(days) > 1:
        last = date.fromordinal(int(days[max(int(len(days) * _TRAINED), 1) - 1]))
        whole = Window(date.fromordinal(int(days[0])), last)
        return whole, Window(last + timedelta(1), date.fromordinal(int(days[-1])))
    msg = "there are calls of too few days: some have to be trained on, and later ones tested."
    raise BackTestError(msg)


def _days(text: str) -> tuple[date, date]:
    """First and last day of a date or a month."""
    if len(text) == len("2014-01"):
        year, month = int(text[:4]), int(text[5:])
        first = date.fromisoformat(f"{text}-01")
        return first, date(year, month, monthrange(year, month)[1])
    day = date.fromisoformat(text)
    return day, day
