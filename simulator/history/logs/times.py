"""Columns of moments and lengths of time: each different text is read once, as in a single cell of a report.

There is one way to read a date, a clock time or a length, that of `history.moments` and `history.numbers`. A log only
splits its moments into dates and clock times first, since it has millions of moments and few of either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.history.cells.moments import parse_clock_time, parse_date
from simulator.history.cells.numbers import NOTHING, parse_seconds
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simulator.history.cells.moments import DateOrder
    from simulator.history.cells.numbers import DecimalSign

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_ZONE = r"(?P<zone>Z|UTC|[+-][0-9]{2}:?(?:[0-9]{2})?)?"
_PLAIN = r"^(?P<date>[^:T\s]+)[T\s](?P<clock>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?P<fraction>[.,][0-9]+)?" + _ZONE + "$"
"""A moment as most logs write it. `_ANY` would read it too, at five times the cost: this has one way to match only."""
_ANY = (
    r"^(?:(?P<date>[^:]*?[^:\s,T])(?:[T,]\s*|\s+)(?:klo\.?\s*)?)?"
    r"(?P<clock>[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})?)(?P<fraction>[.,][0-9]+)?"
    r"(?P<half>\s*[apAP]\.?[mM]\.?)?\s*" + _ZONE + "$"
)
"""A clock time with or without a date before it."""
_DATE_WITH_POINTS = r"^[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}\.?$"
"""A date that `_ANY` would take for a clock time with a fraction."""
_DATE_OR_CLOCK = r"^[0-9]{1,2}\.[0-9]{2}\.[0-9]{2}$"
"""1.10.26: either; the column tells which."""


@dataclass(frozen=True, slots=True)
class Times:
    """A column of moments as they are written. All have shape [row]."""

    day: Ints
    """Ordinal of the date; 0: only a clock time is told, or nothing."""
    clock: Floats
    """Seconds after midnight, below a day where there is a date; nan: nothing is told."""
    offset: Floats
    """Seconds east of Greenwich; nan: not told."""
    wrong: Bools
    """Whether the cell holds something else."""

    @property
    def told(self) -> Bools:
        """[row] Whether there is a moment."""
        return ~np.isnan(self.clock)


def read_times(cells: pa.Array, order: DateOrder, date_format: str = "", *, dated: bool = False) -> Times:
    """Read a column of moments: dates with clock times, dates alone (their midnight), or clock times alone.

    Parameters
    ----------
    cells
        [row] Text.
    order
        Of dates whose form leaves it open.
    date_format
        Of dates in an unusual form, for `strptime`; none: the usual forms.
    dated
        Whether no clock time stands alone here: 1.10.26 is a date.
    """
    parts = _split(cells, dated=dated)
    clock, no_clock = _each(parts["clock"], _clock)
    day, no_day = _each(_dates(cells, parts), lambda text: _day(text, order, date_format))
    clock += _fractions(parts["fraction"])
    alone = _bools(pc.equal(parts["clock"], ""))
    clock[alone & ~np.isnan(day)] = 0.0
    wrong = no_day | no_clock
    clock[wrong] = np.nan
    days = np.where(np.isnan(day) | wrong, 0, day).astype(np.int64)
    past = np.where(days > 0, np.nan_to_num(clock) // DAY, 0).astype(np.int64)
    offset, _ = _each(parts["zone"], _offset)
    return Times(days + past, clock - DAY * past, offset, wrong)


def read_lengths(cells: pa.Array, decimal: DecimalSign, unit: float = 1.0) -> tuple[Floats, Bools]:
    """Read a column of lengths of time: h:mm:ss, m:ss, "4 min 12 s", or plain numbers of units of `unit` seconds.

    Returns
    -------
    Floats, Bools
        [row] Seconds, nan where there is none; whether the cell holds something else.
    """
    return _each(cells, lambda text: parse_seconds(text, decimal, unit))


def date_texts(cells: pa.Array, *, dated: bool = False) -> list[str]:
    """The different dates in a column of moments, as they are written; `dated` as in `read_times`."""
    dates = pc.unique(_dates(cells, _split(cells, dated=dated)))
    return [text for text in dates.to_pylist() if text.lower() not in NOTHING]


def distinct(cells: pa.Array) -> tuple[pa.Array, Ints]:
    """The different texts of a column, and the index [row] of each cell's."""
    encoded = cells.dictionary_encode()
    return encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False)


def _split(cells: pa.Array, *, dated: bool) -> dict[str, pa.Array]:
    """The parts of each cell; all "" where it is no clock time with or without a date."""
    plain = pc.extract_regex(cells, _PLAIN)
    parts = {name: pc.struct_field(plain, name) for name in ("date", "clock", "fraction", "zone")}
    others = pc.is_null(plain)
    if pc.any(others).as_py():
        texts, place = distinct(cells.filter(others))
        is_date = pc.match_substring_regex(texts, _DATE_WITH_POINTS)
        if dated:
            is_date = pc.or_(is_date, pc.match_substring_regex(texts, _DATE_OR_CLOCK))
        found = pc.extract_regex(pc.if_else(is_date, "", texts), _ANY)
        of_others = {name: pc.fill_null(pc.struct_field(found, name), "") for name in (*parts, "half")}
        of_others["clock"] = pc.binary_join_element_wise(of_others["clock"], of_others["half"], "")
        parts = {
            name: pc.replace_with_mask(part, others, of_others[name].take(pa.array(place)))
            for name, part in parts.items()
        }
    return parts


def _dates(cells: pa.Array, parts: dict[str, pa.Array]) -> pa.Array:
    """The date in each cell: its part, or all of a cell that has no clock time."""
    return pc.if_else(pc.equal(parts["clock"], ""), cells, parts["date"])


def _each(texts: pa.Array, read: Callable[[str], float]) -> tuple[Floats, Bools]:
    """[text] What is read in each text, nan where it says nothing, and whether it cannot be read."""
    if pc.all(pc.equal(texts, "")).as_py():
        return np.full(len(texts), np.nan), np.zeros(len(texts), dtype=np.bool_)
    different, place = distinct(texts)
    values = np.full(len(different), np.nan)
    wrong = np.zeros(len(different), dtype=np.bool_)
    for number, text in enumerate(different.to_pylist()):
        if text.lower() not in NOTHING:
            try:
                values[number] = read(text)
            except ValueError:
                wrong[number] = True
    return values[place], wrong[place]


def _clock(text: str) -> float:
    return parse_clock_time(text)[0]


def _day(text: str, order: DateOrder, date_format: str) -> float:
    return (datetime.strptime(text, date_format).date() if date_format else parse_date(text, order)).toordinal()


def _offset(text: str) -> float:
    if text in ("Z", "UTC"):
        return 0.0
    digits = text[1:].replace(":", "").ljust(4, "0")
    return (-1.0 if text[0] == "-" else 1.0) * (3600.0 * int(digits[:2]) + 60.0 * int(digits[2:]))


def _fractions(texts: pa.Array) -> Floats:
    """[text] Fractions of a second, written ".25" or ",25"."""
    if pc.all(pc.equal(texts, "")).as_py():
        return np.zeros(len(texts))
    digits = pc.binary_join_element_wise("0.", pc.utf8_slice_codeunits(texts, 1), "0", "")
    return np.asarray(pc.cast(digits, pa.float64()))


def _bools(values: Any) -> Bools:
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.bool_)
