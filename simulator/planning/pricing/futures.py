"""Futures: what may happen, played once, with a ledger that any contract is settled on without playing again.

A **future** is one replication with the error of the forecast drawn, whatever band the scenario asks for. All contracts
see the same futures, so that their differences are paired. `docs/contracts.md` says how the ledger is filled, in the
section "From the simulation to the ledger".
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.engine import DEFAULT_ENGINE
from simulator.experiment.replications import Player
from simulator.measures import AgentTally
from simulator.measures.tallies import ROW
from simulator.planning.contracts.ledger import Ledger
from simulator.planning.contracts.settlement import settle
from simulator.planning.pricing.forecasts import as_forecast
from simulator.planning.pricing.heads import added, heads, trained
from simulator.planning.pricing.rows import as_known_to, rows_of
from simulator.planning.pricing.supplier_tally import FuturePlay, share_of_day
from simulator.planning.pricing.whose import groups_of, supplier_of
from simulator.planning.staffing.whole_agents import WEEK
from simulator.scenario.contract import Engagement

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from simulator.engine import EngineName
    from simulator.planning.contracts.ledger import Judged
    from simulator.planning.contracts.settlement import Settlement
    from simulator.planning.pricing.supplier_tally import Played
    from simulator.scenario.contract import Contract
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]

FUTURES = 1000
"""How many are played where nothing is said: enough for the tails that risk is read from."""
BY_INTERVAL = ("logged", "came", "contacts", "minutes", "resolved", "demand", "met", "counted")
"""Of `Played`: kept in single precision, which is exact for counts and good to seven digits for sums of times."""


@dataclass(frozen=True)
class Futures:
    """What happened in each future, as far as a contract, the supplier or the shop may put a price on it.

    Arrays are [future, ...]; groups, channels and days are numbered as in the scenario.
    """

    scenario: Scenario
    """As it was played: with the error of the forecast drawn."""
    seed: int
    supplier: str | None
    """Name of the scenario's supplier; None: whoever is not employed in-house."""
    groups: tuple[int, ...]
    """Numbers of the supplier's groups."""
    ledger: Ledger
    """What the supplier did. Its teams are the supplier's groups, in order; its queues the channels that they serve,
    apart by class of customers where a contract has a rate for the class. Use `settle` to hold contracts against it."""
    paid_hours: Floats
    """[future, group] Paid as the scenario counts it: planned (on call: come) / (1 - shrinkage) + overtime."""
    logged_hours: Floats
    """[future, group] On duty, overtime left out."""
    overtime_hours: Floats
    """[future, group] After the end of duty, to finish what was in hand."""
    busy_hours: Floats
    """[future, group] With at least one contact in hand, overtime included."""
    called_hours: Floats
    """[future, group] On duty, of groups on call; 0 for the others."""
    work: Floats
    """[future, group, day] `busy_hours` by day."""
    demand: Floats
    """[future, queue of the ledger, interval] Hours of work, for an agent of speed 1 who holds nothing else, of the
    contacts that came to the agents' door and are of the kinds that the supplier takes, whoever served them."""
    shop_costs: Floats
    """[future] All costs of the scenario but those of the supplier's groups: in-house pay, bot, lines, fixed costs."""
    lost_orders: Floats
    """[future]"""
    lost_value: Floats
    """[future] Money."""
    contacts: Floats
    """[future] Served, by anyone, or contained by the bot."""
    resolved: Floats
    """[future] Of these, who did not come back."""
    volume: Floats
    """[future] Enquiries (first attempts) as a multiple of their mean over the futures; the same whoever is on duty."""
    met: Floats
    """[future, channel] Share of the target's periods in which it was met; nan where nobody was judged."""
    all_met: Floats
    """[future, channel] 1 where all of its periods met it, 0 where one did not; nan where nobody was judged."""

    def __len__(self) -> int:
        """How many futures."""
        return len(self.volume)

    def settle(self, contract: Contract, *, whole_engagement: bool = False) -> Settlement:
        """What a contract bills, in every future.

        Parameters
        ----------
        contract
            Need not be among those that the futures were played for, as long as the ledger counts what it judges by.
        whole_engagement
            Whether blocks and minimum billing are billed until the engagement is over; otherwise for the horizon only,
            months pro rata, and `commitment` is the rest.

        Raises
        ------
        ValueError
            If the ledger lacks what a clause needs; the message names the clause.
        """
        ledger = as_known_to(contract, self.ledger)
        return settle(contract if whole_engagement else replace(contract, engagement=Engagement()), ledger)

    def commitment(self, contract: Contract) -> Floats:
        """[future] What the shop owes beyond the horizon, until the minimum engagement is over.

        Nothing is worked in that time: it is the most that the engagement can cost beside the horizon's invoice, if the
        shop has no use for it.
        """
        rest: Floats = self.settle(contract, whole_engagement=True).total - self.settle(contract).total
        return rest


def play_futures(
    scenario: Scenario,
    contracts: Sequence[Contract],
    *,
    supplier: str | None = None,
    futures: int = FUTURES,
    seed: int | None = None,
    engine: EngineName = DEFAULT_ENGINE,
    workers: int = 1,
    engaged: date | None = None,
    extra_judged: Sequence[Judged] = (),
    on_progress: Callable[[int, int], None] = lambda _done, _wanted: None,
) -> Futures:
    """Play a scenario's futures and fill the ledger that contracts are settled on.

    Parameters
    ----------
    contracts
        What they judge by is counted. Others may be settled later, if they judge by the same.
    supplier
        Name of a supplier of the scenario; by default its only one, or else whoever is not employed in-house.
    futures
        How many.
    seed
        By default the scenario's own. The same seed gives the same customers whoever is on duty, and the same results
        whatever `workers`.
    engaged
        When the engagement began, if that was before the horizon: set-up is then not billed again.
    extra_judged
        What else is to be counted.
    on_progress
        Called with (done, wanted) after each future.

    Raises
    ------
    ValueError
        If a number is out of range, there is no such supplier, or it has no group.
    """
    for name, number in (("futures", futures), ("workers", workers)):
        if number < 1:
            msg = f"{name} is {number}; it must be at least 1."
            raise ValueError(msg)
    seed = scenario.seed if seed is None else seed
    scenario = replace(scenario, uncertainty=replace(scenario.uncertainty, band="drawn"))
    partner = supplier_of(scenario, supplier)
    groups = groups_of(scenario, partner)
    hours_a_week = WEEK if partner is None else partner.hours_per_week
    rows = rows_of(scenario, groups, contracts, extra_judged)
    kept = _Kept(futures)
    with Player(FuturePlay(scenario, seed, engine, rows, hours_a_week), workers) as player:
        for number, played in enumerate(player.play_all(range(futures))):
            kept.take(number, played)
            on_progress(number + 1, futures)
    teams, calendar = list(groups), scenario.calendar
    people = heads(scenario, hours_a_week)
    # Where nothing is said of beginners, groups that learn are new.
    learns = [float(group.learning is not None) for group in scenario.groups]
    to_train = np.array(learns if partner is None else [partner.beginners.share] * len(learns))
    offered = kept["came"]
    share = share_of_day(kept["by_whom"].sum(axis=0), rows.queues)
    np.multiply(offered, share[:, calendar.day_of_interval], out=offered, casting="same_kind")
    expected = offered.mean(axis=0, dtype=np.float64)
    weeks = [contract.forecast_lock.weeks for contract in contracts if contract.forecast_lock is not None]
    hours = kept["hours"]

    def of_groups(tally: AgentTally) -> Floats:
        by_group: Floats = hours[:, ROW[tally]].sum(axis=-1)
        return by_group

    on_call = np.array([group.on_call is not None for group in scenario.groups])
    enquiries = kept["enquiries"]
    return Futures(
        scenario=scenario,
        seed=seed,
        supplier=None if partner is None else partner.name,
        groups=groups,
        ledger=Ledger(
            calendar,
            rows.teams,
            rows.queues,
            rows.judged,
            logged_hours=kept["logged"],
            fte=kept["fte"],
            trained=trained(calendar, people, to_train, from_the_start=engaged is None)[teams],
            added=added(calendar, people)[teams],
            offered=offered,
            contacts=kept["contacts"],
            minutes=kept["minutes"],
            resolved=kept["resolved"],
            met=kept["met"],
            counted=kept["counted"],
            forecasts=as_forecast(scenario, seed, expected, weeks, futures),
            engaged=engaged,
        ),
        paid_hours=of_groups(AgentTally.PAID),
        logged_hours=of_groups(AgentTally.STAFFED),
        overtime_hours=of_groups(AgentTally.OVERTIME),
        busy_hours=of_groups(AgentTally.BUSY),
        called_hours=of_groups(AgentTally.STAFFED) * on_call,
        work=hours[:, ROW[AgentTally.BUSY]],
        demand=kept["demand"],
        shop_costs=kept["shop_costs"],
        lost_orders=kept["lost_orders"],
        lost_value=kept["lost_value"],
        contacts=kept["served"],
        resolved=kept["helped"],
        volume=enquiries / enquiries.mean() if enquiries.any() else np.ones(futures),
        met=kept["share_met"],
        all_met=kept["all_met"],
    )


class _Kept:
    """What is kept of the futures, [future, ...] by name: single precision where there are intervals."""

    def __init__(self, futures: int) -> None:
        self._futures = futures
        self._arrays: dict[str, NDArray[np.floating]] = {}

    def take(self, number: int, played: Played) -> None:
        """Keep one future."""
        for column in fields(played):
            value = np.asarray(getattr(played, column.name))
            if number == 0:
                kind = np.float32 if column.name in BY_INTERVAL else np.float64
                self._arrays[column.name] = np.empty((self._futures, *value.shape), dtype=kind)
            self._arrays[column.name][number] = value

    def __getitem__(self, name: str) -> Any:
        """[future, ...] A column of `Played`."""
        return self._arrays[name]
