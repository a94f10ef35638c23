"""Classes that share groups, with priorities and abandonment, against Markov chains. Time unit: the mean work.

The letters are those of Garnett and Mandelbaum, An introduction to skills-based routing and its operational
complexities, 2000: the classes stand above, the groups below, and the strokes are who serves whom.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pytest
from centres import make_centre, make_contacts
from exact import State, stationary
from scipy import stats
from theory import EXPONENTIAL, Replication, Window, compare

from simulator.contacts import Outcome
from simulator.engine import EngineName, simulate
from simulator.engine.centre import NO_SKILL

pytestmark = pytest.mark.slow

START, END = 15.0, 265.0
"""Between them contacts count."""
AFTERMATH = 10.0
"""How long contacts keep coming after those that count, where they may disturb them."""
DRAIN = 1000.0
"""Then: long enough for everybody to be served."""
CUT_OFF = 1e-9
"""The chance that a queue is as long as the chain lets it be must be smaller."""


@dataclass(frozen=True, slots=True)
class Design:
    """Classes of live contacts and groups, where no two groups are equal to a class, nor two classes to a group."""

    agents: Sequence[int]
    """[group]."""
    rate: Sequence[float]
    """[class] Contacts per mean work."""
    patience: Sequence[float]
    """[class] Mean of the exponential patience."""
    priority: Sequence[int]
    """[class]."""
    skills: Mapping[tuple[int, int], tuple[int, float]]
    """By class and group: preference level and speed."""
    by: Literal["channel", "topic", "customer_class"]
    """What the classes are: channels, topics of one channel, or classes of customers with one topic."""

    @property
    def classes(self) -> range:
        return range(len(self.rate))

    @property
    def groups(self) -> range:
        return range(len(self.agents))

    def table(self, of_skill: Mapping[tuple[int, int], float], otherwise: float) -> np.ndarray:
        """[class of customers, channel, topic, group] of a value of each skill."""
        rows = [[of_skill.get((kind, group), otherwise) for group in self.groups] for kind in self.classes]
        return self.by_kind(np.array(rows))

    def by_kind(self, values: np.ndarray) -> np.ndarray:
        """[class of customers, channel, topic, ...] of [class, ...]."""
        return np.expand_dims(values, {"customer_class": (1, 2), "channel": (0, 2), "topic": (0, 1)}[self.by])


Move = tuple[float, State, tuple[int, int] | None]
"""A rate, the state that follows, and the class and group if an agent takes a contact."""


class DesignChain:
    """A design in the long run, by R8 to R11 of `docs/model.md`.

    A state is the contacts in hand by group and speed, and then those waiting by class. More of a class never wait than
    if nobody served them: a Poisson number, which tells where to cut off.
    """

    def __init__(self, design: Design) -> None:
        self.design = design
        self.hands = sorted({(group, speed) for (_, group), (_, speed) in design.skills.items()})
        self.most_waiting = [
            1 + int(stats.poisson(rate * patience).isf(CUT_OFF))
            for rate, patience in zip(design.rate, design.patience, strict=True)
        ]
        # In turn: the groups where a class looks for an agent, and the classes where an agent looks for a contact.
        self.groups_of = [
            sorted((g for g in design.groups if (k, g) in design.skills), key=lambda g: design.skills[k, g][0])
            for k in design.classes
        ]
        self.classes_of = [
            sorted((k for k in design.classes if (k, g) in design.skills), key=lambda k: design.priority[k])
            for g in design.groups
        ]
        empty = (0,) * (len(self.hands) + len(design.rate))
        self.chain = stationary(empty, lambda state: [(rate, target) for rate, target, _ in self.moves(state)])

    def line(self, kind: int) -> int:
        """Where the state has the number waiting."""
        return len(self.hands) + kind

    def hand(self, kind: int, group: int) -> int:
        """Where the state has such a contact in hand."""
        return self.hands.index((group, self.design.skills[kind, group][1]))

    def busy(self, state: State, group: int) -> int:
        """Agents with a contact in hand."""
        return sum(held for held, (of, _) in zip(state, self.hands, strict=False) if of == group)

    def free(self, state: State, group: int) -> bool:
        """Whether an agent of the group has nothing in hand."""
        return self.busy(state, group) < self.design.agents[group]

    def moves(self, state: State) -> Iterable[Move]:
        """All that may happen next."""
        design = self.design
        for kind in design.classes:
            line, rate = self.line(kind), design.rate[kind]
            group = next((group for group in self.groups_of[kind] if self.free(state, group)), None)
            if group is not None:
                yield rate, moved(state, (self.hand(kind, group), 1)), (kind, group)
            elif state[line] < self.most_waiting[kind]:
                yield rate, moved(state, (line, 1)), None
            yield state[line] / design.patience[kind], moved(state, (line, -1)), None
        for at, (of, speed) in enumerate(self.hands):
            finish = state[at] * speed
            next_one = next((kind for kind in self.classes_of[of] if state[self.line(kind)]), None)
            if next_one is None:
                yield finish, moved(state, (at, -1)), None
            else:
                taking = moved(state, (at, -1), (self.hand(next_one, of), 1), (self.line(next_one), -1))
                yield finish, taking, (next_one, of)

    def theory(self) -> dict[str, float]:
        """The exact measures."""
        design = self.design
        taken: Counter[tuple[int, int]] = Counter()
        for state, chance in zip(self.chain.states, self.chain.probability, strict=True):
            for rate, _, taking in self.moves(state):
                if taking:
                    taken[taking] += rate * chance
        waiting = self.chain.mean(lambda state: sum(state[len(self.hands) :]))
        theory = {"E[W]": waiting / sum(design.rate)}
        for group in design.groups:
            theory |= self.of_group(group)
        for kind in design.classes:
            theory |= self.of_class(kind)
            for group in self.groups_of[kind][1:]:
                theory[f"P(group {group}), class {kind}"] = taken[kind, group] / design.rate[kind]
        return theory

    def of_group(self, group: int) -> dict[str, float]:
        """What concerns a group."""
        return {f"mean busy, group {group}": self.chain.mean(lambda state: self.busy(state, group))}

    def of_class(self, kind: int) -> dict[str, float]:
        """What concerns a class, but for the groups it goes to: those who arrive see the long run (PASTA); Little."""
        line, rate, mean = self.line(kind), self.design.rate[kind], self.chain.mean
        assert mean(lambda state: state[line] == self.most_waiting[kind]) < CUT_OFF
        waiting = mean(lambda state: state[line])
        return {
            f"P(W > 0), class {kind}": mean(lambda state: not any(self.free(state, g) for g in self.groups_of[kind])),
            f"P(abandoned), class {kind}": waiting / self.design.patience[kind] / rate,
        }


def moved(state: State, *steps: tuple[int, int]) -> State:
    """The state with each step (where, by how much) taken."""
    new = list(state)
    for at, step in steps:
        new[at] += step
    return tuple(new)


def hold_design(title: str, design: Design, replications: int) -> None:
    """Play the design in steady state and hold it against its chain."""
    edges = [0.0, START, END, END + AFTERMATH + DRAIN]
    centre = make_centre(
        edges=edges,
        groups=len(design.agents),
        **{
            {"channel": "channels", "topic": "topics", "customer_class": "customer_classes"}[design.by]: len(
                design.rate
            )
        },
        priority=design.by_kind(np.array(design.priority)),
        level=design.table({skill: level for skill, (level, _) in design.skills.items()}, NO_SKILL).astype(np.int64),
        speed=design.table({skill: speed for skill, (_, speed) in design.skills.items()}, 1.0),
    )
    staffing = np.repeat(np.array(design.agents)[:, None], len(edges) - 1, axis=1)
    windows = [Window(rate, START, END) for rate in design.rate]
    everybody = Window(sum(design.rate), START, END)

    def replicate(rng: np.random.Generator, engine: EngineName) -> Replication:
        streams = [window.arrivals(rng, until=END + AFTERMATH) for window in windows]
        arrival = np.concatenate(streams)
        order = np.argsort(arrival)
        arrival = arrival[order]
        kind = np.repeat(design.classes, [len(stream) for stream in streams])[order]
        work = EXPONENTIAL.draw(rng, len(arrival))
        patience = rng.exponential(np.array(design.patience)[kind])
        contacts = make_contacts(arrival, work=work, patience=patience, **{design.by: kind})
        records, ledger = simulate(centre, contacts, staffing, engine)
        assert not np.any(records.outcome == Outcome.OPEN)

        measures = {f"mean busy, group {group}": ledger.busy[group, 1] / (END - START) for group in design.groups}
        measures["E[W]"] = everybody.mean(records.wait[everybody.holds(arrival)])
        controls = everybody.ample_group_controls(arrival, work)
        for number, window in enumerate(windows):
            mine = kind == number
            inside = mine & window.holds(arrival)
            measures[f"P(W > 0), class {number}"] = window.mean(records.wait[inside] > 0)
            measures[f"P(abandoned), class {number}"] = window.mean(records.outcome[inside] == Outcome.ABANDONED)
            for group in design.groups:
                measures[f"P(group {group}), class {number}"] = window.mean(records.group[inside] == group)
            controls += [
                *window.work_controls(arrival[mine], work[mine], EXPONENTIAL),
                *window.patience_controls(arrival[mine], patience[mine], design.patience[number]),
                *window.ample_group_controls(arrival[mine], work[mine]),
            ]
        return Replication(measures, controls)

    theory = DesignChain(design).theory()
    shares = {measure for measure in theory if measure.startswith("P(group")}
    compare(title, replicate, theory, replications=replications, tails=shares)


@pytest.mark.parametrize(
    ("first", "priority", "by"),
    [
        ("its own class", (2, 1), "channel"),
        ("the overflow", (1, 2), "channel"),
        ("customers of the overflow", (1, 2), "customer_class"),
    ],
)
def test_a_second_group_that_helps_the_first_follows_its_markov_chain(
    first: str, priority: tuple[int, int], by: Literal["channel", "customer_class"]
) -> None:
    """N: class 0 goes to group 0, else to group 1, which is slower at it and has class 1 besides."""
    design = Design(
        agents=(2, 2),
        rate=(3.6, 1.8),
        patience=(0.7, 0.6),
        priority=priority,
        skills={(0, 0): (1, 1.0), (0, 1): (2, 0.7), (1, 1): (1, 1.0)},
        by=by,
    )
    hold_design(f"N-design, {first} first", design, replications=720)


@pytest.mark.parametrize(
    ("title", "priority", "levels"),
    [("the shared class first", (2, 1, 3), (2, 1)), ("classes in order", (1, 2, 3), (1, 2))],
)
def test_two_groups_that_share_a_class_follow_their_markov_chain(
    title: str, priority: tuple[int, int, int], levels: tuple[int, int]
) -> None:
    """W: classes 0 and 1 go to group 0, classes 1 and 2 to group 1, which is slower."""
    first, second = levels
    design = Design(
        agents=(2, 2),
        rate=(1.8, 2.6, 1.6),
        patience=(0.5, 0.4, 0.6),
        priority=priority,
        skills={(0, 0): (1, 1.0), (1, 0): (first, 1.0), (1, 1): (second, 0.8), (2, 1): (1, 0.8)},
        by="topic",
    )
    hold_design(f"W-design, {title}", design, replications=840)
