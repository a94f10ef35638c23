"""Which column of an interval report says what, by the names of columns: good for every report of the same form."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from simulator.history.cells.moments import looks_like_clock, looks_like_date
from simulator.history.errors import refused
from simulator.history.files.words import Role
from simulator.history.intervals.mapping import MEASURES, Across, ColumnMapping, Use
from simulator.history.sentences import role_words
from simulator.language import say
from simulator.scenario.errors import unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.history.cells.moments import DateOrder
    from simulator.history.cells.numbers import DecimalSign
    from simulator.history.files.report import Report

INTERVAL_ROLES: tuple[Role, ...] = tuple(role for role in get_args(Role) if role != "ignored")

_HEADS = {"date": looks_like_date, "time": looks_like_clock}


@dataclass(frozen=True, slots=True)
class IntervalMapping:
    """How interval reports are read."""

    columns: Mapping[Role, str | Mapping[str, str]]
    """Name of the column of each role; or, where columns are about channels, channel -> name of its column."""
    timezone: str = "UTC"
    """Whose clocks the reports show."""
    channel: str = "contacts"
    """What the channel is called if the reports tell no channels apart."""
    across: Across = ""
    """Whether days or times of day stand side by side: each column named by one holds the contacts offered then."""
    date_order: DateOrder | None = None
    """Of dates such as 3/4/2026. None: the reports tell it."""
    decimal: DecimalSign | None = None
    """None: the reports tell it."""
    sheet: str = ""
    """The only sheet of a workbook to be read; nothing: all that have these columns."""

    @property
    def names(self) -> frozenset[str]:
        """Names of the columns that a report must have."""
        told = (each for each in self.columns.values())
        return frozenset(name for each in told for name in ((each,) if isinstance(each, str) else each.values()))

    def of_report(self, report: Report) -> ColumnMapping:
        """What each column of a report is used for.

        Raises
        ------
        ReportError
            If the report lacks a column, or one is said to hold two things.
        """
        uses = [Use("ignored", "unknown")] * len(report.columns)
        for role, told in self.columns.items():
            for channel, name in {"": told}.items() if isinstance(told, str) else told.items():
                if name not in report.columns:
                    raise refused(report.name, unknown("column", name, report.columns), report.header_line)
                place = report.columns.index(name)
                if uses[place].role != "ignored":
                    words = say("refusals.two_uses", first=role_words(uses[place].role), second=role_words(role))
                    raise refused(report.name, words, report.header_line, column=name)
                uses[place] = Use(role, "chosen", "", channel)
        if self.across:
            for place, name in enumerate(report.columns):
                if uses[place].role == "ignored" and _HEADS[self.across](name):
                    uses[place] = Use("offered", "chosen", "", across=self.across)
        return ColumnMapping(tuple(uses), self.channel, self.date_order, self.decimal)

    @classmethod
    def of_guess(cls, report: Report, guess: ColumnMapping, timezone: str) -> IntervalMapping:
        """The mapping that reads a report as a guess of its columns does."""
        named: dict[Role, dict[str, str]] = defaultdict(dict)
        for name, use in zip(report.columns, guess.columns, strict=True):
            if use.role != "ignored" and not use.across:
                named[use.role][use.channel] = name
        return cls(
            columns={
                role: by_channel.get("", by_channel)
                for role, by_channel in sorted(named.items(), key=lambda item: INTERVAL_ROLES.index(item[0]))
            },
            timezone=timezone,
            channel=guess.channel,
            across=next((use.across for use in guess.columns if use.across), ""),
            date_order=guess.date_order,
            decimal=guess.decimal,
        )


def may_tell_channels(role: Role) -> bool:
    """Whether columns of this role may be about one channel each."""
    return role in MEASURES
