"""The tables of the scenario file that say how many contacts a channel gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Discriminator, Field, Tag

from simulator.scenario.errors import Problem
from simulator.scenario.fields import CvOrFile, DurationOrFile, Factor, Number, Steps, Text
from simulator.scenario.levers import lever, no_lever
from simulator.scenario.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator


def by_file(value: object) -> str:
    """Which of two forms a table has: "<file>" if it names a CSV file."""
    return "<file>" if isinstance(value, dict) and "file" in value else "<table>"


class ProfileFileTable(Table):
    """A profile from a CSV file: columns `time` (clock time) and `weight`, one row for each step."""

    file: Text = Field(description="Path of the CSV file, from the scenario file's folder or else the current one.")


Profile = Annotated[
    Annotated[Steps, Tag("<table>")] | Annotated[ProfileFileTable, Tag("<file>")], Discriminator(by_file)
]


class WeekdayWeightsTable(Table):
    """How the week's contacts spread over its days: weights of which only the proportions count."""

    mon: Number = Field(default=0, description="Weight of Monday.")
    tue: Number = Field(default=0, description="Weight of Tuesday.")
    wed: Number = Field(default=0, description="Weight of Wednesday.")
    thu: Number = Field(default=0, description="Weight of Thursday.")
    fri: Number = Field(default=0, description="Weight of Friday.")
    sat: Number = Field(default=0, description="Weight of Saturday.")
    sun: Number = Field(default=0, description="Weight of Sunday.")

    @property
    def weights(self) -> tuple[float, ...]:
        """[7] Monday first."""
        return (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)

    def findings(self) -> Iterator[Problem]:
        """Weights of nothing but 0 have no proportions."""
        if not any(self.weights):
            yield Problem("At least one weekday needs a weight above 0, as in { mon = 1.2, tue = 1 }.")


class WeekdayProfilesTable(Table):
    """Weekdays with a time of day of their own."""

    mon: Profile | None = Field(default=None, description="Steps of Mondays. Default: time_of_day.")
    tue: Profile | None = Field(default=None, description="Steps of Tuesdays. Default: time_of_day.")
    wed: Profile | None = Field(default=None, description="Steps of Wednesdays. Default: time_of_day.")
    thu: Profile | None = Field(default=None, description="Steps of Thursdays. Default: time_of_day.")
    fri: Profile | None = Field(default=None, description="Steps of Fridays. Default: time_of_day.")
    sat: Profile | None = Field(default=None, description="Steps of Saturdays. Default: time_of_day.")
    sun: Profile | None = Field(default=None, description="Steps of Sundays. Default: time_of_day.")

    @property
    def profiles(self) -> tuple[dict[str, float] | ProfileFileTable | None, ...]:
        """[7] Monday first."""
        return (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)


class ProfileDemandTable(Table):
    """Volume from a week's total, weekday weights and a time-of-day profile."""

    per_week: Number = Field(
        description="Expected contacts in a week without holidays, named days and campaigns.",
        examples=[4200],
        json_schema_extra=lever(0, first=True),
    )
    weekdays: WeekdayWeightsTable = Field(description="Weights of the weekdays; a day left out has none.")
    time_of_day: Profile = Field(
        description=(
            "Steps, clock time = weight: the weight holds from that time to the next step, after the last step to "
            "midnight, and before the first it is 0. Only the proportions count."
        )
    )
    time_of_day_on: WeekdayProfilesTable = Field(
        default=WeekdayProfilesTable(),
        description="Weekdays with steps of their own. Default: time_of_day on all days.",
    )
    holiday_factor: Factor = Field(
        default=1, description="Multiplies the volume of a public holiday.", json_schema_extra=lever(0, 2)
    )


class FileDemandTable(Table):
    """Volume from a CSV file: a row for each time step, and each topic where the file tells topics apart.

    Every day in the file has rows for the same clock times, without gaps; days may be missing. Where the clock is moved
    back, the repeated hour has its rows twice, in order; where it is moved forward, the hour left out has none.
    """

    file: Text = Field(
        description="Path of the CSV file, from the scenario file's folder or else the current one; may end in .gz."
    )
    use: Literal["typical week", "dated"] = Field(
        description=(
            "typical week: the file's days, averaged by weekday and time of day. dated: the file's dates are the "
            "horizon's own. A day of the horizon for which the file has nothing has no contacts; the channel must be "
            "closed on it."
        ),
        json_schema_extra=no_lever("it says how the file is read"),
    )
    time_column: Text = Field(default="time", description="Column with the start of each step, as in 2026-11-23 08:15.")
    count_column: Text = Field(default="contacts", description="Column with the number of contacts.")
    topic_column: Text | None = Field(
        default=None,
        description=(
            "Column with the name of the topic; a topic without a row at some time had no contacts then. "
            "Default: the file does not tell topics apart, and the mix does."
        ),
    )
    channel_column: Text | None = Field(
        default=None, description="Column that says which channel a row is about. Default: all rows are about this one."
    )
    channel: Text | None = Field(
        default=None, description="What channel_column holds in the rows to be read. Default: the channel's name."
    )
    scale: Factor = Field(default=1, description="Multiplies every count.", json_schema_extra=lever(0, 2, first=True))

    def findings(self) -> Iterator[Problem]:
        """A value to look for needs a column to look in."""
        if self.channel is not None and self.channel_column is None:
            yield Problem("Say in channel_column which column holds this.", ("channel",), self.channel)


Demand = Annotated[
    Annotated[ProfileDemandTable, Tag("<table>")] | Annotated[FileDemandTable, Tag("<file>")], Discriminator(by_file)
]


class ChannelBusynessTable(Table):
    """Random factors of mean 1 on the channel's volume, beyond the chance of single contacts."""

    day_cv: CvOrFile | None = Field(
        default=None,
        description=(
            "Coefficient of variation from day to day. Default: 0; with a volume file used as a typical week, "
            '"from file", as the file shows it.'
        ),
    )
    interval_cv: CvOrFile | None = Field(
        default=None,
        description="The same from interval to interval within a day. Default: as for day_cv.",
    )
    interval_memory: DurationOrFile | None = Field(
        default=None,
        description=(
            "How long a busy spell lasts: the correlation of intervals t apart is exp(-t / this). "
            'Default: 0 s, each interval by itself; with a volume file used as a typical week, "from file".'
        ),
    )
