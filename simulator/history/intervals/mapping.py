"""Which column of a report says what, and why; a person may change it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from simulator.history.files.words import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.history.cells.moments import DateOrder
    from simulator.history.cells.numbers import DecimalSign

Across = Literal["", "date", "time"]
"""What a column's own name tells of its figures, in a report with days or times side by side."""

Why = Literal["header", "cells", "day", "time", "only_figures", "name_of_a_channel", "second", "unknown", "chosen"]
"""header: its name says so; cells: they look so; day, time: its name is one; only_figures: the only column of figures
whose name is not known; second: another column is taken for this; chosen: by a person."""

COUNTS: tuple[Role, ...] = ("offered", "answered", "abandoned")
"""Figures that are added up."""
MEANS: tuple[Role, ...] = ("handling_time", "talk_time", "asa", "service_level")
"""Figures that are averaged."""
MEAN_OF: Mapping[Role, Role] = {
    "handling_time": "answered",
    "talk_time": "answered",
    "asa": "answered",
    "service_level": "offered",
}
"""Of which contacts each of them is a mean, where they are told; else of those offered."""
MEASURES: tuple[Role, ...] = (*COUNTS, *MEANS)
"""Roles of columns of figures."""


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
