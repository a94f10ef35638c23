"""How many agents a target needs, by formula: the exact least number, and the square-root rule."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from simulator.queueing.abandonment import ErlangA
from simulator.queueing.arguments import check_inner_share, check_not_negative, check_positive, check_whole
from simulator.queueing.erlang import ErlangC

if TYPE_CHECKING:
    from simulator.scenario.model import ServiceLevelDefinition


def required_agents(
    arrival_rate: float,
    mean_handling_time: float,
    mean_patience: float = math.inf,
    *,
    service_level: float | None = None,
    acceptable_wait: float | None = None,
    definition: ServiceLevelDefinition = "offered",
    short_abandon: float | None = None,
    asa: float | None = None,
    abandonment_ratio: float | None = None,
    probability_of_wait: float | None = None,
) -> int:
    """Least number of agents that meets every given target, by Erlang A, or by Erlang C if patience is endless.

    Parameters
    ----------
    arrival_rate
        Contacts per second. At 0 no agents are needed.
    mean_handling_time, mean_patience
        Seconds.
    service_level
        At least this share within `acceptable_wait` seconds, by `definition` (see `SteadyState.service_level`).
    asa
        At most so many seconds on average until answered contacts are answered.
    abandonment_ratio
        At most this share gives up.
    probability_of_wait
        At most this share finds all agents busy.

    Raises
    ------
    ValueError
        If no target is given, or one that no number of agents could meet.
    """
    check_not_negative("arrival_rate", arrival_rate, "contacts per second")
    check_positive("mean_handling_time", mean_handling_time, "seconds")
    check_positive("mean_patience", mean_patience, "seconds", infinite=True)
    shares = {
        "service_level": service_level,
        "abandonment_ratio": abandonment_ratio,
        "probability_of_wait": probability_of_wait,
    }
    for name, share in shares.items():
        if share is not None:
            check_inner_share(name, share)
    if asa is not None:
        check_positive("asa", asa, "seconds")
    if (service_level is None) != (acceptable_wait is None):
        msg = (
            f"service_level is {service_level!r} and acceptable_wait is {acceptable_wait!r}; "
            "give both or neither, as in service_level=0.8, acceptable_wait=20."
        )
        raise ValueError(msg)
    if asa is None and all(share is None for share in shares.values()):
        msg = f"no target; give at least one of {', '.join(shares)} and asa."
        raise ValueError(msg)

    endless = mean_patience == math.inf
    queue_with = (
        partial(ErlangC, arrival_rate=arrival_rate, mean_handling_time=mean_handling_time)
        if endless
        else partial(
            ErlangA,
            arrival_rate=arrival_rate,
            mean_handling_time=mean_handling_time,
            mean_patience=mean_patience,
        )
    )

    def meets(servers: int) -> bool:
        queue = queue_with(servers=servers)
        return (
            (probability_of_wait is None or queue.probability_of_wait <= probability_of_wait)
            and (abandonment_ratio is None or queue.abandonment_ratio <= abandonment_ratio)
            and (
                service_level is None
                or acceptable_wait is None
                or queue.service_level(acceptable_wait, definition, short_abandon=short_abandon) >= service_level
            )
            and (asa is None or queue.asa <= asa)
        )

    if arrival_rate == 0:
        return 0
    load = arrival_rate * mean_handling_time
    least = math.floor(load) + 1 if endless else 0
    return least_servers(meets, least=least, guess=math.ceil(load))


def least_servers(meets: Callable[[int], bool], *, least: int = 1, guess: int = 1) -> int:
    """Least number of servers, `least` or more, that `meets` a target which more servers never miss again.

    `guess` is where to look first. The search doubles its steps away from it until the answer is between two numbers,
    then halves the gap, so that a good guess takes few evaluations and a bad one not many.
    """
    check_whole("least", least, least=0)
    known, step = max(guess, least), 1
    if meets(known):
        while known > least and meets(lower := max(known - step, least)):
            known, step = lower, 2 * step
        if known == least:
            return least
        missed, met = lower, known
    else:
        while not meets(higher := known + step):
            known, step = higher, 2 * step
        missed, met = known, higher
    while met - missed > 1:
        middle = (missed + met) // 2
        missed, met = (missed, middle) if meets(middle) else (middle, met)
    return met


def halfin_whitt(beta: float) -> float:
    """Limit of the Erlang C probability of waiting in large centres with load + `beta` * sqrt(load) agents.

    Halfin and Whitt, Heavy-traffic limits for queues with many exponential servers, Operations Research 29, 1981.
    """
    check_positive("beta", beta)
    free = _hazard(-beta)
    return free / (free + beta)


def garnett(beta: float, relative_patience: float) -> float:
    """Limit of the Erlang A probability of waiting in large centres with load + `beta` * sqrt(load) agents.

    Garnett, Mandelbaum and Reiman, Designing a call center with impatient customers, M&SOM 4, 2002.

    Parameters
    ----------
    beta
        May be negative: with abandonment fewer agents than the load can do.
    relative_patience
        Mean patience / mean handling time.
    """
    if not math.isfinite(beta):
        msg = f"beta is {beta!r}; it must be a finite number."
        raise ValueError(msg)
    check_positive("relative_patience", relative_patience)
    root = math.sqrt(relative_patience)
    waiting, free = _hazard(beta * root) / root, _hazard(-beta)
    return free / (free + waiting)


def square_root_staffing(load: float, probability_of_wait: float, relative_patience: float = math.inf) -> int:
    """Agents by the square-root rule: load + beta * sqrt(load), rounded up.

    The safety factor beta is where the limit of `garnett`, or of `halfin_whitt` if patience is endless, equals
    `probability_of_wait`. The rule is an approximation, at 50 erlangs right to two agents; `required_agents` is exact.

    Parameters
    ----------
    load
        Offered load in erlangs.
    probability_of_wait
        Share of contacts that may find all agents busy, above 0 and below 1.
    relative_patience
        Mean patience / mean handling time.
    """
    check_not_negative("load", load, "erlangs")
    check_inner_share("probability_of_wait", probability_of_wait)
    check_positive("relative_patience", relative_patience, infinite=True)

    def too_few(beta: float) -> bool:
        if relative_patience < math.inf:
            return garnett(beta, relative_patience) > probability_of_wait
        return beta <= 0 or halfin_whitt(beta) > probability_of_wait

    low, high = -1.0, 1.0
    while not too_few(low):
        low *= 2
    while too_few(high):
        high *= 2
    while high - low > 1e-12 * max(1.0, abs(low)):
        middle = (low + high) / 2
        low, high = (middle, high) if too_few(middle) else (low, middle)
    return max(0, math.ceil(load + high * math.sqrt(load)))


def _hazard(x: float) -> float:
    """φ(x) / (1 - Φ(x)) of the standard normal distribution."""
    from scipy import special  # slow to import, and only the square-root rules need it

    return math.sqrt(2 / math.pi) / float(special.erfcx(x / math.sqrt(2)))
