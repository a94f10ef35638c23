"""Who plays: SimPy as its tutorials have it, our engines, the peers that are installed, and C by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

import channels_in_simpy
import queue_in_c
import queue_in_simpy
from answers import Answer
from recursion import ChangeOfStaff, first_to_finish_leaves, whole_crew_leaves

from simulator.contacts import ContactRecords
from simulator.engine import ENGINES, EngineName, simulate

if TYPE_CHECKING:
    from workloads import Day, Pace

Play = Callable[[], ContactRecords | Answer]
Prepare = Callable[["Day"], Play]

ONE_QUEUE = ("W1S", "W1L", "W2")
ALL = (*ONE_QUEUE, "W3")
TEXTBOOK = "textbook SimPy"
REFERENCE = "reference engine"
C_LOOP = "C event loop"


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who plays days."""

    name: str
    pace: Pace
    prepare: Mapping[str, Prepare]
    """Workload -> what gets a day ready; what that returns plays it, and only that is timed."""
    change: ChangeOfStaff | None = None
    """Who leaves when staffing falls, where that is not our rule (R17)."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """Workload -> in what its model differs."""
    compiles: bool = False
    """Whether the first play is to be left out of the figures."""


def players() -> list[Player]:
    """All that can play here; textbook SimPy and the reference come first."""
    return [
        Player(
            TEXTBOOK,
            "slow",
            {**dict.fromkeys(ONE_QUEUE, queue_in_simpy.prepare), "W3": channels_in_simpy.prepare},
            first_to_finish_leaves,
            {"W2": "agents leave in the order in which they finish", "W3": "routing in Python of its own"},
        ),
        *(
            Player(
                f"{name} engine",
                "slow" if f"{name} engine" == REFERENCE else "fast",
                dict.fromkeys(ALL, engine(name)),
                compiles=f"{name} engine" != REFERENCE,
            )
            for name in ENGINES
        ),
        *peers(),
        *in_c(),
    ]


def engine(name: EngineName) -> Prepare:
    """One of ours."""

    def prepare(day: Day) -> Play:
        return lambda: simulate(day.centre, day.contacts, day.staffing, name)[0]

    return prepare


def peers() -> list[Player]:
    """Packages of the extra `bench`, as far as they are installed. Several queues are not what they are made for."""
    leaves = {"W2": "agents leave in the order in which they finish"}
    new_crew = {"W2": "the whole crew changes at every boundary"}
    known: list[tuple[str, Pace, ChangeOfStaff, dict[str, str]]] = [
        ("salabim", "slowest", first_to_finish_leaves, leaves),
        ("Ciw", "slowest", whole_crew_leaves, new_crew),
        ("cimba", "fast", first_to_finish_leaves, leaves),
    ]
    found = []
    for name, pace, change, notes in known:
        try:
            prepare: Prepare = import_module(f"queue_in_{name.lower()}").prepare
        except ImportError as error:
            print(f"Without {name}: {error}. Install the extra: .[bench]")
        else:
            found.append(Player(name, pace, dict.fromkeys(ONE_QUEUE, prepare), change, notes, name == "cimba"))
    return found


def in_c() -> list[Player]:
    """By hand, where there is a compiler."""
    if queue_in_c.COMPILER is None:
        print("Without the C programs: there is no cc.")
        return []
    return [
        Player(name, "fast", dict.fromkeys(ONE_QUEUE, queue_in_c.preparer(source)), compiles=True)
        for name, source in ((C_LOOP, "event_loop.c"), ("C recursion", "kiefer_wolfowitz.c"))
    ]
