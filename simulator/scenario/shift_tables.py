"""The tables of a catalogue of shifts, each checked by itself; `shift_file` reads them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import Field, PlainValidator, WithJsonSchema

from simulator.scenario.errors import Problem, shown
from simulator.scenario.fields import Duration, HourlyCost, Hours, Name, Share, Text, Uplift, as_written
from simulator.scenario.group_tables import MOST_WEEKS
from simulator.scenario.hours import parse_hours_table
from simulator.scenario.table import Table
from simulator.scenario.units import DAY, format_clock, format_duration, parse_clock, parse_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

_WEEK = 7 * DAY
_MOST_STARTS = 288
_LONGEST_SHIFT = 16 * 3600
_STARTS_ALLOWED = (
    'write clock times, as in ["07:00", "08:30"], or { first = "07:00", last = "12:00", step = "30 min" }.'
)


def _clock(value: object) -> int:
    clock = parse_clock(value)
    if clock == DAY:
        msg = f'{shown(value)} ends a day; a shift that starts at midnight starts at "00:00".'
        raise ValueError(msg)
    return clock


def _starts(value: object) -> tuple[int, ...]:
    """Clock times from a list, or from the first to the last in steps."""
    if isinstance(value, dict):
        return _steps(value)
    if not isinstance(value, list) or not value:
        msg = f"{shown(value)} is not when shifts start: {_STARTS_ALLOWED}"
        raise ValueError(msg)
    clocks = sorted(map(_clock, value))
    twice = next((one for one, other in pairwise(clocks) if one == other), None)
    if twice is not None:
        msg = f'"{format_clock(twice)}" is there twice; keep one of the two.'
        raise ValueError(msg)
    return tuple(clocks)


def _steps(table: dict[str, object]) -> tuple[int, ...]:
    if set(table) != {"first", "last", "step"}:
        msg = f"This has {', '.join(table) or 'nothing'}: {_STARTS_ALLOWED}"
        raise ValueError(msg)
    first, last, step = _clock(table["first"]), _clock(table["last"]), parse_duration(table["step"])
    if step < 60 or step % 60:
        msg = f"A step of {shown(table['step'])} is not allowed: it must be whole minutes, at least one."
        raise ValueError(msg)
    if last < first or (last - first) % step:
        msg = (
            f"From {shown(table['first'])} to {shown(table['last'])} there are no whole steps of "
            f"{format_duration(step)}: the last start must be the first, or whole steps after it."
        )
        raise ValueError(msg)
    clocks = tuple(range(first, last + 1, int(step)))
    if len(clocks) > _MOST_STARTS:
        msg = f"These are {len(clocks)} starts; at most {_MOST_STARTS} are allowed."
        raise ValueError(msg)
    return clocks


def _lengths(value: object) -> tuple[int, ...]:
    values = cast("list[object]", value) if isinstance(value, list) else [value]
    lengths = sorted(map(parse_duration, values))
    if not lengths:
        msg = 'There is no length: write one, as in "8 h", or several, as in ["4 h", "6 h"].'
        raise ValueError(msg)
    for length, text in zip(lengths, sorted(values, key=parse_duration), strict=True):
        if not 0 < length <= _LONGEST_SHIFT or length % 60:
            msg = f"A shift of {shown(text)} is not allowed: whole minutes, up to {format_duration(_LONGEST_SHIFT)}."
            raise ValueError(msg)
    if len(set(lengths)) < len(lengths):
        msg = f"{shown(value)} has a length twice; keep one of the two."
        raise ValueError(msg)
    return tuple(map(int, lengths))


_CLOCKS: dict[str, Any] = {"type": "array", "items": {"type": "string"}, "minItems": 1}
_STEPS: dict[str, Any] = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("first", "last", "step")},
    "required": ["first", "last", "step"],
    "additionalProperties": False,
}
_LENGTH: dict[str, Any] = {"type": "string", "unit": "time"}
Starts = Annotated[
    tuple[int, ...],
    PlainValidator(_starts),
    WithJsonSchema({"anyOf": [_CLOCKS, _STEPS], "unit": "clock times", "examples": [["08:00", "12:30"]]}),
]
Lengths = Annotated[
    tuple[int, ...],
    PlainValidator(_lengths),
    WithJsonSchema(
        {"anyOf": [_LENGTH, {"type": "array", "items": _LENGTH, "minItems": 1}], "unit": "time, or list of times"}
    ),
]


class BreakTable(Table):
    """A break: its agent is not on duty. The plan chooses when it begins, shift by shift."""

    length: Duration = Field(description="How long it is; whole intervals.", examples=["30 min"])
    earliest: Duration = Field(description="When it may begin, after the start of the shift.", examples=["3 h"])
    latest: Duration | None = Field(
        default=None, description="When it must have begun, after the start of the shift. Default: as the earliest."
    )
    paid: bool = Field(default=False, description="Whether it is paid.")

    @property
    def last(self) -> float:
        """When it must have begun, whether the file says so or not."""
        return self.earliest if self.latest is None else self.latest

    def findings(self) -> Iterator[Problem]:
        """Some time, and a window for it."""
        if self.length == 0:
            yield Problem("A break takes some time; leave it out instead.", ("length",), "0 min")
        if self.last < self.earliest:
            message = f"The break may begin after {format_duration(self.earliest)}; it cannot have to begin sooner."
            yield Problem(message, ("latest",), format_duration(self.last))


class ShiftTable(Table):
    """Shifts that are alike but for when they start and how long they last."""

    title: Text | None = Field(default=None, description="Name on screens. Default: the name, with a capital letter.")
    starts: Starts = Field(description="When they may start.")
    lengths: Lengths = Field(description="How long they may be from coming to going, breaks included.")
    within: Hours = Field(
        default=as_written("always"),
        description="The whole shift must lie within these hours: the way to say on which days it is worked.",
        examples=["mon-fri 06:00-22:00; holidays closed"],
    )
    breaks: dict[Name, BreakTable] = Field(default={}, description="Breaks, name = table. Default: none.")
    most: int | None = Field(
        default=None,
        ge=0,
        le=100_000,
        description="Shifts of this kind that may start on one day. Default: any number.",
    )

    def findings(self) -> Iterator[Problem]:
        """The breaks lie within the shift, one after the other."""
        shortest = self.lengths[0]
        breaks = sorted(self.breaks.items(), key=lambda item: item[1].earliest)
        for name, each in breaks:
            if each.earliest == 0 or each.last + each.length >= shortest:
                message = (
                    f"A break lies within the shift: it begins after its start and is over before its end, here "
                    f"{format_duration(shortest)} later. A shift of which this does not hold is another kind."
                )
                yield Problem(message, ("breaks", name))
        for (before, one), (name, other) in pairwise(breaks):
            if one.last + one.length > other.earliest:
                over = format_duration(one.last + one.length)
                message = (
                    f"This break may begin {format_duration(other.earliest)} after the start of the shift, but the "
                    f"break {before} may last until {over} after it. Breaks must follow each other."
                )
                yield Problem(message, ("breaks", name, "earliest"), format_duration(other.earliest))


class PeopleSourceTable(Table):
    """A way to more people: own hires, temporary staff, a partner."""

    title: Text | None = Field(default=None, description="Name on screens. Default: the name, with a capital letter.")
    lead: Duration = Field(
        description="From the beginning of the search to the first day; whole weeks.", examples=["5 wk"]
    )
    training: Duration = Field(
        default=as_written("0 wk"), description="Paid, before they help; whole weeks.", examples=["2 wk"]
    )
    pace: list[Share] = Field(
        default=[],
        max_length=MOST_WEEKS,
        description="What each is worth in each week on the floor, against somebody who has learnt all, which is 100 % "
        "after the last. Default: all is learnt in training.",
        examples=[["70 %", "85 %"]],
    )
    leave: Share = Field(default=as_written("0 %"), description="Share of them that leaves from one week to the next.")
    cost: HourlyCost | None = Field(default=None, description="Of a paid hour. Default: the group's.")
    most: int | None = Field(
        default=None,
        ge=0,
        le=100_000,
        description="People whose search may begin in one week. Default: any number.",
    )

    def findings(self) -> Iterator[Problem]:
        """Whole weeks, and people who help and stay."""
        for field in ("lead", "training"):
            seconds = getattr(self, field)
            if seconds % _WEEK:
                message = 'Hiring is planned by the week: write whole weeks, as in "5 wk".'
                yield Problem(message, (field,), format_duration(seconds))
        if self.leave == 1:
            yield Problem("All of them would leave at once; less than 100 % is allowed.", ("leave",), "100 %")


class HiringTable(Table):
    """Who is there today, and where more may come from: what `ruuhka plan --today` makes a plan of."""

    today: int = Field(ge=0, le=100_000, description="People on the payroll today who have learnt all.")
    leave: Share = Field(default=as_written("0 %"), description="Share of them that leaves from one week to the next.")
    sources: dict[Name, PeopleSourceTable] = Field(
        default={}, description="Where more people may come from, name = table. Default: nowhere."
    )

    def findings(self) -> Iterator[Problem]:
        """Somebody stays."""
        if self.leave == 1:
            yield Problem("All of them would leave at once; less than 100 % is allowed.", ("leave",), "100 %")


class GroupShiftsTable(Table):
    """What a group may work, and the rules that hold for each of its people."""

    heads: int | None = Field(
        default=None,
        ge=0,
        le=100_000,
        description="People at most, net of shrinkage. Default: as many as the shifts take.",
    )
    rest: Duration = Field(
        default=as_written("0 h"), description="Between two shifts of one person at least.", examples=["11 h"]
    )
    shifts_per_week: int = Field(
        default=7, ge=1, le=7, description="Shifts of one person from Monday to Sunday at most; one a day at most."
    )
    hours_per_week: Duration | None = Field(
        default=None, description="Paid hours of one person from Monday to Sunday at most. Default: no limit."
    )
    premium: dict[Annotated[str, WithJsonSchema({"type": "string", "unit": "weekly hours"})], Uplift] = Field(
        default={},
        max_length=100,
        description="Added to the price of an hour, weekly hours = change; no two may overlap. Default: none.",
        examples=[{"mon-sat 18:00-24:00": "+15 %", "sun 00:00-24:00": "+100 %"}],
    )
    hiring: HiringTable | None = Field(
        default=None, description="People today, and where more may come from. Default: nothing is said of it."
    )
    shifts: dict[Name, ShiftTable] = Field(min_length=1, description="Kinds of shifts, name = table.")

    def findings(self) -> Iterator[Problem]:
        """Rules that the shifts themselves can keep, and that look no further than the next day."""
        try:
            parse_hours_table(self.premium)
        except ValueError as error:
            yield Problem(str(error), ("premium",))
        if self.hiring is not None and self.hiring.sources and self.hours_per_week is None:
            message = "This field is missing: it says how many hours a week somebody who is hired is paid."
            yield Problem(message, ("hours_per_week",))
        first = min(kind.starts[0] for kind in self.shifts.values())
        for name, kind in self.shifts.items():
            unpaid = sum(each.length for each in kind.breaks.values() if not each.paid)
            if self.hours_per_week is not None and kind.lengths[-1] - unpaid > self.hours_per_week:
                message = (
                    f"One shift of {format_duration(kind.lengths[-1] - unpaid)} is longer than hours_per_week, "
                    f"{format_duration(self.hours_per_week)}."
                )
                yield Problem(message, ("shifts", name, "lengths"))
            if kind.starts[-1] + kind.lengths[-1] + self.rest > 2 * DAY + first:
                message = (
                    "After the latest of these shifts the rest would reach into the shifts of the day after the next; "
                    "rules that go on over more than one day are not planned."
                )
                yield Problem(message, ("rest",), format_duration(self.rest))


class ShiftsDocument(Table):
    """A catalogue of shifts."""

    title: Text | None = Field(default=None, description="Name on screens. Default: the name of the file.")
    groups: dict[Name, GroupShiftsTable] = Field(
        min_length=1,
        description=(
            "Shifts by group of the scenario. A group that is left out works no shifts: it comes and goes by the "
            "interval."
        ),
    )
