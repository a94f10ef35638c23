"""Mean waits of two queues that the Erlang formulas leave out: any handling time, and priorities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from simulator.queueing.arguments import check_not_negative, check_positive, check_stable, check_whole
from simulator.queueing.erlang import erlang_c

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def pollaczek_khinchine(arrival_rate: float, mean_handling_time: float, handling_time_cv: float) -> float:
    """Mean wait in M/G/1, in seconds: one agent, endless patience, any distribution of the handling time.

    Parameters
    ----------
    arrival_rate
        Contacts per second.
    mean_handling_time
        Seconds.
    handling_time_cv
        Standard deviation / mean of the handling time: 0 if constant, 1 if exponential.
    """
    check_not_negative("arrival_rate", arrival_rate, "contacts per second")
    check_positive("mean_handling_time", mean_handling_time, "seconds")
    check_not_negative("handling_time_cv", handling_time_cv, "standard deviations per mean")
    load = arrival_rate * mean_handling_time
    check_stable(1, load)
    return load * mean_handling_time * (1 + handling_time_cv**2) / (2 * (1 - load))


def priority_mean_waits(servers: int, arrival_rates: Sequence[float] | Floats, mean_handling_time: float) -> Floats:
    """Mean wait of each class in M/M/n with priorities, in seconds, shape [class].

    A free agent takes the longest waiting contact of the highest class; work in hand is never interrupted; all classes
    have the same exponential handling time, and nobody gives up. Cobham, Priority assignment in waiting line problems,
    Operations Research 2, 1954.

    Parameters
    ----------
    servers
        More than the total load.
    arrival_rates
        Contacts per second of each class, the class served first in front.
    mean_handling_time
        Seconds, of every class.
    """
    check_whole("servers", servers, least=1)
    for number, rate in enumerate(arrival_rates):
        check_not_negative(f"arrival_rates[{number}]", float(rate), "contacts per second")
    check_positive("mean_handling_time", mean_handling_time, "seconds")
    loads = np.asarray(arrival_rates, dtype=np.float64) * mean_handling_time
    total = float(loads.sum())
    check_stable(servers, total)
    free = 1 - np.cumsum(np.append(0.0, loads)) / servers
    return erlang_c(servers, total) * mean_handling_time / servers / (free[:-1] * free[1:])
