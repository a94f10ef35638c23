"""What became of every row of a report: kept, repaired, left out or refused, and why. Nothing is dropped silently."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

    from simulator.history.cells.moments import DateOrder

Kind = Literal["refused", "left_out", "repaired", "noted"]
"""refused: wrong; left out: says nothing, or nothing new; repaired: kept, not quite as written; noted: kept."""

Reason = Literal[
    "too_many_cells",
    "other_width",
    "no_date",
    "no_time",
    "no_number",
    "negative",
    "no_such_time",
    "between_steps",
    "no_arrival",
    "no_moment",
    "no_length",
    "negative_length",
    "no_answer_time",
    "no_end",
    "no_order_time",
    "no_creation",
    "reply_before_creation",
    "answer_before_arrival",
    "end_before_arrival",
    "end_before_answer",
    "total",
    "empty",
    "empty_row",
    "repeated",
    "same_contact",
    "same_order",
    "same_ticket",
    "not_asked_for",
    "leg_left_out",
    "date_from_above",
    "channel_from_above",
    "next_day",
    "added_up",
    "halved",
    "sum_of_parts",
    "figure_left_empty",
    "more_than_all",
    "answer_at_once",
    "end_at_once",
    "end_from_release",
    "not_answered_after_all",
    "row_of_order",
    "more_parts_than_whole",
    "talk_time",
    "alike",
    "no_agent",
    "rang_only",
    "overlap",
    "leg_kept",
    "shown_twice",
    "entered_late",
    "very_long",
    "solved_before_reply",
    "cancelled_by_word",
    "row_is_order",
    "order_by_nearness",
    "sheets_not_read",
    "word_misspelt",
    "part_of_contact",
]

KINDS: dict[Reason, Kind] = {
    "too_many_cells": "refused",
    "other_width": "refused",
    "no_date": "refused",
    "no_time": "refused",
    "no_number": "refused",
    "negative": "refused",
    "no_such_time": "refused",
    "between_steps": "refused",
    "no_arrival": "refused",
    "no_moment": "refused",
    "no_length": "refused",
    "negative_length": "refused",
    "no_answer_time": "refused",
    "no_end": "refused",
    "no_order_time": "refused",
    "no_creation": "refused",
    "reply_before_creation": "refused",
    "answer_before_arrival": "refused",
    "end_before_arrival": "refused",
    "end_before_answer": "refused",
    "total": "left_out",
    "empty": "left_out",
    "empty_row": "left_out",
    "repeated": "left_out",
    "same_contact": "left_out",
    "same_order": "left_out",
    "same_ticket": "left_out",
    "not_asked_for": "left_out",
    "leg_left_out": "left_out",
    "date_from_above": "repaired",
    "channel_from_above": "repaired",
    "next_day": "repaired",
    "added_up": "repaired",
    "halved": "repaired",
    "sum_of_parts": "repaired",
    "figure_left_empty": "repaired",
    "more_than_all": "repaired",
    "answer_at_once": "repaired",
    "end_at_once": "repaired",
    "end_from_release": "repaired",
    "not_answered_after_all": "repaired",
    "row_of_order": "repaired",
    "more_parts_than_whole": "noted",
    "talk_time": "noted",
    "alike": "noted",
    "no_agent": "noted",
    "rang_only": "noted",
    "overlap": "noted",
    "leg_kept": "noted",
    "shown_twice": "noted",
    "entered_late": "noted",
    "very_long": "noted",
    "solved_before_reply": "noted",
    "cancelled_by_word": "noted",
    "row_is_order": "noted",
    "order_by_nearness": "noted",
    "sheets_not_read": "noted",
    "word_misspelt": "noted",
    "part_of_contact": "noted",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, wherever it was found."""

    reason: Reason
    lines: tuple[int, ...]
    """Lines of the file, in order; none if all of a column is meant."""
    value: str
    """The first cell of which this is true."""
    figures: int
    """How many of the counts of contacts it is about: several where a row has many."""
    file: str = ""
    """Where several files are read as one, the file that it was found in."""
    more: bool = False
    """Whether there are further lines; a log may have millions."""

    @property
    def kind(self) -> Kind:
        """What became of them."""
        return KINDS[self.reason]


@dataclass(frozen=True, slots=True)
class Quality:
    """How reports were read. `figures` = `kept` + those of all findings that are refused or left out."""

    rows: int
    """Below the header, empty ones left out."""
    figures: int
    """Counts of contacts in them: one a row, or one for each channel, day or time that stands side by side."""
    kept: int
    findings: tuple[Finding, ...]
    first_day: date
    last_day: date
    missing_days: tuple[date, ...]
    """Between the first and the last."""
    intervals_without_row: int
    """Of the days and channels that have any, from the first to the last time of day that the report knows."""
    date_order: DateOrder

    def figures_of(self, kind: Kind) -> int:
        """How many counts were refused, left out, ..."""
        return sum(finding.figures for finding in self.findings if finding.kind == kind)


class Findings:
    """Collects findings while a report is read."""

    def __init__(self) -> None:
        self._lines: dict[Reason, list[int]] = defaultdict(list)
        self._value: dict[Reason, str] = {}
        self._figures: dict[Reason, int] = defaultdict(int)

    def add(self, reason: Reason, line: int | None, value: str = "", figures: int = 1) -> None:
        """Note something found in a line."""
        if line is not None:
            self._lines[reason].append(line)
        self._value.setdefault(reason, value)
        self._figures[reason] += figures

    def all(self, file: str = "") -> tuple[Finding, ...]:
        """Everything found, in the order of `KINDS`, as findings of a file."""
        return tuple(
            Finding(reason, tuple(sorted(set(self._lines[reason]))), self._value[reason], self._figures[reason], file)
            for reason in KINDS
            if reason in self._value
        )
