"""Guessing what the columns of a report hold: by their names, and by what their cells look like."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from simulator.history.cells.moments import looks_like_clock, looks_like_date, looks_like_moment, parse_clock_time
from simulator.history.cells.numbers import NOTHING, decimal_shown, parse_seconds
from simulator.history.cells.steps import on_steps
from simulator.history.files.words import Role, is_total, is_vague, known
from simulator.history.intervals.mapping import COUNTS, MEASURES, ColumnMapping, Use

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulator.history.files.report import Report

_CELLS_LOOKED_AT = 300
_MOST = 0.8
"""Share of a column's cells that must look alike."""
_MOMENTS: tuple[Role, ...] = ("date", "time", "moment")
_BEST_CHANNEL_WORDS = frozenset({"channel", "kanava", "viestintäkanava", "media", "media type", "mediatyyppi"})
"""Before queues and skills, where a report has both."""


def guess_mapping(report: Report) -> ColumnMapping:
    """Guess what each column holds; `Use.why` says how it was guessed."""
    return _Guess(report).mapping()


class _Guess:
    """A mapping in the making."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.some = [_some_cells(cells) for cells in report.cells]
        """[column] The first cells that hold something."""
        self.uses = [self._by_name(place) for place in range(len(report.columns))]

    def mapping(self) -> ColumnMapping:
        """What is thought of each column, once all are known."""
        self._settle_moments()
        self._keep_one("channel")
        self._keep_one("topic")
        if not any(use.across for use in self.uses):
            self._settle_offered()
            self._settle_channels()
            for measure in MEASURES:
                self._keep_one_of_each_channel(measure)
        return ColumnMapping(tuple(self.uses))

    def _places(self, *roles: Role) -> list[int]:
        return [place for place, use in enumerate(self.uses) if use.role in roles]

    def _look_like(self, place: int, test: Callable[[str], bool]) -> bool:
        """Whether most cells of a column pass a test."""
        some = self.some[place]
        return bool(some) and sum(map(test, some)) >= _MOST * len(some)

    def _by_name(self, place: int) -> Use:
        """What a column's name says, if its cells do not gainsay it."""
        header = self.report.columns[place]
        figures = self._look_like(place, _is_figure)
        if figures and looks_like_date(header):
            return Use("offered", "day", header, across="date")
        if figures and looks_like_clock(header):
            return Use("offered", "time", header, across="time")
        found = known(header)
        if found is None or (found.vague and is_total(header)) or (found.role in MEASURES and not figures):
            return Use("ignored", "unknown")
        if found.role in COUNTS and not self._look_like(place, _is_count):
            return Use("ignored", "unknown")  # a share, or a moment as in "First answer"
        return Use(found.role, "header", found.words)

    def _settle_moments(self) -> None:
        """Find the columns of date and time, mostly by their cells: one called Interval may hold either or both."""
        named = self._places(*_MOMENTS)
        free = [*named, *(place for place, use in enumerate(self.uses) if use.why == "unknown")]
        # A date with a midnight in every cell is no more than a date.
        timed = [place for place in free if not all(map(_is_date_or_nothing, self.report.cells[place]))]
        kept = self._settle("moment", looks_like_moment, timed)
        if not kept:
            dates = self._settle("date", looks_like_date, free)
            named_times = [place for place in named if self.uses[place].role == "time" and place not in dates]
            # 0815 and 8 are times only where the column's name says so.
            times = self._settle("time", _is_clock, named_times) or self._settle(
                "time",
                looks_like_clock,
                # Lengths of time look like clocks, and single events have times too.
                [place for place in free if place not in dates and on_steps(self.some[place])],
            )
            kept = dates | times
        for place in named:
            if place not in kept:
                self._second(place)

    def _settle(self, role: Role, test: Callable[[str], bool], places: Sequence[int]) -> set[int]:
        """The first of these columns whose cells pass gets a role."""
        for place in places:
            if self._look_like(place, test):
                by_name = self.uses[place].role == role
                self.uses[place] = self.uses[place] if by_name else Use(role, "cells", self.some[place][0])
                return {place}
        return set()

    def _settle_offered(self) -> None:
        """Take columns with vague names, or none that is known, for the contacts offered where nothing better is."""
        vague = [place for place in self._places("offered") if is_vague(self.report.columns[place])]
        clear = [place for place in self._places("offered") if place not in vague]
        unnamed = [
            place
            for place, use in enumerate(self.uses)
            if use.why == "unknown" and not is_total(self.report.columns[place]) and self._look_like(place, _is_count)
        ]
        if clear or self._places("answered", "abandoned", "channel"):
            for place in vague if clear else vague[1:]:
                self._second(place)
        elif len(vague) + len(unnamed) > 1 and len(vague) != 1:
            for place in (*vague, *unnamed):
                header = self.report.columns[place]
                self.uses[place] = Use("offered", "name_of_a_channel", header, channel=header)
        if unnamed and not self._places("offered", "answered"):
            self.uses[unnamed[0]] = Use("offered", "only_figures")

    def _settle_channels(self) -> None:
        """Where several columns tell the same of different channels, as in Phone offered and Chat offered."""
        if self._places("channel") or any(use.channel for use in self.uses):
            return
        rests = {place: found.rest for place in self._places(*MEASURES) if (found := known(self.report.columns[place]))}
        channels = {rest for place, rest in rests.items() if self.uses[place].role == "offered" and rest}
        if len(channels) > 1:
            for place, rest in rests.items():
                if rest in channels:
                    channel = _as_written(self.report.columns[place], rest)
                    self.uses[place] = replace(self.uses[place], channel=channel)

    def _keep_one(self, role: Role) -> None:
        places = self._places(role)
        best = min(places, key=lambda place: (self.uses[place].seen not in _BEST_CHANNEL_WORDS, place), default=None)
        for place in places:
            if place != best:
                self._second(place)

    def _keep_one_of_each_channel(self, role: Role) -> None:
        """Of columns without a channel none beside those that have one."""
        taken = {""} if any(use.channel for use in self.uses) else set()
        for place in self._places(role):
            channel = self.uses[place].channel
            if channel in taken:
                self._second(place)
            taken.add(channel)

    def _second(self, place: int) -> None:
        self.uses[place] = Use("ignored", "second", self.uses[place].seen)


def _as_written(header: str, words: str) -> str:
    """The words of a header with its own capitals."""
    start = header.casefold().find(words)
    return header[start : start + len(words)] if start >= 0 else words


def _some_cells(cells: Sequence[str]) -> list[str]:
    filled = (cell for cell in cells if cell.lower() not in NOTHING and not is_total(cell))
    return list(islice(filled, _CELLS_LOOKED_AT))


def _is_figure(cell: str) -> bool:
    try:
        parse_seconds(cell, decimal_shown(cell) or ".", 1.0)
    except ValueError:
        return False
    return True


def _is_count(cell: str) -> bool:
    return _is_figure(cell) and ":" not in cell and not cell.endswith("%")


def _is_date_or_nothing(cell: str) -> bool:
    return cell.lower() in NOTHING or is_total(cell) or looks_like_date(cell)


def _is_clock(cell: str) -> bool:
    try:
        parse_clock_time(cell)
    except ValueError:
        return False
    return True
