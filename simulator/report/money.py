"""The money of a run: what the centre pays, and what goes with the customers whom it loses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.measures import MEASURES
from simulator.report.tables import new_table
from simulator.scenario.model import Costs
from simulator.words import estimate_text

if TYPE_CHECKING:
    from rich.table import Table

    from simulator.experiment import Experiment
    from simulator.measures import Measure
    from simulator.scenario import Scenario


def money_measures(*scenarios: Scenario) -> list[Measure]:
    """What there is to say of money: nothing without a table of costs, and nothing of what has no price."""
    known = [scenario.costs for scenario in scenarios if scenario.costs != Costs()]
    if not known:
        return []
    names = {
        "cost": True,
        "overtime_cost": any(costs.overtime != 1 for costs in known),
        "bot_cost": any(costs.bot_session for costs in known),
        "line_cost": any(costs.line_minute for costs in known),
        "fixed_cost": any(costs.fixed for costs in known),
        "total_cost": True,
        "cost_per_contact": True,
        "cost_per_resolved": True,
        "lost_enquiries": True,
        "lost_enquiry_share": True,
        "lost_orders": any(costs.order_share for costs in known),
        "lost_order_value": any(costs.order_share for costs in known),
        "cost_and_lost_orders": any(costs.order_share for costs in known),
    }
    return [MEASURES[name] for name, shown in names.items() if shown]


def money_table(experiment: Experiment) -> Table | None:
    """Each sum of the horizon."""
    measures = money_measures(experiment.scenario)
    if not measures:
        return None
    table = new_table("Money", "", "whole horizon")
    for measure in measures:
        title = "of which overtime" if measure.name == "overtime_cost" else measure.title
        value = estimate_text(experiment.estimate(measure), measure.unit, experiment.scenario.currency)
        table.add_row(title, value)
    return table
