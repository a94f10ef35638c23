"""All that was fitted to a history, put together: a scenario file that a planner reads, mends and plays.

`fit_history` lets the parts of `simulator.history.estimators` and `simulator.history.agents` find what calls or
interval reports, tickets and orders tell, says it in fields of a scenario with their sources, and plays those until
customers wait as they did; `scenario_text` writes the file.
"""

from __future__ import annotations

from simulator.history.fitted_scenario.calls import NO_HOLIDAYS, CallsFit, Wishes, fit_calls
from simulator.history.fitted_scenario.calls_level import level_of
from simulator.history.fitted_scenario.country import country_of
from simulator.history.fitted_scenario.from_calls import calls_fields
from simulator.history.fitted_scenario.from_intervals import intervals_fields
from simulator.history.fitted_scenario.history import FitError, FittedScenario, fit_history, of_days
from simulator.history.fitted_scenario.intervals import IntervalsFit, fit_intervals
from simulator.history.fitted_scenario.level import Level, find_level, played, scenario_of
from simulator.history.fitted_scenario.names import field_names
from simulator.history.fitted_scenario.orders import OrdersFit, fit_order_curve
from simulator.history.fitted_scenario.scope import LeftOut, left_out_words
from simulator.history.fitted_scenario.service import Observed, observed
from simulator.history.fitted_scenario.sourced import SourcedField
from simulator.history.fitted_scenario.text import raw_table, scenario_text
from simulator.history.fitted_scenario.tickets import TicketsFit, fit_tickets

__all__ = [
    "NO_HOLIDAYS",
    "CallsFit",
    "FitError",
    "FittedScenario",
    "IntervalsFit",
    "LeftOut",
    "Level",
    "Observed",
    "OrdersFit",
    "SourcedField",
    "TicketsFit",
    "Wishes",
    "calls_fields",
    "country_of",
    "field_names",
    "find_level",
    "fit_calls",
    "fit_history",
    "fit_intervals",
    "fit_order_curve",
    "fit_tickets",
    "intervals_fields",
    "left_out_words",
    "level_of",
    "observed",
    "of_days",
    "played",
    "raw_table",
    "scenario_of",
    "scenario_text",
]
