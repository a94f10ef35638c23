"""Futures that are written down instead of played: what a contract bills, and what the shop has beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.planning.contracts.ledger import Ledger, Queue, Team
from simulator.planning.pricing.futures import Futures
from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from simulator.scenario import Scenario

ROOT = Path(__file__).parents[1]


def a_shop(**overrides: object) -> Scenario:
    """The peak of black-friday.toml."""
    return load_scenario(ROOT / "scenarios" / "black-friday.toml", None, overrides)


def futures_of(
    *,
    hours: ArrayLike = (0.0,),
    calls: ArrayLike = (0.0,),
    handled: float = 1.0,
    resolved: float = 1.0,
    forecast: float = 0.0,
    seed: int = 1,
    scenario: Scenario | None = None,
    **of_future: ArrayLike,
) -> Futures:
    """Futures with so many hours of the outsourced team and calls in all, on the first intervals of Monday.

    Parameters
    ----------
    hours, calls
        [future]
    handled, resolved
        Shares of the calls.
    forecast
        Calls, as they were forecast four weeks ahead.
    of_future
        Anything else by its name, [future] or [future, ...]; 0 where nothing is said.
    """
    scenario = a_shop() if scenario is None else scenario
    hours, calls = np.broadcast_arrays(np.asarray(hours, dtype=np.float64), np.asarray(calls, dtype=np.float64))
    count, calendar = len(hours), scenario.calendar
    groups, channels, days = len(scenario.groups), len(scenario.channels), calendar.days

    def at_first(values: Any) -> Any:
        table = np.zeros((count, 1, calendar.intervals))
        table[:, 0, 0] = values
        return table

    ledger = Ledger(
        calendar,
        teams=(Team("outsourced"),),
        queues=(Queue("phone"),),
        logged_hours=at_first(hours),
        offered=at_first(calls),
        contacts=at_first(handled * calls),
        resolved=at_first(resolved * handled * calls),
        forecasts={4: at_first(forecast)},
    )
    by_group, by_channel = np.zeros((count, groups)), np.full((count, channels), np.nan)
    of_nothing = np.zeros(count)
    plain = Futures(
        scenario=scenario,
        seed=seed,
        supplier=None,
        groups=tuple(g for g, group in enumerate(scenario.groups) if group.employer != "in-house"),
        ledger=ledger,
        paid_hours=by_group,
        logged_hours=by_group,
        overtime_hours=by_group,
        busy_hours=by_group,
        called_hours=by_group,
        work=np.zeros((count, groups, days)),
        demand=np.zeros((count, 1, calendar.intervals)),
        shop_costs=of_nothing,
        lost_orders=of_nothing,
        lost_value=of_nothing,
        contacts=of_nothing,
        resolved=of_nothing,
        volume=np.ones(count),
        met=by_channel,
        all_met=by_channel,
    )
    told: dict[str, Any] = {name: np.asarray(values, dtype=np.float64) for name, values in of_future.items()}
    return replace(plain, **told)
