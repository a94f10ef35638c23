"""The columns of figures of a report: counts, lengths of time and shares, each read the way its column is written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.history.cells.numbers import NOTHING, decimals_shown, is_ambiguous, parse_number, parse_seconds
from simulator.history.errors import ReportError, refused
from simulator.history.files.words import unit_of
from simulator.history.intervals.mapping import MEASURES
from simulator.language import say
from simulator.scenario.errors import Problem, shown

if TYPE_CHECKING:
    from simulator.history.cells.numbers import DecimalSign
    from simulator.history.files.report import Report
    from simulator.history.files.words import Role
    from simulator.history.intervals.mapping import ColumnMapping

LENGTHS: frozenset[Role] = frozenset({"handling_time", "talk_time", "asa"})
"""Roles whose figures are seconds."""

_BY_DELIMITER: dict[str, DecimalSign] = {"semicolons": ",", "commas": "."}
"""A spreadsheet program separates columns by semicolons where, and only where, it writes decimals with a comma."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How one column is read."""

    place: int
    role: Role
    decimal: DecimalSign
    unit: float
    """Seconds that a plain number stands for, or what it is multiplied by."""

    def read(self, text: str) -> float:
        """The figure in a cell: a count, seconds, or a share; nan where there is none.

        Raises
        ------
        ValueError
            If the cell holds something else.
        """
        if text.lower() in NOTHING:
            return math.nan
        if self.role in LENGTHS:
            return parse_seconds(text, self.decimal, self.unit)
        if self.role != "service_level" and text.endswith("%"):
            msg = "This is a share, not a number of contacts."
            raise ValueError(msg)
        return parse_number(text, self.decimal) * (1.0 if text.endswith("%") else self.unit)


def columns_of_figures(report: Report, mapping: ColumnMapping) -> tuple[Figures, ...]:
    """How each column of figures is read: told from its own cells, else from the other columns and the file's form.

    Raises
    ------
    ReportError
        If a column has decimal points and decimal commas, or numbers like 1,234 of which nothing tells what they are.
    """
    places = mapping.places(*MEASURES)
    signs: dict[int, set[DecimalSign]] = {}
    for place in places:
        shown_signs = {} if mapping.decimal else decimals_shown(report.cells[place])
        if len(shown_signs) == 2:
            point, comma = shown_signs["."], shown_signs[","]
            message = say("refusals.two_decimals", point=shown(point), comma=shown(comma))
            raise refused(report.name, message, _line(report, place, comma), column=report.columns[place])
        signs[place] = set(shown_signs)
    of_others = set().union(*signs.values()) if signs else set()
    figures = []
    problems = []
    for place in places:
        role = mapping.columns[place].role
        decimal = mapping.decimal or next(iter(signs[place]), None)
        doubt = next((cell for cell in report.cells[place] if is_ambiguous(cell)), None)
        if decimal is None and doubt is not None:
            decimal = next(iter(of_others)) if len(of_others) == 1 else _BY_DELIMITER.get(report.form.split(",")[0])
            if decimal is None:
                line = _line(report, place, doubt)
                problems.append(Problem(say("refusals.thousand"), (report.columns[place],), doubt, report.name, line))
        decimal = decimal or "."
        unit = unit_of(report.columns[place]) if role in LENGTHS else 1.0
        if role == "service_level" and _in_percent(report.cells[place], decimal):
            unit = 0.01
        figures.append(Figures(place, role, decimal, unit))
    if problems:
        raise ReportError(problems)
    return tuple(figures)


def _in_percent(cells: tuple[str, ...], decimal: DecimalSign) -> bool:
    """Whether plain numbers of a column of shares are percent: half of those above 0 or more are above 1."""
    above = positive = 0
    for cell in cells:
        try:
            value = parse_number(cell, decimal) if cell and not cell.endswith("%") else 0.0
        except ValueError:
            continue
        positive += value > 0
        above += value > 1
    return 0 < positive <= 2 * above


def _line(report: Report, place: int, cell: str) -> int:
    return report.line[report.cells[place].index(cell)]
