"""Offered load, Erlang B and Erlang C (M/M/n/n and M/M/n): nobody gives up."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, overload

import numpy as np

from simulator.queueing.arguments import check_not_negative, check_stable, check_whole
from simulator.queueing.formulas import ERLANG_C_QUEUE
from simulator.queueing.steady_state import SteadyState

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@overload
def offered_load(arrival_rate: float, mean_handling_time: float) -> float: ...
@overload
def offered_load(arrival_rate: Floats, mean_handling_time: float | Floats) -> Floats: ...
@overload
def offered_load(arrival_rate: float, mean_handling_time: Floats) -> Floats: ...
def offered_load(arrival_rate: float | Floats, mean_handling_time: float | Floats) -> float | Floats:
    """Offered load in erlangs, of contacts per second and seconds per contact; either may be an array."""
    for rate in np.ravel(arrival_rate):
        check_not_negative("arrival_rate", float(rate), "contacts per second")
    for seconds in np.ravel(mean_handling_time):
        check_not_negative("mean_handling_time", float(seconds), "seconds")
    return arrival_rate * mean_handling_time


def inverse_erlang_b(servers: int, load: float) -> float:
    """1 / B(servers, load); inf where B is below the smallest number.

    The sum of n!/(n - k)! / a^k over k = 0..n. All terms are positive, so that nothing cancels: 12 digits and more are
    right at n = 10,000, whatever the load.
    """
    if load == 0:
        return math.inf if servers else 1.0
    with np.errstate(over="ignore"):
        return 1 + float(np.cumprod(np.arange(servers, 0, -1) / load).sum())


@overload
def erlang_b(servers: int, load: float) -> float: ...
@overload
def erlang_b(servers: int | Ints, load: Floats) -> Floats: ...
@overload
def erlang_b(servers: Ints, load: float | Floats) -> Floats: ...
def erlang_b(servers: int | Ints, load: float | Floats) -> float | Floats:
    """Erlang B: share of contacts lost when those who find all servers busy leave at once.

    Parameters
    ----------
    servers
        0 or more; may be an array.
    load
        Offered load in erlangs; may be an array.
    """
    if isinstance(servers, np.ndarray) or isinstance(load, np.ndarray):
        return _elementwise(erlang_b, servers, load)
    check_whole("servers", servers, least=0)
    check_not_negative("load", load, "erlangs")
    return 1 / inverse_erlang_b(servers, load)


@overload
def erlang_c(servers: int, load: float) -> float: ...
@overload
def erlang_c(servers: int | Ints, load: Floats) -> Floats: ...
@overload
def erlang_c(servers: Ints, load: float | Floats) -> Floats: ...
def erlang_c(servers: int | Ints, load: float | Floats) -> float | Floats:
    """Erlang C: share of contacts that wait when everybody waits for as long as it takes.

    Parameters
    ----------
    servers
        More than the load; may be an array.
    load
        Offered load in erlangs; may be an array.
    """
    if isinstance(servers, np.ndarray) or isinstance(load, np.ndarray):
        return _elementwise(erlang_c, servers, load)
    check_whole("servers", servers, least=0)
    check_not_negative("load", load, "erlangs")
    check_stable(servers, load)
    occupancy = load / servers
    return 1 / (occupancy + (1 - occupancy) * inverse_erlang_b(servers, load))


def _elementwise(formula: Callable[[int, float], float], servers: int | Ints, load: float | Floats) -> Floats:
    servers, load = np.broadcast_arrays(servers, load)
    # tolist() gives Python numbers, which read better in a refusal.
    each = [formula(n, a) for n, a in zip(servers.ravel().tolist(), load.ravel().tolist(), strict=True)]
    return np.array(each, dtype=np.float64).reshape(servers.shape)


@dataclass(frozen=True, kw_only=True)
class ErlangC(SteadyState):
    """M/M/n: nobody gives up, so all five service levels are the same and the asa is the mean wait.

    Raises
    ------
    ValueError
        If the offered load is not below the number of servers, or an argument is out of its range.
    """

    formulas: ClassVar[Mapping[str, str]] = ERLANG_C_QUEUE

    def __post_init__(self) -> None:
        """Refuse a queue that would grow for ever."""
        super().__post_init__()
        check_stable(self.servers, self.load)

    @cached_property
    def probability_of_wait(self) -> float:
        """C(n, a): share of contacts that find all agents busy."""
        return erlang_c(self.servers, self.load)

    @property
    def abandonment_ratio(self) -> float:
        """Nobody gives up."""
        return 0.0

    @property
    def mean_wait(self) -> float:
        """Mean wait of all contacts, in seconds."""
        return self.probability_of_wait / self._excess_rate

    @property
    def asa(self) -> float:
        """Average speed of answer in seconds: the mean wait, as all are answered."""
        return self.mean_wait

    @property
    def mean_wait_of_abandoned(self) -> float:
        """There are none."""
        return math.nan

    @property
    def _excess_rate(self) -> float:
        """Contacts per second that all agents together could finish beyond those that come, n μ - λ."""
        return (self.servers - self.load) / self.mean_handling_time

    def _virtual_wait_survival(self, wait: float) -> float:
        return self.probability_of_wait * math.exp(-self._excess_rate * wait)

    def _patience_survival(self, wait: float) -> float:  # noqa: ARG002  # the same for every wait
        return 1.0

    def _answered_within(self, wait: float) -> float:
        return 1 - self._virtual_wait_survival(wait)
