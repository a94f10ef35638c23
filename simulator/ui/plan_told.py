"""A plan in words and cards: whether it keeps its targets, what it costs, and what today's staffing does beside it."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulator.language import clock, number, say
from simulator.planning.staffing.blocked import missed
from simulator.ui.cards import STYLE
from simulator.words import day_words, estimate_text, period_words, probability_text, target_words, value_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.measures import Unit
    from simulator.planning.staffing.blocked import Blocked
    from simulator.planning.staffing.burdens import OneMore
    from simulator.planning.staffing.plan import Plan, Side
    from simulator.scenario.model import TargetPeriod

MOST_BLOCKED = 5
"""Targets that could not be kept and are named."""


def missed_words(plan: Plan) -> list[str]:
    """What of its goal the plan misses on fresh customers: targets by their periods, caps, what is left at the end."""
    scenario, goal, played = plan.scenario, plan.goal, plan.planned.played
    kept, judged = plan.planned.periods_kept
    words = []
    for row, c in enumerate(goal.channels):
        short, beyond = int(judged[row] - kept[row]), int(plan.planned.missed_beyond_chance[row])
        if not short:
            continue
        where = say(
            f"plan.missed.{goal.periods[row]}",
            channel=scenario.channels[c].title,
            missed=short,
            judged=int(judged[row]),
        )
        chance = "within" if beyond == 0 else "all_beyond" if beyond == short else "some_beyond"
        words.append(f"{where} ({say(f'plan.by_chance.{chance}', beyond=beyond)})")
    others = [each for each in missed(goal, played) if each.limit != "target"]
    words += [
        say("plan.missed.occupancy", group=scenario.groups[g].title)
        for g in sorted({each.which for each in others if each.limit == "occupancy"})
    ]
    words += [
        say(
            "plan.missed.leftover",
            channel=scenario.channels[each.which].title,
            left=number(each.attained, 1),
            most=number(each.level, 1),
        )
        for each in others
        if each.limit == "leftover"
    ]
    return words


def cost_words(plan: Plan) -> str:
    """What agents and their overtime cost by the plan and today, and the difference with its interval."""
    pay = plan.today.pay
    currency = plan.scenario.currency if pay.in_currency else ""
    unit: Unit = "currency" if pay.in_currency else "hours"
    by_plan, today = (value_text(side.cost, unit, 0, currency) for side in (plan.planned, plan.today))
    change = estimate_text(plan.cost_difference, unit, currency, signed=True)
    if pay.in_currency:
        return say("plan.cost", plan=by_plan, today=today, change=change)
    return say("plan.cost_in_hours", plan=by_plan, today=today, change=change)


def blocked_words(plan: Plan, blocked: Blocked) -> str:
    """What could not be kept and what is in the way: Phone, Fri 27 Nov: 74 % instead of 80 %; ..."""
    scenario, goal = plan.scenario, plan.goal
    calendar = scenario.calendar
    period: TargetPeriod = "horizon"
    if blocked.limit == "occupancy":
        period = goal.occupancy_period
    elif blocked.limit == "target" and blocked.channel is not None:
        period = goal.periods[goal.channels.index(blocked.channel)]
    when = {
        "interval": calendar.label(blocked.period),
        "day": day_words(calendar, int(calendar.day_of_interval[blocked.period])),
        "horizon": "",
    }[period]
    whose = scenario.channels[blocked.channel] if blocked.channel is not None else scenario.groups[blocked.group or 0]
    unit: Unit = "count" if blocked.limit == "leftover" else "share"
    figures = say(
        f"plan.blocked.{blocked.limit}",
        reached=value_text(blocked.attained, unit, 1),
        asked=value_text(blocked.level, unit, 1),
    )
    groups = ", ".join(scenario.groups[g].title for g in blocked.groups)
    why = say(f"plan.reason.{blocked.reason.replace(' ', '_')}", groups=groups)
    return f"{', '.join(part for part in (whose.title, when) if part)}: {figures}; {why}"


def channel_cards(plan: Plan) -> str:
    """A card for each channel of the goal that anybody comes to: what its customers get by the plan, and today."""
    cards = []
    for row, c in enumerate(plan.goal.channels):
        channel, period = plan.scenario.channels[c], plan.goal.periods[row]
        if not any(side.periods_kept[1][row] for side in _sides(plan)):
            continue
        figures = {
            say(f"cards.{channel.kind}.attained"): [estimate_text(side.within[row], "share") for side in _sides(plan)],
            say("plan.chance", period=period_words(period)): [
                probability_text(side.chance[row]) for side in _sides(plan)
            ],
            say(f"plan.kept.{period}"): [_kept(side, row) for side in _sides(plan)],
        }
        target = replace(channel.target, share=plan.goal.shares[row], period=period)
        cards.append(_card(channel.title, target_words(replace(channel, target=target)), figures))
    return _cards(cards)


def group_cards(plan: Plan) -> str:
    """A card for each group in which anybody is planned, and one for all of them."""
    cards = []
    for g, group in enumerate(plan.scenario.groups):
        most = [number(int(side.most[g])) for side in _sides(plan)]
        if most == ["0", "0"]:
            continue
        figures = _hours(plan, slice(g, g + 1))
        figures[say("cards.occupancy")] = [value_text(float(side.occupancy[g]), "share") for side in _sides(plan)]
        cards.append(_card(group.title, say("plan.most", plan=most[0], today=most[1]), figures))
    if len(cards) > 1:
        cards.append(_card(say("plan.all_groups"), "", _hours(plan, slice(None))))
    return _cards(cards)


def _hours(plan: Plan, groups: slice) -> dict[str, list[str]]:
    """Hours on duty and paid of these groups together, and full-time equivalents."""
    return {
        say("plan.agent_hours"): [number(float(side.agent_hours[groups].sum())) for side in _sides(plan)],
        say("plan.paid_hours"): [number(float(side.paid_hours[groups].sum())) for side in _sides(plan)],
        say("plan.full_time"): [number(float(side.full_time.paid[groups].sum()), 1) for side in _sides(plan)],
    }


def _sides(plan: Plan) -> tuple[Side, Side]:
    return plan.planned, plan.today


def _kept(side: Side, row: int) -> str:
    kept, judged = side.periods_kept
    return say("plan.of", kept=number(int(kept[row])), judged=number(int(judged[row])))


def _card(title: str, told: str, figures: Mapping[str, Sequence[str]]) -> str:
    """Figures by the plan, each with today's below."""
    inner = "".join(
        f'<div><dt>{escape(label)}</dt><dd class="value">{escape(by_plan)}</dd>'
        f"<dd>{escape(say('plan.today', value=today))}</dd></div>"
        for label, (by_plan, today) in figures.items()
    )
    small = f"<small>{escape(told)}</small>" if told else ""
    return f'<article class="ruuhka-card"><h3>{escape(title)}{small}</h3><dl>{inner}</dl></article>'


def _cards(cards: Sequence[str]) -> str:
    return f'{STYLE}<div class="ruuhka-cards">{"".join(cards)}</div>'


def one_more_table(plan: Plan, found: OneMore, day: int, *, with_savings: bool) -> pd.DataFrame:
    """What one more agent of each group that is planned brings, by the clock hours of a day in which one may be there.

    Parameters
    ----------
    with_savings
        Also what that saves elsewhere, which means something only where the goal is kept.
    """
    pay, currency = plan.today.pay, plan.scenario.currency
    unit: Unit = "currency" if pay.in_currency else "hours"
    hours = np.flatnonzero((found.day == day) & (found.price > 0).any(axis=0))
    columns: dict[str, list[str]] = {say("staffing_page.time"): [clock(3600 * int(found.clock[h])) for h in hours]}
    for g, group in enumerate(plan.scenario.groups):
        there = found.price[g, hours] > 0
        if not there.any():
            continue
        shown: dict[str, tuple[NDArray[np.float64], Unit]] = {
            "contacts": (found.contacts[:, g, hours].sum(axis=0), "count")
        }
        if with_savings:
            shown["saves"] = (found.saved[g, hours], unit)
        for name, (values, of) in shown.items():
            texts = [value_text(float(each), of, 1, currency) for each in np.where(there, values, np.nan)]
            columns[say(f"plan.one_more.{name}", group=group.title)] = texts
    return pd.DataFrame(columns)


def hour_prices_words(plan: Plan, found: OneMore) -> str:
    """What an hour of an agent of each group that is planned costs; nothing where nothing has a price."""
    if not plan.today.pay.in_currency:
        return ""
    prices = [
        say(
            "plan.one_more.costs",
            group=group.title,
            price=value_text(float(most), "currency", 1, plan.scenario.currency),
        )
        for group, most in zip(plan.scenario.groups, found.price.max(axis=1), strict=True)
        if most > 0
    ]
    return say("plan.one_more.prices", prices="; ".join(prices))
