"""Several clients with one pool: how much less the supplier has to hold than for each client by itself.

What has to be held is the quantile over the futures of the load at its peak: so much is enough, throughout the
horizon, with the probability asked for. The pool saves for two reasons, which are told together: the clients' peaks do
not fall on the same step, and where one has more than was expected another may have less. Rushes coincide if both
clients' days are laid over each other as they are, and come apart if one client's are moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.experiment.estimate import CONFIDENCE, Estimate
from simulator.planning.pricing.futures import FUTURES, play_futures
from simulator.planning.pricing.levels import part_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from simulator.planning.pricing.futures import Futures
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]

Step = Literal["interval", "day"]
_RESAMPLES = 500
_SEED = 7


@dataclass(frozen=True, eq=False)
class Pooling:
    """A pool against the clients by themselves."""

    shifts: tuple[int, ...]
    """[client] Steps by which each one's load is moved, around the end of the horizon to its beginning."""
    probability: float
    """With which what is held is enough throughout the horizon."""
    alone: Estimate
    """[client] What each takes by itself."""
    pool: Estimate
    """What all take together."""
    saved: Estimate
    """Share of the sum of `alone` that the pool need not hold."""


def play_clients(
    clients: Sequence[Scenario],
    *,
    futures: int = FUTURES,
    seed: int = 1,
    workers: int = 1,
    on_progress: Callable[[int, int], None] = lambda _done, _wanted: None,
) -> tuple[Futures, ...]:
    """[client] The futures of several shops, each with luck and errors of its own, be it the same shop twice.

    Parameters
    ----------
    clients
        Each with the groups of the supplier; who is on duty does not matter for the load.
    seed
        Of the first client; each other one has the next.
    on_progress
        Called with (done, wanted) of the futures of all clients.

    Raises
    ------
    ValueError
        As `play_futures`.
    """
    return tuple(
        play_futures(
            client,
            [],
            futures=futures,
            seed=seed + number,
            workers=workers,
            on_progress=part_of(on_progress, number, len(clients)),
        )
        for number, client in enumerate(clients)
    )


def load_of(futures: Futures, step: Step = "interval") -> Floats:
    """[future, step] Load of the kinds of contacts that the supplier takes, in agents: hours of work in an hour.

    Whoever serves them: what a client might send to the pool.
    """
    work = futures.demand.sum(axis=1, dtype=np.float64)
    calendar = futures.ledger.calendar
    hours = np.diff(calendar.edges) / 3600.0
    if step == "interval":
        return np.asarray(work / hours)
    starts = np.searchsorted(calendar.day_of_interval, np.arange(calendar.days))
    return np.asarray(np.add.reduceat(work, starts, axis=1) / np.add.reduceat(hours, starts))


def pooling(
    loads: Sequence[Floats],
    shifts: Sequence[int] | None = None,
    *,
    probability: float = 0.9,
    safety: float = 0.0,
    confidence: float = CONFIDENCE,
) -> Pooling:
    """Hold a pool against its clients, future by future.

    Parameters
    ----------
    loads
        [client][future, step] In agents, as `load_of` has it; of as many futures and steps for each. Clients whose
        futures were drawn with different seeds are independent of each other; with one seed they err alike.
    shifts
        [client] Steps by which the load comes later; what goes beyond the end comes at the beginning, so that each
        client has the same work whatever its shift. None: no shift.
    safety
        Agents on top of a load R, in square roots of it: R + safety sqrt(R), the square-root rule of staffing.
    confidence
        Of the intervals, from resampled futures (percentile bootstrap).

    Raises
    ------
    ValueError
        If the clients do not have as many futures and steps, or there are none.
    """
    if not loads or len({load.shape for load in loads}) > 1:
        msg = "A pool is of clients with as many futures and steps each: " + ", ".join(
            str(each.shape) for each in loads
        )
        raise ValueError(msg)
    moved = tuple(shifts) if shifts is not None else (0,) * len(loads)
    rolled = [np.roll(load, shift, axis=1) for load, shift in zip(loads, moved, strict=True)]
    # [client and last the pool, future]
    peaks = np.array([_held(load, safety).max(axis=1) for load in (*rolled, np.sum(rolled, axis=0))])
    draws = np.random.default_rng(_SEED).integers(peaks.shape[1], size=(_RESAMPLES, peaks.shape[1]))
    value = np.quantile(peaks, probability, axis=1)
    resampled = np.array([np.quantile(peaks[:, draw], probability, axis=1) for draw in draws])
    tails = ((1.0 - confidence) / 2.0, (1.0 + confidence) / 2.0)

    def estimate(of: Floats, of_resampled: Floats) -> Estimate:
        low, high = np.quantile(of_resampled, tails, axis=0)
        return Estimate(np.asarray(of), np.asarray(low), np.asarray(high), peaks.shape[1], confidence)

    return Pooling(
        shifts=moved,
        probability=probability,
        alone=estimate(value[:-1], resampled[:, :-1]),
        pool=estimate(value[-1], resampled[:, -1]),
        saved=estimate(_saved(value), _saved(resampled)),
    )


def _held(load: Floats, safety: float) -> Floats:
    return load + safety * np.sqrt(load) if safety else load


def _saved(held: Floats) -> Floats:
    """[...] From [..., clients and last the pool]: the share of what the clients hold that the pool does not."""
    alone = held[..., :-1].sum(axis=-1)
    return np.asarray(1.0 - held[..., -1] / np.where(alone > 0, alone, 1.0))
