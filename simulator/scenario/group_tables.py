"""The tables of the scenario file about agents over time, and about what helps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from simulator.scenario.errors import Problem
from simulator.scenario.fields import Date, Duration, Name, Share, Speed, Text, as_written
from simulator.scenario.levers import lever
from simulator.scenario.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_WEEKS = 520
"""Of a learning curve."""

LEAST_PACE = 0.01


class LearningTable(Table):
    """How a group of beginners comes to full pace and quality, by week since its first day on the floor.

    Either a figure for the first week and how fast what is missing is learnt, or a list by week, after whose last week
    all is learnt. The whole group starts together; those who start later are another group.
    """

    start: Date = Field(
        description="First day on the floor, before the horizon or within it. Before it nobody of the group is on duty."
    )
    pace: Share | None = Field(
        default=None,
        description="Speed in the first week, against that of the skill. Default: 100 %.",
        json_schema_extra=lever("10 %", "100 %"),
    )
    quality: Share | None = Field(
        default=None,
        description=(
            "Contacts resolved at the first attempt in the first week, against those of an agent who has learnt all. "
            "Default: 100 %."
        ),
    )
    learnt_per_week: Share | None = Field(
        default=None,
        description=(
            "Share of what is missing to 100 % that is learnt from one week to the next. "
            "Default: none; pace and quality need it."
        ),
    )
    pace_by_week: list[Speed] | None = Field(
        default=None,
        min_length=1,
        max_length=MOST_WEEKS,
        description="Instead of pace: the speed in each week. Default: none.",
        examples=[["70 %", "82 %", "91 %"]],
    )
    quality_by_week: list[Share] | None = Field(
        default=None,
        min_length=1,
        max_length=MOST_WEEKS,
        description="Instead of quality: each week's. Default: none.",
        examples=[["85 %", "93 %"]],
    )

    def findings(self) -> Iterator[Problem]:
        """One way to say each figure, and something to learn."""
        for name in ("pace", "quality"):
            if getattr(self, name) is not None and getattr(self, f"{name}_by_week") is not None:
                message = f"Say either {name} and learnt_per_week, or {name}_by_week, not both."
                yield Problem(message, (f"{name}_by_week",))
        if self.pace is not None and self.pace < LEAST_PACE:
            yield Problem("Nobody works that slowly; at least 1 % is allowed.", ("pace",), f"{100 * self.pace:g} %")
        first_weeks = self.pace is not None or self.quality is not None
        if first_weeks and self.learnt_per_week is None:
            message = "This field is missing: say which share of what is missing to 100 % is learnt each week."
            yield Problem(message, ("learnt_per_week",))
        if not first_weeks and self.learnt_per_week is not None:
            message = "This has no effect without pace or quality: say what they are in the first week."
            yield Problem(message, ("learnt_per_week",))
        if not first_weeks and self.pace_by_week is None and self.quality_by_week is None:
            message = "This field is missing: say pace and learnt_per_week, or pace_by_week."
            yield Problem(message, ("pace",))


class OnCallTable(Table):
    """Agents who come only when they are called: the group's staffing says how many come, at which hours.

    The boundaries of intervals are the moments at which they are called and released.
    """

    waiting: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description=(
            "Called when so many contacts wait, of all channels and topics that the group serves, messages included. "
            "Default: not by their number."
        ),
    )
    wait: Duration | None = Field(
        default=None,
        description=(
            "Called when the expected wait of a live channel that it serves is so long; that is the wait of the "
            "contact that an agent took last. Default: not by the wait."
        ),
        json_schema_extra=lever("10 s"),
    )
    lead: Duration = Field(
        description="Time from the call to coming; whole intervals.",
        examples=["30 min"],
        json_schema_extra=lever("0 s", "4 h", step="interval", first=True),
    )
    stay: Duration = Field(
        default=as_written("0 s"),
        description="Time that they stay at least; whole intervals.",
        json_schema_extra=lever("0 s", "8 h", step="interval"),
    )
    released_at: int = Field(
        default=0,
        ge=0,
        le=1_000_000,
        description="After that they go when no more contacts than this wait, and no expected wait is long.",
    )

    def findings(self) -> Iterator[Problem]:
        """Something calls them, and not just what lets them go."""
        if self.waiting is None and self.wait is None:
            message = "This field is missing: say at how many contacts waiting the group is called, or at which wait."
            yield Problem(message, ("waiting",))
        if self.waiting is not None and self.released_at >= self.waiting:
            message = f"The group is called when {self.waiting} wait; it may only be released when fewer do."
            yield Problem(message, ("released_at",), self.released_at)
        if self.wait == 0:
            yield Problem("With 0 the group would always be there; the wait must be above 0.", ("wait",), "0 s")


class ReadyAnswersTable(Table):
    """A knowledge base, text modules, suggested replies: they save handling time on the contacts that they reach.

    Each contact concerned takes 1 - reach x saving of its work: the mean of those that are helped and those that are
    not.
    """

    title: Text | None = Field(default=None, description="Name on screens. Default: the name, with a capital letter.")
    reach: Share = Field(
        description="Share of the contacts for which there is an answer; 0 % switches it off.",
        json_schema_extra=lever(first=True),
    )
    saving: Share = Field(
        description="Share of the handling time that it saves on those; below 100 %.",
        json_schema_extra=lever("0 %", "99 %"),
    )
    channels: list[Name] | None = Field(default=None, min_length=1, description="Channels concerned. Default: all.")
    topics: list[Name] | None = Field(default=None, min_length=1, description="Topics concerned. Default: all.")
    groups: list[Name] | None = Field(default=None, min_length=1, description="Groups that use it. Default: all.")

    def findings(self) -> Iterator[Problem]:
        """Some work is left."""
        if self.saving > 0.99:
            message = "Some work is always left; at most 99 % is allowed. What needs no agent belongs to a bot."
            yield Problem(message, ("saving",), f"{100 * self.saving:g} %")
