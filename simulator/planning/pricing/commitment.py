"""What a week earlier or later is worth: the best mix under each lead from the commitment to the rush.

The earlier a shop commits itself to a mix, the less it knows of the demand: the error of the forecast grows with the
lead (`simulator.demand.forecast`). At each lead the mix is chosen anew, for the errors of that lead, and what it costs
is compared. The errors of all leads are drawn at the same normal score in each future, so that the same rush is
foreseen well or badly. The forecast itself is the same at each lead; a forecast that has moved meanwhile is taken to
move mix and cost in proportion.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.pricing.levels import part_of
from simulator.planning.pricing.mix import FUTURES, best_mix, play_mixes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simulator.experiment.estimate import Estimate
    from simulator.planning.pricing.mix import BestMix, Mix, PlayedMixes, PricedMix
    from simulator.scenario.contract import Contract
    from simulator.scenario.model import Scenario

WEEK = 604_800.0


@dataclass(frozen=True, eq=False)
class Commitment:
    """The cheapest mix at one lead."""

    lead: float
    """Seconds from the commitment to the start of the horizon."""
    best: PricedMix
    """The cheapest that keeps the targets by its estimates; where none does, the cheapest of all."""
    dearer: Estimate
    """What it costs more than the best at the scenario's own lead; paired. Where no verdict of either can be told, it
    is the luck of the futures that chooses the mixes, and the difference is of that too."""
    same: PricedMix | None
    """The best mix of the scenario's own lead, under this one; None where it was not played."""
    same_dearer: Estimate | None
    """What that costs more than at the scenario's own lead; paired."""


def near(found: BestMix, most: int) -> tuple[Mix, ...]:
    """The mixes of which one may be the best at another lead: the cheapest that keep the targets, and who nearly do.

    Under the contract of the best of all; half of them of each kind, where there are as many.
    """
    priced = [each for each in found.priced if each.contract == found.contract]
    worst = {id(each): float(np.nanmin(each.met.value[list(found.channels)], initial=1.0)) for each in priced}
    nearly = sorted((each for each in priced if not each.keeps), key=lambda each: -worst[id(each)])[: most // 2]
    keeping = [each for each in priced if each.keeps][: most - len(nearly)]
    return tuple(each.mix for each in (*keeping, *nearly))


def at_lead(scenario: Scenario, lead: float) -> Scenario:
    """The scenario as it is foreseen so many seconds ahead."""
    return replace(scenario, uncertainty=replace(scenario.uncertainty, lead=lead))


def play_commitments(
    scenario: Scenario,
    contracts: Sequence[Contract],
    mixes: Sequence[Mix],
    *,
    moved: Sequence[float] = (-WEEK, 0.0, WEEK),
    known: PlayedMixes | None = None,
    supplier: str | None = None,
    futures: int = FUTURES,
    seed: int | None = None,
    workers: int = 1,
    on_progress: Callable[[int, int], None] = lambda _done, _wanted: None,
) -> dict[float, PlayedMixes]:
    """Simulate mixes under each lead, all on the same futures.

    Parameters
    ----------
    moved
        Seconds by which the commitment is earlier (more) or later (less) than in the scenario; 0 is among them. One
        that would be after the start of the horizon is left out.
    known
        What `play_mixes` has made of these mixes and others, with all else as here: the own lead is not played again.
    on_progress
        Called with (done, wanted) of all futures.

    Returns
    -------
    Lead in seconds -> mixes.

    Raises
    ------
    ValueError
        As `play_mixes`.
    """
    own = scenario.uncertainty.lead
    leads = sorted({own + each for each in moved if own + each >= 0})
    asked = [lead for lead in leads if known is None or lead != own]
    played = {
        lead: play_mixes(
            at_lead(scenario, lead),
            contracts,
            mixes,
            supplier=supplier,
            futures=futures,
            seed=seed,
            workers=workers,
            on_progress=part_of(on_progress, place, len(asked)),
        )
        for place, lead in enumerate(asked)
    }
    return {lead: known.only(mixes) if known is not None and lead == own else played[lead] for lead in leads}


def commitments(
    contract: Contract,
    played: Mapping[float, PlayedMixes],
    own: float,
    probability: float,
    channels: Sequence[int] | None = None,
    *,
    whole_engagement: bool = False,
) -> tuple[Commitment, ...]:
    """The best mix at each lead, by rising lead; nothing is simulated.

    Parameters
    ----------
    own
        The scenario's own lead, one of those that were played.
    probability, channels, whole_engagement
        As in `best_mix`.

    Raises
    ------
    ValueError
        If the contract cannot be settled.
    KeyError
        If the own lead was not played.
    """
    priced = {
        lead: best_mix([contract], played[lead], probability, channels, whole_engagement=whole_engagement)
        for lead in sorted(played)
    }
    chosen = {lead: mixes.best() or mixes.priced[0] for lead, mixes in priced.items()}
    now = chosen[own]
    found = []
    for lead, best in chosen.items():
        same = next((each for each in priced[lead].priced if each.mix == now.mix), None)
        found.append(
            Commitment(lead, best, best.dearer_than(now), same, None if same is None else same.dearer_than(now))
        )
    return tuple(found)
