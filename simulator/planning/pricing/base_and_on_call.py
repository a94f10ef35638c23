"""How many agents to hold as a base and on call, for the most expected margin under a contract.

The search begins where the `newsvendor` would, from futures in which so many are on duty that nobody has to wait for
them, and goes on by simulation: one agent more or fewer of either kind, on the same futures, as long as the margin
grows. What is found is the best of what was played, and no neighbour of it is better.

**What the contract is for.** Where fees are paid in any case and malus is rare, the most margin may come from holding
nobody. That is no advice: a choice is only made if it handles a share of what the planned staffing handles of the
contacts that are billed. Others are played and told, and so is what nobody at all would bring.

**What is offered is not the supplier's to choose.** The shop sends what it sends today, and has forecast that: offered
contacts and locked forecast stay as at the planned staffing, whoever is there for them. Else who holds nobody would
have been forecast nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.experiment.estimate import Estimate, mean_estimate, ratio_estimate
from simulator.planning.pricing.futures import play_futures
from simulator.planning.pricing.newsvendor import Holding, Prices, newsvendor
from simulator.planning.pricing.supplier_cost import supplier_cost
from simulator.planning.pricing.whose import supplier_of
from simulator.scenario.contract import BY_CONTACTS
from simulator.scenario.staffing import with_extra

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simulator.planning.pricing.futures import Futures
    from simulator.scenario.contract import Contract
    from simulator.scenario.model import Scenario
    from simulator.scenario.suppliers import Supplier

    Floats = NDArray[np.float64]
    Numbers = tuple[int, int]

FUTURES = 200
"""That each choice is played on: choices differ on the same futures, so that fewer do."""
LEAST_HANDLED = 0.9
"""Of what the planned staffing handles, the least that a choice must handle to be made."""
_PLENTY = 4
"""Times the planned agents, on whom nobody has to wait."""
_MOST_CHOICES = 60


@dataclass(frozen=True, eq=False)
class HeldChoice:
    """Numbers of agents that were played, and what margin they bring."""

    base: int
    """Agents added to the base group in every interval with somebody on duty; negative: fewer."""
    on_call: int
    """The same for the group on call."""
    margin: Estimate
    better: Estimate
    """Expected margin of the best less that of this one, on the same futures; below 0 only if too little is handled."""
    handled: Estimate
    """Contacts handled that the contract bills, over those at the planned staffing: a ratio of sums over futures."""
    delivers: bool
    """Whether it handles enough of them to be made, by its estimate."""


@dataclass(frozen=True, eq=False)
class BaseAndOnCall:
    """How many agents to hold."""

    contract: Contract
    base: str
    """Name of the group held as a base."""
    on_call: str | None
    """Name of the group on call; None: there is none."""
    start: Holding | None
    """Agents more than planned, by the newsvendor; None: not asked."""
    choices: tuple[HeldChoice, ...]
    """All that were played, best first, then those that handle too little; none where there is nothing to choose."""
    least_handled: float = LEAST_HANDLED
    """Of what the planned staffing handles, the least that is asked of a choice."""
    why: str = ""
    """Why there is nothing to choose, an English sentence; empty where there is."""

    @property
    def best(self) -> HeldChoice | None:
        """The choice with the highest expected margin of those that handle enough."""
        return self.choices[0] if self.choices else None

    @property
    def paid_for_not_coming(self) -> HeldChoice | None:
        """The choice that handles too little and is told to bring most, if it is told to bring more than the best."""
        idle = [each for each in self.choices if not each.delivers and each.better.high < 0]
        return max(idle, key=lambda each: float(each.margin.value), default=None)


def base_and_on_call(
    scenario: Scenario,
    contract: Contract,
    *,
    supplier: str | None = None,
    futures: int = FUTURES,
    seed: int | None = None,
    workers: int = 1,
    least_handled: float = LEAST_HANDLED,
    on_progress: Callable[[int], None] = lambda _played: None,
) -> BaseAndOnCall:
    """Numbers of agents to hold as base and on call that bring the supplier the most expected margin.

    Of the supplier's groups the first that comes as planned is the base, and the first that comes when called is on
    call; others stay as they are.

    Parameters
    ----------
    scenario, supplier, seed, workers
        As of `play_futures`.
    contract
        That bills contacts, or their minutes. Where hours or heads are billed, it is the shop that orders them: there
        the supplier has nothing to choose, and that is said.
    futures
        That each choice is played on.
    least_handled
        Of the billed contacts that the planned staffing handles, the least share that is asked of a choice; 0: anything
        goes, be it nobody.
    on_progress
        Called with the number of choices played so far.

    Raises
    ------
    ValueError
        If the scenario says nothing of the supplier, or nobody of its comes as planned, or the share is above 1; and as
        `play_futures`.
    """
    if not 0 <= least_handled <= 1:  # the planned staffing, at least, must be a choice
        msg = f"A choice handles at least {least_handled:g} of what the planned staffing does: between 0 and 1."
        raise ValueError(msg)
    employer = supplier_of(scenario, supplier)
    if employer is None:
        msg = "The scenario has no [suppliers], and so says nothing of what the supplier's people cost it."
        raise ValueError(msg)
    planned = [group for group in employer.groups if scenario.groups[group].on_call is None]
    called = [group for group in employer.groups if scenario.groups[group].on_call is not None]
    if not planned:
        msg = f"All groups of {employer.title} are on call; there is no base."
        raise ValueError(msg)
    base, on_call = planned[0], called[0] if called else None
    names = (scenario.groups[base].name, None if on_call is None else scenario.groups[on_call].name)
    if by_time := [line.name for line in contract.lines if line.unit not in BY_CONTACTS]:
        why = f"lines.{by_time[0]} bills hours or heads, which the shop orders: how many to hold is not the supplier's."
        return BaseAndOnCall(contract, *names, None, (), why=why)

    def play(numbers: Numbers) -> Futures:
        staffed = held(scenario, base, on_call, numbers)
        return play_futures(staffed, [contract], supplier=employer.name, futures=futures, seed=seed, workers=workers)

    as_planned = play((0, 0))
    fewest = _fewest(scenario, base, on_call)
    plenty = play((_PLENTY * max(-fewest[0], 1), fewest[1]))
    start = _start(scenario, employer, contract, base, on_call, as_planned, plenty)
    found: dict[Numbers, _Found] = {}

    def look_at(numbers: Numbers) -> _Found:
        if numbers not in found:
            played = as_offered_to(as_planned, play(numbers))
            margin = played.settle(contract).total - supplier_cost(played).total
            handled = ratio_estimate(_billed_contacts(contract, played), _billed_contacts(contract, as_planned))
            # Where the planned staffing handles nothing, nothing can be asked of a choice.
            found[numbers] = _Found(margin, handled, not float(handled.value) < least_handled)
            on_progress(len(found))
        return found[numbers]

    def brings(numbers: Numbers) -> tuple[bool, float]:
        its = look_at(numbers)
        return its.delivers, float(its.margin.mean())

    for always in ((0, 0), fewest):
        look_at(always)
    at = max(round(start.base), fewest[0]), max(round(start.on_call), fewest[1])
    if not look_at(at).delivers:
        at = (0, 0)
    while len(found) < _MOST_CHOICES:
        best = max((at, *_neighbours(scenario, base, on_call, at)), key=brings)
        if best == at:
            break
        at = best
    ranked = sorted(found, key=brings, reverse=True)
    top = found[ranked[0]].margin
    choices = [
        HeldChoice(*numbers, mean_estimate(its.margin), mean_estimate(top - its.margin), its.handled, its.delivers)
        for numbers, its in ((each, found[each]) for each in ranked)
    ]
    return BaseAndOnCall(contract, *names, start, tuple(choices), least_handled)


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What is known of numbers that were played."""

    margin: Floats
    """[future]"""
    handled: Estimate
    delivers: bool


def as_offered_to(planned: Futures, played: Futures) -> Futures:
    """The same futures with other agents of the supplier's, offered what the shop offers the planned ones."""
    offered, forecasts = planned.ledger.offered, planned.ledger.forecasts
    return replace(played, ledger=replace(played.ledger, offered=offered, forecasts=forecasts))


def _billed_contacts(contract: Contract, played: Futures) -> Floats:
    """[future] Handled by the supplier on channels that any line of the contract bills."""
    of_all = any(not line.channels for line in contract.lines)
    billed = {channel for line in contract.lines for channel in line.channels}
    rows = [row for row, queue in enumerate(played.ledger.queues) if of_all or queue.channel in billed]
    assert played.ledger.contacts is not None
    total: Floats = played.ledger.contacts[:, rows].sum(axis=(1, 2), dtype=np.float64)
    return total


def held(scenario: Scenario, base: int, on_call: int | None, numbers: tuple[int, int]) -> Scenario:
    """The scenario with agents more or fewer in two groups, wherever somebody of the group is on duty."""
    groups = list(scenario.groups)
    for group, extra in zip((base, on_call), numbers, strict=True):
        if group is not None:
            agents = with_extra(scenario.staffing[group], extra)
            groups[group] = replace(groups[group], staffing=tuple(agents.tolist()))
    return replace(scenario, groups=tuple(groups))


def _neighbours(scenario: Scenario, base: int, on_call: int | None, at: Numbers) -> list[Numbers]:
    """One agent more or fewer of either kind, or one of the one for one of the other; none below nobody on duty."""
    steps = [(1, 0), (-1, 0)]
    if on_call is not None:
        steps += [(0, 1), (0, -1), (1, -1), (-1, 1)]
    least = _fewest(scenario, base, on_call)
    reached = [(at[0] + more, at[1] + called) for more, called in steps]
    return [each for each in reached if each[0] >= least[0] and each[1] >= least[1]]


def _fewest(scenario: Scenario, base: int, on_call: int | None) -> Numbers:
    """Of either kind, those that leave nobody on duty."""
    staffing = scenario.staffing
    nobody = 0 if on_call is None else -int(staffing[on_call].max(initial=0))
    return -int(staffing[base].max(initial=0)), nobody


def _start(
    scenario: Scenario,
    employer: Supplier,
    contract: Contract,
    base: int,
    on_call: int | None,
    as_planned: Futures,
    plenty: Futures,
) -> Holding:
    """Agents more than planned, by the newsvendor: needs of the days of all futures, as if nobody queued."""
    price = prices(scenario, employer, contract, base, on_call, as_planned)
    length = scenario.calendar.interval / 3600.0
    day = scenario.calendar.day_of_interval
    open_hours = np.bincount(day, weights=(scenario.staffing[base] > 0) * length)
    planned = np.bincount(day, weights=scenario.staffing[base] * length)
    days = open_hours > 0
    # Agents needed on a day, those left out who are planned on it beyond the fewest of any day: more are on top of all.
    fewest = float((planned[days] / open_hours[days]).min())
    need = plenty.work[:, base][:, days] / open_hours[days] - (planned[days] / open_hours[days] - fewest)
    answer = newsvendor(need, price)
    if on_call is None:
        return Holding(answer.base - fewest, 0.0)
    called = np.bincount(day, weights=scenario.staffing[on_call] * length)[days]
    if not called.any():
        return Holding(answer.base - fewest, 0.0)
    # Those on call are held for the days on which they may be called.
    on_days = newsvendor(need[:, called > 0], price)
    hours = np.bincount(day, weights=(scenario.staffing[on_call] > 0) * length)[days]
    held_now = float((called[called > 0] / hours[called > 0]).min())
    extra = max(on_days.base + on_days.on_call - answer.base, 0.0) - held_now
    return Holding(answer.base - fewest, extra)


def prices(
    scenario: Scenario, employer: Supplier, contract: Contract, base: int, on_call: int | None, played: Futures
) -> Prices:
    """What an hour of an agent costs the supplier and brings under a contract.

    Earned is the mean charge of an hour of work in hand, at the staffing that was played; an hour on duty costs the
    wage of the hours paid for it, with side costs, place and overhead. Beginners are spread over the planned hours.
    """
    heads = supplier_cost(played, employer).by_head

    def hour(group: int) -> float:
        kept = (1.0 - scenario.groups[group].shrinkage) * (1.0 - scenario.groups[group].absence)
        wage = employer.wage[employer.groups.index(group)]
        return (wage * (1.0 + employer.side_costs) / kept + employer.seat) * (1.0 + employer.overhead)

    def held_hour(group: int) -> float:
        planned = scenario.staffing[group].sum() * scenario.calendar.interval / 3600.0
        beginners = heads[employer.groups.index(group)] * (1.0 + employer.overhead)
        return float(beginners / planned) if planned else 0.0

    work = float(played.busy_hours[:, list(employer.groups)].sum())
    charges = float(played.settle(contract).of("charge").sum())
    waiting = employer.retainer * (1.0 + employer.side_costs) * (1.0 + employer.overhead)
    full = hour(base) + held_hour(base)
    return Prices(
        base=full,
        # Where nobody can be called, holding him so is as dear as having him.
        retainer=full if on_call is None else waiting + held_hour(on_call),
        called=0.0 if on_call is None else max(hour(on_call) - waiting, 0.0),
        earned=charges / work if work else 0.0,
    )
