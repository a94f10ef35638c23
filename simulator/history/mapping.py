"""Which column of a report says what: a first guess, with its reasons, that a person may change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Literal

from simulator.history.moments import looks_like_clock, looks_like_date, looks_like_moment, parse_clock_time
from simulator.history.numbers import NOTHING, decimal_shown, parse_seconds
from simulator.history.words import Role, is_total, known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from simulator.history.moments import DateOrder
    from simulator.history.numbers import DecimalSign
    from simulator.history.report import Report

Across = Literal["", "date", "time"]
"""What a column's own name tells of its figures, in a report with days or times side by side."""

Why = Literal["header", "cells", "day", "time", "only_figures", "name_of_a_channel", "second", "unknown", "chosen"]
"""header: its name says so; cells: they look so; day, time: its name is one; only_figures: the only column of figures
whose name is not known; second: another column is taken for this; chosen: by a person."""

MEASURES: tuple[Role, ...] = (
    *("offered", "answered", "abandoned", "handling_time", "talk_time", "asa", "service_level"),
)
"""Roles of columns of figures."""

_CELLS_LOOKED_AT = 300
_MOST_CELLS = 0.8
_BEST_CHANNEL_WORDS = {"channel", "kanava", "viestintäkanava", "media", "media type", "mediatyyppi"}


@dataclass(frozen=True, slots=True)
class Use:
    """What a column is used for."""

    role: Role
    why: Why
    seen: str = ""
    """The words of its name, or the cell, that say so."""
    channel: str = ""
    """The channel that all of the column is about; nothing where a column of channels or nothing tells."""
    across: Across = ""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What each column is used for, and what the figures themselves may leave open."""

    columns: tuple[Use, ...]
    """[column]"""
    channel: str = "contacts"
    """What the channel is called if the report tells no channels apart."""
    date_order: DateOrder | None = None
    """Of dates such as 3/4/2026. None: the report tells it."""
    decimal: DecimalSign | None = None
    """None: the report tells it."""

    def places(self, *roles: Role) -> tuple[int, ...]:
        """Indices of the columns with one of these roles."""
        return tuple(place for place, use in enumerate(self.columns) if use.role in roles)

    def changed(self, place: int, role: Role, *, channel: str = "", across: Across = "") -> ColumnMapping:
        """The mapping with another use of one column."""
        columns = list(self.columns)
        columns[place] = Use(role, "chosen", "", channel, across)
        return replace(self, columns=tuple(columns))


def guess_mapping(report: Report) -> ColumnMapping:
    """Guess what each column holds, by its name and by what its cells look like."""
    uses = [_by_name(report, place) for place in range(len(report.columns))]
    _guess_moments(report, uses)
    for role in ("channel", "topic"):
        _keep_first(uses, role)
    if not any(use.across for use in uses):
        _guess_offered(report, uses)
        _guess_channels(report, uses)
        for measure in MEASURES:
            _keep_first_of_channel(uses, measure)
    return ColumnMapping(tuple(uses))


def _by_name(report: Report, place: int) -> Use:
    """What a column's name says, if its cells do not gainsay it."""
    header = report.columns[place]
    some = _some_cells(report, place)
    figures = _share(some, _is_figure) >= _MOST_CELLS
    if looks_like_moment(header):
        return Use("ignored", "unknown")
    if figures and looks_like_date(header):
        return Use("offered", "day", header, across="date")
    if figures and looks_like_clock(header):
        return Use("offered", "time", header, across="time")
    found = known(header)
    if found is None or (is_total(header) and found.vague):
        return Use("ignored", "unknown")
    if found.role in MEASURES:
        fits = figures and not (found.role == "offered" and _share(some, looks_like_date) >= _MOST_CELLS)
        return Use(found.role, "header", found.words) if fits else Use("ignored", "unknown")
    return Use(found.role, "header", found.words)


def _guess_moments(report: Report, uses: list[Use]) -> None:
    """Settle which columns tell date and time, mostly by their cells: a column called Interval may hold either."""
    free = [place for place, use in enumerate(uses) if use.role in ("date", "time", "moment") or use.why == "unknown"]
    named = [place for place in free if uses[place].why == "header"]

    def found(role: Role, test: Callable[[str], bool], places: Iterable[int]) -> bool:
        for place in places:
            some = _some_cells(report, place)
            if some and _share(some, test) >= _MOST_CELLS:
                why: Why = "header" if uses[place].role == role else "cells"
                seen = uses[place].seen if why == "header" else some[0]
                uses[place] = Use(role, why, seen)
                return True
        return False

    by_name = [*named, *(place for place in free if place not in named)]
    taken: set[Role] = set()
    if found("moment", looks_like_moment, by_name):
        taken = {"moment"}
    else:
        if found("date", looks_like_date, by_name):
            taken.add("date")
        by_name = [place for place in by_name if uses[place].role != "date" or "date" not in taken]
        if found("time", _is_clock, [place for place in by_name if uses[place].role in ("time", "moment")]) or found(
            "time", looks_like_clock, by_name
        ):
            taken.add("time")
    kept: set[Role] = set()
    for place, use in enumerate(uses):
        if use.role not in ("date", "time", "moment"):
            continue
        fits = use.role in taken and use.role not in kept and _share(_some_cells(report, place), _test(use.role)) > 0
        if fits:
            kept.add(use.role)
        else:
            uses[place] = Use("ignored", "second" if taken else "unknown", use.seen)


def _test(role: Role) -> Callable[[str], bool]:
    return {"moment": looks_like_moment, "date": looks_like_date}.get(role, _is_clock)


def _guess_offered(report: Report, uses: list[Use]) -> None:
    """Of the columns with vague names or none that is known, take those that must be the contacts offered."""
    vague = [place for place, use in enumerate(uses) if use.role == "offered" and _is_vague(report, place)]
    if any(use.role == "offered" for place, use in enumerate(uses) if place not in vague) or any(
        use.role in ("answered", "abandoned") for use in uses
    ):
        for place in (
            vague[1:] if not any(use.role == "offered" for k, use in enumerate(uses) if k not in vague) else vague
        ):
            uses[place] = Use("ignored", "second", uses[place].seen)
        return
    unnamed = [
        place
        for place, use in enumerate(uses)
        if use.why == "unknown"
        and not is_total(report.columns[place])
        and _share(_some_cells(report, place), _is_count) >= _MOST_CELLS
    ]
    if len(vague) == 1 or (not vague and len(unnamed) == 1):
        place = (vague or unnamed)[0]
        uses[place] = Use("offered", "header" if vague else "only_figures", uses[place].seen)
        return
    if any(use.role == "channel" for use in uses):
        for place in vague[1:]:
            uses[place] = Use("ignored", "second", uses[place].seen)
        return
    for place in (*vague, *unnamed):
        uses[place] = Use("offered", "name_of_a_channel", report.columns[place], channel=report.columns[place])


def _guess_channels(report: Report, uses: list[Use]) -> None:
    """Where several columns tell the same of different channels, as in Phone offered and Chat offered."""
    if any(use.role == "channel" or use.channel for use in uses):
        return
    rests: dict[int, str] = {}
    for place, use in enumerate(uses):
        found = known(report.columns[place]) if use.role in MEASURES else None
        if found:
            rests[place] = found.rest
    channels = {rest for place, rest in rests.items() if uses[place].role == "offered" and rest}
    if len(channels) > 1:
        for place, rest in rests.items():
            if rest in channels:
                uses[place] = replace(uses[place], channel=_as_written(report.columns[place], rest))


def _as_written(header: str, words: str) -> str:
    """The words of a header with its own capitals."""
    start = header.casefold().find(words)
    return header[start : start + len(words)] if start >= 0 else words


def _keep_first(uses: list[Use], role: Role) -> None:
    places = [place for place, use in enumerate(uses) if use.role == role]
    best = min(places, key=lambda place: (uses[place].seen not in _BEST_CHANNEL_WORDS, place), default=None)
    for place in places:
        if place != best:
            uses[place] = Use("ignored", "second", uses[place].seen)


def _keep_first_of_channel(uses: list[Use], role: Role) -> None:
    """One column of a kind for each channel; of columns without a channel none beside those that have one."""
    places = [place for place, use in enumerate(uses) if use.role == role]
    split = any(use.channel for use in uses if use.role == "offered")
    seen = {""} if split else set()
    for place in places:
        if uses[place].channel in seen:
            uses[place] = Use("ignored", "second", uses[place].seen)
        seen.add(uses[place].channel)


def _is_vague(report: Report, place: int) -> bool:
    found = known(report.columns[place])
    return found is not None and found.vague


def _some_cells(report: Report, place: int) -> list[str]:
    filled = (cell for cell in report.cells[place] if cell.lower() not in NOTHING)
    return list(islice(filled, _CELLS_LOOKED_AT))


def _share(cells: list[str], test: Callable[[str], bool]) -> float:
    """The share of cells that pass; 0 where there are none."""
    return sum(map(test, cells)) / len(cells) if cells else 0.0


def _is_figure(cell: str) -> bool:
    try:
        parse_seconds(cell, decimal_shown(cell) or ".", 1.0)
    except ValueError:
        return False
    return True


def _is_count(cell: str) -> bool:
    return _is_figure(cell) and ":" not in cell and not cell.endswith("%")


def _is_clock(cell: str) -> bool:
    try:
        parse_clock_time(cell)
    except ValueError:
        return False
    return True
