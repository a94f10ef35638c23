"""Queueing formulas: answers without simulation, to plan with and to test the simulation against.

Erlang B, Erlang C (M/M/n), Erlang A (M/M/n+M) and M/M/n+G in the long run, the agents that a target needs, and the mean
waits of M/G/1 and of M/M/n with priorities. Seconds and contacts per second throughout. What each number means as a
formula is text in `ErlangA.formulas` and its like, and in `simulator.queueing.formulas`.
"""

from __future__ import annotations

from simulator.queueing.abandonment import ErlangA
from simulator.queueing.erlang import ErlangC, erlang_b, erlang_c, offered_load
from simulator.queueing.general_patience import MMnG
from simulator.queueing.mean_waits import pollaczek_khinchine, priority_mean_waits
from simulator.queueing.patience import Patience
from simulator.queueing.staffing import (
    garnett,
    halfin_whitt,
    least_servers,
    required_agents,
    square_root_staffing,
)
from simulator.queueing.steady_state import SteadyState

__all__ = [
    "ErlangA",
    "ErlangC",
    "MMnG",
    "Patience",
    "SteadyState",
    "erlang_b",
    "erlang_c",
    "garnett",
    "halfin_whitt",
    "least_servers",
    "offered_load",
    "pollaczek_khinchine",
    "priority_mean_waits",
    "required_agents",
    "square_root_staffing",
]
