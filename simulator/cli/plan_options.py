"""What the options of `ruuhka plan` ask for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from simulator.cli import options
from simulator.cli.failures import BadInputError
from simulator.planning.staffing.bounds import Bounds
from simulator.planning.staffing.goal import Goal
from simulator.planning.staffing.pay import Pay
from simulator.report.plan.asked import AskedBudget
from simulator.scenario.errors import unknown
from simulator.scenario.model import TargetPeriod

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from simulator.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options ask for, as written."""

    channels: Sequence[str] = ()
    periods: Sequence[str] = ()
    probability: str | None = None
    occupancy: str | None = None
    minimum: Sequence[str] = ()
    maximum: Sequence[str] = ()
    hours: float | None = None
    money: float | None = None
    shifts: Path | None = None
    today: str | None = None
    time_limit: float = 240.0


def parse_goal(scenario: Scenario, wanted: Wanted) -> Goal:
    """What the options ask a plan to hold.

    Raises
    ------
    BadInputError
        Naming the option at fault and what is allowed.
    """
    period = parse_periods(wanted.periods, scenario)
    probability, cap = (
        options.share(option, text)
        for option, text in (("--probability", wanted.probability), ("--occupancy", wanted.occupancy))
    )
    minimum = numbers_by_group("--minimum", wanted.minimum, scenario)
    try:
        return Goal.of(scenario, wanted.channels, period, probability, occupancy_cap=cap, minimum=minimum)
    except ValueError as error:
        msg = f"--channel, --probability, --occupancy or --minimum: {error}"
        raise BadInputError(msg) from None


def parse_periods(texts: Sequence[str], scenario: Scenario) -> TargetPeriod | dict[str, TargetPeriod] | None:
    """Read "day" for all channels, or "email=day" for each; None where nothing is said.

    Raises
    ------
    BadInputError
        Naming the part at fault and what is allowed.
    """
    names, known = [channel.name for channel in scenario.channels], list(get_args(TargetPeriod))
    found: dict[str, TargetPeriod] = {}
    for text in texts:
        name, equals, word = (part.strip() for part in text.rpartition("="))
        period: TargetPeriod | None = next((each for each in get_args(TargetPeriod) if each == word), None)
        if period is None:
            raise BadInputError(f"--period: {unknown('period', word, known)}")
        if not equals:
            if len(texts) > 1:
                msg = f"--period {word} is for all channels; write CHANNEL={word} for one, as in {names[0]}={word}."
                raise BadInputError(msg)
            return period
        if name not in names:
            raise BadInputError(f"--period: {unknown('channel', name, names)}")
        if name in found:
            msg = f"--period {text}: {name} has a period already."
            raise BadInputError(msg)
        found[name] = period
    return found or None


def parse_budget(scenario: Scenario, goal: Goal, maximum: Mapping[str, int], wanted: Wanted) -> AskedBudget | None:
    """What the planned agents may take; None where the least cost is asked for.

    Raises
    ------
    BadInputError
        If both kinds of budget are asked for, or one that cannot be: of money without prices, or too small for the
        agents that there have to be.
    BoundsError
        If a maximum is below a minimum.
    """
    if wanted.hours is not None and wanted.money is not None:
        msg = "--hours and --money: a budget is of hours or of money, not of both."
        raise BadInputError(msg)
    if wanted.hours is None and wanted.money is None:
        return None
    for option, amount in (("--hours", wanted.hours), ("--money", wanted.money)):
        if amount is not None and not math.isfinite(amount):
            msg = f"{option} {amount}: a budget is a number; without one, the least cost is asked for."
            raise BadInputError(msg)
    pay, least = Pay.of(scenario), Bounds.of(scenario, goal, maximum).least
    if wanted.hours is not None:
        option, budget, needed = "--hours", AskedBudget(wanted.hours, "hours"), pay.paid_hours(least)
    elif pay.in_currency and wanted.money is not None:
        option, budget, needed = "--money", AskedBudget(wanted.money, "currency"), pay.planned(least)
    else:
        msg = "--money: no group of this scenario has a price; give --hours, or a `cost` to the groups."
        raise BadInputError(msg)
    if needed > budget.amount:
        msg = (
            f"{option} {budget.amount:g}: the agents that there have to be (a minimum, groups that are not planned, on "
            f"call) take {needed:g} already."
        )
        raise BadInputError(msg)
    return budget


def numbers_by_group(option: str, texts: Sequence[str], scenario: Scenario) -> dict[str, int]:
    """Read "inhouse=12", one for each group.

    Raises
    ------
    BadInputError
        Naming the part at fault and what is allowed.
    """
    names = [group.name for group in scenario.groups]
    found: dict[str, int] = {}
    for text in texts:
        name, _, number = (part.strip() for part in text.partition("="))
        if not number.isdecimal():
            msg = f'{option} "{text}": write GROUP=AGENTS, as in {names[0]}=12.'
            raise BadInputError(msg)
        if name not in names:
            msg = f"{option}: {unknown('group', name, names)}"
            raise BadInputError(msg)
        if name in found:
            msg = f"{option} {text}: {name} has one already."
            raise BadInputError(msg)
        found[name] = int(number)
    return found
