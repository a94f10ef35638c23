"""Which mixes to play, so that the cheapest that keeps the targets is among them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from simulator.experiment.estimate import proportion_estimate
from simulator.planning.pricing.levels import part_of
from simulator.planning.pricing.mix import FUTURES, PlayedMixes, judge, play_mixes
from simulator.planning.pricing.whose import groups_of, supplier_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulator.planning.pricing.futures import Futures
    from simulator.planning.pricing.mix import Mix
    from simulator.scenario.contract import Contract
    from simulator.scenario.model import Group, Scenario

STEPS = range(-3, 8)
"""Of in-house agents, in which the fewest that keep the targets are searched for."""
_STEP = 0.1
"""Of the most in-house agents on duty: a step, but one agent at least."""


def search_mixes(
    scenario: Scenario,
    contracts: Sequence[Contract],
    probability: float,
    channels: Sequence[int] | None = None,
    *,
    supplier: str | None = None,
    futures: int = FUTURES,
    seed: int | None = None,
    workers: int = 1,
    on_progress: Callable[[int, int], None] = lambda _done, _wanted: None,
) -> PlayedMixes:
    """Simulate the mixes from which the cheapest may be chosen, all on the same futures.

    Nobody of the supplier's base, those of the scenario, and half as many more, each with nobody on call, those of the
    scenario, and as many more; with each, the fewest in-house agents of `STEPS` that keep the targets are found by
    halving, which takes more of them to keep targets no worse. Of several groups of a kind the largest is varied. The
    scenario's own mix is among them.

    Parameters
    ----------
    probability, channels
        As in `best_mix`.
    on_progress
        Called with (done, wanted) of all futures; wanted falls to what was done at the end.

    Raises
    ------
    ValueError
        As `play_futures`.
    """
    played: dict[tuple[tuple[str, int], ...], tuple[Mix, Futures]] = {}
    varied = _varied(scenario, groups_of(scenario, supplier_of(scenario, supplier)))
    pairs = list(product(*([(name, extra) for extra in extras] for name, extras in varied.supplier)))
    most = len(pairs) * (len(varied.in_house_steps).bit_length() if varied.in_house else 1) + 1

    def play(mix: Mix) -> Futures:
        key = tuple(mix.items())
        if key not in played:
            tell = part_of(on_progress, len(played), most)
            (its,) = play_mixes(
                scenario,
                contracts,
                [mix],
                supplier=supplier,
                futures=futures,
                seed=seed,
                workers=workers,
                on_progress=tell,
            ).futures
            played[key] = mix, its
        return played[key][1]

    asked = tuple(range(len(scenario.channels))) if channels is None else tuple(channels)
    play(dict.fromkeys(varied.names, 0))
    for pair in pairs:
        if varied.in_house is None:
            play(dict(pair))
            continue
        low, high = 0, len(varied.in_house_steps)  # the first step that keeps the targets is from low to high
        while low < high:
            middle = (low + high) // 2
            mix = {varied.in_house: varied.in_house_steps[middle], **dict(pair)}
            keeps, _ = judge(proportion_estimate(play(mix).met), probability, asked)
            low, high = (low, middle) if keeps else (middle + 1, high)
    on_progress(len(played) * futures, len(played) * futures)
    mixes, its_futures = zip(*played.values(), strict=True)
    return PlayedMixes(scenario, tuple(mixes), tuple(its_futures))


@dataclass(frozen=True, slots=True)
class _Varied:
    """Which groups a search varies, and by how many agents."""

    in_house: str | None
    """Name of the group; None where the supplier does everything."""
    in_house_steps: tuple[int, ...]
    supplier: tuple[tuple[str, tuple[int, ...]], ...]
    """Of base and on call, as far as there are: name of the group, and agents more or fewer."""

    @property
    def names(self) -> tuple[str, ...]:
        """Of all groups that are varied."""
        own = () if self.in_house is None else (self.in_house,)
        return (*own, *(name for name, _ in self.supplier))


def _varied(scenario: Scenario, supplier: Sequence[int]) -> _Varied:
    own = _largest(scenario, [g for g in range(len(scenario.groups)) if g not in supplier])
    base = _largest(scenario, [g for g in supplier if scenario.groups[g].on_call is None])
    on_call = _largest(scenario, [g for g in supplier if scenario.groups[g].on_call is not None])
    steps: tuple[int, ...] = ()
    if own is not None:
        most = max(own.staffing)
        size = max(round(_STEP * most), 1)
        steps = tuple(dict.fromkeys(max(step * size, -most) for step in STEPS))
    choices = []
    for group, more in ((base, 0.5), (on_call, 1.0)):
        if group is not None:
            most = max(group.staffing)
            choices.append((group.name, (-most, 0, math.ceil(more * most))))
    return _Varied(own.name if own is not None else None, steps, tuple(choices))


def _largest(scenario: Scenario, numbers: Sequence[int]) -> Group | None:
    """The group with the most agents planned, over the horizon; None where none of them has any."""
    having = [scenario.groups[g] for g in numbers if any(scenario.groups[g].staffing)]
    return max(having, key=lambda group: sum(group.staffing)) if having else None
