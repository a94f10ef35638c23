"""From moments as a log writes them to moments: dates told elsewhere, times past midnight, hours shown twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.history.logs.rows import text_of
from simulator.history.logs.times import read_times
from simulator.history.logs.zone import EPOCH
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from simulator.history.cells.moments import DateOrder
    from simulator.history.logs.mapping import CellForms
    from simulator.history.logs.rows import Rows
    from simulator.history.logs.times import Times
    from simulator.history.logs.zone import Zone

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_HALF_A_DAY = DAY / 2
_HALF_AN_HOUR = 1800.0


class Placing:
    """Places the moments of each row, those that come first first.

    Parameters
    ----------
    rows
        Rows whose moments cannot be read are refused.
    zone
        Of times without an offset.
    order, forms
        How dates are written.
    day
        [row] Ordinals of dates that hold for clock times, 0 where there is none.
    """

    def __init__(self, rows: Rows, zone: Zone, order: DateOrder, forms: CellForms, day: Ints | None) -> None:
        self._rows = rows
        self._zone = zone
        self._order: DateOrder = order
        self._format = forms.date_format
        self._day = day

    def moments(self, cells: pa.Array, after: Floats | None = None) -> Floats:
        """[row] The moments of a column of text, nan where there is none.

        Parameters
        ----------
        cells
            [row] Text.
        after
            [row] The moment of the row before which these are not, unless by little. A clock time much before it is
            one of the next day, and a time that the clock shows twice is the second one if the first is before it.
            None: these are the first of their rows; of times shown twice the order of the rows tells which they are.
        """
        alone = self._day is not None or after is not None  # clock times, of a day that something else tells
        times = read_times(cells, self._order, self._format, dated=not alone)
        self._rows.drop_unreadable("no_moment", times.wrong, cells)
        day = self._days(times, after)
        self._rows.drop("no_date", times.told & (day == 0), text_of(cells))
        moments = self._zone.moments(day, times.clock)
        has_offset = ~np.isnan(times.offset)
        if has_offset.any():
            told = (day - EPOCH) * float(DAY) + times.clock - times.offset
            moments = np.where(has_offset, told, moments)
        often = np.where(has_offset | ~times.told, 1, self._zone.times_shown(day, times.clock))
        self._rows.drop("no_such_time", often == 0, text_of(cells))
        past = times.told & (times.day == 0) & (times.clock >= DAY)
        if after is None:
            self._rows.note("next_day", past, text_of(cells))
            return self._in_order(moments, day, times.clock, often == 2, cells)
        late = (times.day == 0) & ~has_offset & (moments < after - _HALF_A_DAY)
        if late.any():
            moments = np.where(late, self._zone.moments(day + 1, times.clock), moments)
        self._rows.note("next_day", late | past, text_of(cells))
        again = (often == 2) & ~late & (moments < after)
        return np.where(again, self._zone.moments(day, times.clock, 1), moments) if again.any() else moments

    def _days(self, times: Times, after: Floats | None) -> Ints:
        """[row] The day of each moment: its own, else that of the row, else that of the moment before."""
        if self._day is not None:
            return np.where(times.day > 0, times.day, self._day)
        if after is not None and (times.told & (times.day == 0)).any():
            return np.where(times.day > 0, times.day, self._zone.local(after)[0])
        return times.day

    def _in_order(self, moments: Floats, day: Ints, clock: Floats, twice: Bools, cells: pa.Array) -> Floats:
        """Of times shown twice the second ones where rows in the order of time go back; else the first."""
        if not twice.any():
            return moments
        self._rows.note("shown_twice", twice, text_of(cells))
        moments = moments.copy()
        for file in np.unique(self._rows.file[twice]):
            here = self._rows.file == file
            once = moments[here & ~twice & ~np.isnan(moments)]
            if (np.diff(once) < -_HALF_AN_HOUR).any():
                continue  # the rows are in no order of time
            for some_day in np.unique(day[here & twice]):
                rows = np.flatnonzero(here & twice & (day == some_day))
                back = np.flatnonzero(np.diff(clock[rows]) < -_HALF_AN_HOUR)
                if len(back) == 1:
                    second = rows[back[0] + 1 :]
                    moments[second] = self._zone.moments(day[second], clock[second], 1)
        return moments
