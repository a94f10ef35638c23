"""Every measure, once, with its numerator and its denominator. What the tallies count is said in `tallies`.

Titles and explanations stand in the catalogues of `simulator.language`. T is the `within` of the channel's target. A
contact still waiting when the horizon ends counts as offered and, like one that was cut, as not answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.language import say
from simulator.measures.measure import ELAPSED, Measure, together
from simulator.measures.prices import Price
from simulator.measures.tallies import AgentTally as A
from simulator.measures.tallies import CentreTally
from simulator.measures.tallies import ContactTally as C

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.scenario.model import ServiceLevelDefinition, Target

# The field's five, each the right one for somebody: they differ only in what becomes of customers who gave up.
SERVICE_LEVELS: Mapping[ServiceLevelDefinition, Measure] = {
    "offered": Measure(
        "service_level_offered",
        "share",
        {C.ANSWERED_WITHIN: 1},
        {C.OFFERED: 1},
        "live",
    ),
    "offered less abandoned within": Measure(
        "service_level_offered_less_abandoned",
        "share",
        {C.ANSWERED_WITHIN: 1},
        {C.OFFERED: 1, C.ABANDONED_WITHIN: -1},
        "live",
    ),
    "answered": Measure(
        "service_level_answered",
        "share",
        {C.ANSWERED_WITHIN: 1},
        {C.ANSWERED: 1},
        "live",
    ),
    "abandoned within as met": Measure(
        "service_level_abandoned_as_met",
        "share",
        {C.ANSWERED_WITHIN: 1, C.ABANDONED_WITHIN: 1},
        {C.OFFERED: 1},
        "live",
    ),
    "short abandons as met": Measure(
        "service_level_short_abandons_as_met",
        "share",
        {C.ANSWERED_WITHIN: 1, C.SHORT_ABANDONED: 1},
        {C.OFFERED: 1},
        "live",
    ),
}
"""The five service levels by the name that a target gives them."""

# The denominator is what falls due by the end of the horizon, not what has been decided by then: of messages with a
# later due time only the quick ones are decided, so that counting those would flatter the last day. It is also the
# same for two variants that meet the same customers.
WITHIN_DUE = Measure("within_due", "share", {C.IN_TIME: 1}, {C.FELL_DUE: 1}, "deferred")

# Money
COST_OF_AGENTS = Measure("cost", "currency", {A.PAID: Price.HOUR, A.OVERTIME: Price.OVERTIME_PREMIUM})
BOT_COST = Measure("bot_cost", "currency", {C.MET_BOT: Price.BOT_SESSION})
LINE_COST = Measure("line_cost", "currency", {C.WAIT: Price.LINE, C.HANDLING_TIME: Price.LINE}, None, "live")
FIXED_COST = Measure("fixed_cost", "currency", {CentreTally.FIXED_COSTS: 1})
COSTS = (COST_OF_AGENTS, BOT_COST, LINE_COST, FIXED_COST)
TOTAL_COST = Measure("total_cost", "currency", together(*COSTS), sum_of=COSTS)
LOST_ORDER_VALUE = Measure("lost_order_value", "currency", {C.LOST_ORDERS: Price.ORDER})

_ALL = (
    # What happened to the contacts
    Measure("arrived", "count", {C.ARRIVED: 1}),
    Measure("offered", "count", {C.OFFERED: 1}),
    Measure("answered", "count", {C.ANSWERED: 1}),
    Measure("served", "count", {C.SERVED: 1}),
    Measure("contained", "count", {C.CONTAINED: 1}),
    Measure("abandoned", "count", {C.ABANDONED: 1}),
    Measure("closed", "count", {C.CLOSED: 1}),
    Measure("cut", "count", {C.CUT: 1}),
    Measure("balked", "count", {C.BALKED: 1}),
    Measure("redials", "count", {C.REDIALS: 1}),
    Measure("chasers", "count", {C.CHASERS: 1}),
    Measure("open", "count", {C.OPEN: 1}),
    Measure("fell_due", "count", {C.FELL_DUE: 1}, None, "deferred"),
    Measure("overdue", "count", {C.OVERDUE: 1}),
    # Waiting
    *SERVICE_LEVELS.values(),
    Measure("asa", "seconds", {C.ANSWERED_WAIT: 1}, {C.ANSWERED: 1}, "live"),
    Measure(
        "mean_wait",
        "seconds",
        {C.WAIT: 1},
        {C.ANSWERED: 1, C.ABANDONED: 1, C.CUT: 1, C.CALLBACKS_CUT: -1},
        "live",
    ),
    Measure("abandonment_ratio", "share", {C.ABANDONED: 1}, {C.OFFERED: 1}, "live"),
    Measure("closed_share", "share", {C.CLOSED: 1}, {C.ARRIVED: 1}, "live"),
    Measure("cut_share", "share", {C.CUT: 1, C.CALLBACKS_CUT: -1}, {C.OFFERED: 1}, "live"),
    Measure(
        "lost_share",
        "share",
        {C.ABANDONED: 1, C.BALKED: 1, C.CLOSED: 1, C.CUT: 1},
        {C.ARRIVED: 1},
        "live",
    ),
    Measure("balked_share", "share", {C.BALKED: 1}, {C.OFFERED: 1}, "live"),
    Measure("silent_share", "share", {C.GONE: 1}, {C.OFFERED: 1}, "live"),
    Measure("silent_hours", "hours", {C.GONE_TIME: 1}, None, "live"),
    Measure("callbacks_booked", "count", {C.CALLBACKS_BOOKED: 1}, None, "live"),
    Measure("callback_wait", "seconds", {C.CALLBACK_WAIT: 1}, {C.CALLBACKS_MADE: 1}, "live"),
    WITHIN_DUE,
    Measure(
        "time_to_finish",
        "seconds",
        {C.TIME_TO_FINISH: 1},
        {C.SERVED: 1, C.CONTAINED: 1},
        "deferred",
    ),
    # Bot
    Measure("bot_share", "share", {C.MET_BOT: 1}, {C.ARRIVED: 1}),
    Measure("containment", "share", {C.CONTAINED: 1}, {C.MET_BOT: 1}),
    Measure("bounce", "share", {C.BOUNCED: 1}, {C.CONTAINED: 1}),
    Measure("bot_resolved", "share", {C.CONTAINED: 1, C.BOUNCED: -1}, {C.MET_BOT: 1}),
    Measure("net_deflection", "share", {C.CONTAINED: 1, C.BOUNCED: -1}, {C.ENQUIRIES: 1}),
    # Enquiries: the last four of these five add up to the first
    Measure("enquiries", "count", {C.ENQUIRIES: 1}),
    Measure("resolved_enquiries", "count", {C.RESOLVED_ENQUIRIES: 1}),
    Measure("open_enquiries", "count", {C.OPEN_ENQUIRIES: 1}),
    Measure("enquiries_to_come", "count", {C.ENQUIRIES_TO_COME: 1}),
    Measure("lost_enquiries", "count", {C.LOST_ENQUIRIES: 1}),
    Measure("lost_enquiry_share", "share", {C.LOST_ENQUIRIES: 1}, {C.ENQUIRIES: 1}),
    # Attempts
    Measure("attempts", "contacts per enquiry", {C.ARRIVED: 1}, {C.ENQUIRIES: 1}),
    Measure("repeat_share", "share", {C.CAME_BACK: 1}, {C.SERVED: 1}),
    # Work
    Measure("handling_time", "seconds", {C.HANDLING_TIME: 1}, {C.SERVED: 1}),
    Measure("offered_load", "erlang", {C.WORK: 1}, ELAPSED),
    # Agents
    Measure("agents", "agents", {A.STAFFED: 1}, ELAPSED),
    Measure("busy_agents", "agents", {A.BUSY: 1}, ELAPSED),
    Measure("occupancy", "share", {A.BUSY: 1}, {A.STAFFED: 1, A.OVERTIME: 1}),
    Measure("utilisation", "share", {A.BUSY: 1}, {A.PAID: 1}),
    Measure("concurrency", "contacts per agent", {A.SLOT_SECONDS: 1}, {A.BUSY: 1}),
    Measure("planned_hours", "hours", {A.PLANNED: 1}),
    Measure("staffed_hours", "hours", {A.STAFFED: 1}),
    Measure("overtime_hours", "hours", {A.OVERTIME: 1}),
    Measure("paid_hours", "hours", {A.PAID: 1}),
    # Money
    *COSTS,
    Measure("overtime_cost", "currency", {A.OVERTIME: Price.OVERTIME}),
    TOTAL_COST,
    Measure("cost_per_contact", "currency", TOTAL_COST.numerator, {C.ARRIVED: 1}, sum_of=(TOTAL_COST,)),
    Measure(
        "cost_per_resolved",
        "currency",
        TOTAL_COST.numerator,
        {C.SERVED: 1, C.CAME_BACK: -1, C.CONTAINED: 1, C.BOUNCED: -1},
        sum_of=(TOTAL_COST,),
    ),
    Measure("lost_orders", "count", {C.LOST_ORDERS: 1}),
    LOST_ORDER_VALUE,
    Measure(
        "cost_and_lost_orders",
        "currency",
        together(TOTAL_COST, LOST_ORDER_VALUE),
        sum_of=(TOTAL_COST, LOST_ORDER_VALUE),
    ),
)

MEASURES: Mapping[str, Measure] = {measure.name: measure for measure in _ALL}
"""Every measure by its name."""


def formulas() -> dict[str, str]:
    """What is printed where a number is, by the name of its measure, in the spoken language."""
    virtual = {"virtual_service_level": say("measures.formula.virtual_service_level")}
    return {name: measure.formula for name, measure in MEASURES.items()} | virtual


def target_measure(target: Target, *, live: bool) -> Measure:
    """The measure that a channel's target is judged by."""
    return SERVICE_LEVELS[target.definition] if live else WITHIN_DUE
