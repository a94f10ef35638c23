"""How many agents to hold as a base and on call: the newsvendor's answer over futures, then checked by simulation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from simulator.experiment.estimate import Estimate
    from simulator.scenario.contract import Contract
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prices:
    """What an agent costs and brings, all for the same length of time: an hour, a day."""

    base: float
    """Held as base, needed or not."""
    retainer: float
    """Held on call, called or not."""
    called: float
    """On top of the retainer, when called."""
    earned: float
    """Revenue of the work of one agent, which is lost where nobody is there for it."""
    missed: float = 0.0
    """What it costs besides where nobody is there: malus."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Agents held."""

    base: float
    on_call: float


def newsvendor(need: Floats, prices: Prices) -> Holding:
    """Agents to hold that maximise the expected margin over needs, each as probable as the others."""
    raise NotImplementedError


@dataclass(frozen=True, eq=False)
class HeldChoice:
    """Numbers of agents that were played, and what margin they bring."""

    base: int
    """Agents added to the base group in every interval with somebody on duty; negative: fewer."""
    on_call: int
    """The same for the group on call."""
    margin: Estimate
    better_by: Estimate
    """Expected margin of the best less that of this one, on the same futures."""


@dataclass(frozen=True, eq=False)
class BaseAndOnCall:
    """How many agents to hold."""

    contract: Contract
    start: Holding | None
    """What the newsvendor answers, where there is no queueing."""
    choices: tuple[HeldChoice, ...]
    """All that were played, best first."""
    refused: str = ""
    """Why there is nothing to choose, a sentence in English; empty where there is."""

    @property
    def best(self) -> HeldChoice | None:
        """The choice with the highest expected margin."""
        return self.choices[0] if self.choices else None


def base_and_on_call(
    scenario: Scenario,
    contract: Contract,
    *,
    supplier: str,
    futures: int = 200,
    seed: int | None = None,
    workers: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
) -> BaseAndOnCall:
    """Numbers of agents to hold as base and on call that maximise the supplier's expected margin under a contract."""
    raise NotImplementedError
