"""The tables of the scenario file that say what an outsourcer's people cost the outsourcer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from simulator.scenario.contract_fields import AgentFee
from simulator.scenario.errors import Problem
from simulator.scenario.fields import Amount, Duration, Factor, HourlyCost, Name, Share, Speed, Text, as_written
from simulator.scenario.group_tables import MOST_WEEKS
from simulator.scenario.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.scenario.units import Money


class BeginnersTable(Table):
    """What it takes to bring one more agent to the floor: for this engagement, or for one who has left."""

    share: Share = Field(
        default=as_written("0 %"),
        description="Share of the supplier's agents who are hired and trained for this engagement.",
    )
    time: Duration = Field(
        default=as_written("0 s"), description="Time of training, paid, in which nobody helps yet.", examples=["60 h"]
    )
    cost: AgentFee | None = Field(
        default=None, description="What training costs beside the wage: trainer, material. Default: nothing."
    )
    hiring: AgentFee | None = Field(default=None, description="What finding an agent costs. Default: nothing.")
    pace_by_week: list[Speed] = Field(
        default=[],
        max_length=MOST_WEEKS,
        description=(
            "What a beginner is worth in each week on the floor, against an agent who has learnt all; 100 % after the "
            "last. What is missing is paid to those who stand in. A group with a learning curve of its own has it in "
            "the simulation, and beginners of this engagement cost nothing for it here. Default: all is learnt."
        ),
        examples=[["70 %", "82 %", "91 %"]],
    )

    def findings(self) -> Iterator[Problem]:
        """Nobody is worth more before all is learnt."""
        for week, pace in enumerate(self.pace_by_week):
            if pace > 1:
                message = "A beginner is not worth more than an agent who has learnt all; at most 100 % is allowed."
                yield Problem(message, ("pace_by_week", str(week)), f"{100 * pace:g} %")


class SupplierTable(Table):
    """An outsourcer: the groups that are its people, and what they cost it; a group's `cost` is not the supplier's."""

    title: Text | None = Field(default=None, description="Name on screens. Default: the name, with a capital letter.")
    groups: list[Name] = Field(min_length=1, description="Groups that are its people.")
    wage: HourlyCost = Field(description="Wage of a paid hour.", examples=["14.50 EUR/h"])
    wages: dict[Name, HourlyCost] = Field(
        default={}, description="Groups with a wage of their own, group = wage. Default: wage for all."
    )
    side_costs: Share = Field(
        default=as_written("0 %"),
        description="What an employer pays on top of wages, as a share of them: insurance, pension, holidays.",
    )
    overtime: Factor = Field(default=1, description="Multiplies the wage in overtime.", examples=["+50 %"])
    retainer: HourlyCost | None = Field(
        default=None,
        description="Paid for an hour in which an agent is on call and is not called. Default: nothing.",
        examples=["3 EUR/h"],
    )
    seat: HourlyCost | None = Field(
        default=None, description="Place, computer and licences for an hour on duty. Default: nothing."
    )
    hours_per_week: Duration = Field(
        default=as_written("37 h 30 min"),
        description="Paid hours of one agent; they say how many people the staffing takes.",
    )
    attrition: Share = Field(
        default=as_written("0 %"),
        description=(
            "Share of the agents who leave within a twelfth of a year; below 100 %. Each is replaced by a beginner."
        ),
    )
    beginners: BeginnersTable = Field(
        default=BeginnersTable(), description="Agents who are new. Default: as its fields say."
    )
    overhead: Share = Field(
        default=as_written("0 %"), description="Team leads, planning, management, as a share of all other costs."
    )
    fixed: Amount | None = Field(default=None, description="Once for the horizon. Default: nothing.")

    def amounts(self) -> Iterator[tuple[tuple[str, ...], Money]]:
        """Every sum of money with its path from here."""
        named: list[tuple[tuple[str, ...], Money | None]] = [
            (("wage",), self.wage),
            *((("wages", group), money) for group, money in self.wages.items()),
            (("retainer",), self.retainer),
            (("seat",), self.seat),
            (("beginners", "cost"), self.beginners.cost),
            (("beginners", "hiring"), self.beginners.hiring),
            (("fixed",), self.fixed),
        ]
        yield from ((path, money) for path, money in named if money is not None)

    def findings(self) -> Iterator[Problem]:
        """People work, and some of them stay."""
        if self.hours_per_week == 0:
            yield Problem("Nobody would work; it must be above 0.", ("hours_per_week",), "0 h")
        if self.attrition >= 1:
            yield Problem("Nobody would stay; it must be below 100 %.", ("attrition",), "100 %")
        for group in self.wages:
            if group not in self.groups:
                message = f"{group} is none of this supplier's groups, which are {', '.join(self.groups)}."
                yield Problem(message, ("wages", group))
