"""Contacts that stay away, come later or come on another channel: announcements ahead and new channels.

Who would have come, when, and with what luck is drawn first, as if nothing were announced. Then each contact of a
diversion's window has three numbers more, from streams of the diversion's own name: whether it responds, what it does,
and how much later it comes. So a diversion that is switched on leaves all others as they were, and those whom it moves
keep their luck: their work, patience and bot are those of the channel they come on, at the quantiles they had. A higher
reach adds people who respond and changes nothing for those who did.

A contact responds to one diversion at most: the first of the scenario's order to which it would.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.contacts import Diverted
from simulator.demand.luck import Luck
from simulator.demand.times import Times
from simulator.scenario.model import Distribution

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.demand.luck import Cell
    from simulator.scenario.model import Diversion, Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


class Crowd(NamedTuple):
    """The contacts that come, in a numbering of their own by contact type, and where they stand."""

    arrival: Floats
    """[row] Sorted."""
    born: Ints
    """[contact] The birth number that each had: where its luck is."""
    bounds: Ints
    """[type + 1] Where the contacts of each type begin and end."""
    place: Ints
    """[contact] Row."""
    diverted: Diverted


class Diverter:
    """The diversions of a scenario, ready to be applied to what was drawn.

    Parameters
    ----------
    scenario
        With its diversions.
    channel, topic
        [type] What the contact types are.
    cells
        Those of which contacts are drawn.
    """

    def __init__(self, scenario: Scenario, channel: Ints, topic: Ints, cells: Sequence[Cell]) -> None:
        self._channel = channel
        self._channels = len(scenario.channels)
        self._end = float(scenario.calendar.edges[-1])
        self._all = [_Response.of(each, channel, topic, cells, scenario) for each in scenario.diversions]

    def needed(self, by_type: Bools) -> Bools:
        """[type] Whether a type needs a purpose's luck for itself, or for what its contacts may become."""
        needed = by_type.copy()
        for each in self._all:
            becomes = each.becomes[:, each.told]
            needed[each.told] |= by_type[becomes].any(axis=0)
        return needed

    def divert(
        self, seed: int, replication: int, count: Ints, first: Ints, bounds: Ints, arrival: Floats, place: Ints
    ) -> Crowd:
        """Work out who comes after all, when and as what.

        Parameters
        ----------
        seed, replication
            Of the draw.
        count, first
            [type, interval] Contacts, and the birth number of the first of them.
        bounds
            [type + 1] Where the births of each type begin and end.
        arrival, place
            [row] and [contact], as if nothing were announced.
        """
        kind = np.repeat(np.arange(len(self._channel)), np.diff(bounds))
        would = arrival[place]
        comes, after = would.copy(), kind.copy()
        stays_away, free = np.zeros(len(kind), dtype=np.bool_), np.ones(len(kind), dtype=np.bool_)
        tallies = np.zeros((6, len(self._all), self._channels), dtype=np.int64)

        for d, each in enumerate(self._all):
            begin, end = np.searchsorted(arrival, (each.start, each.end))
            told = np.flatnonzero((place >= begin) & (place < end) & each.told[kind])
            responds, response, delay = (luck.read(seed, replication, count, first) for luck in each.luck)
            acts = told[free[told] & (responds[told] < each.share[kind[told]])]
            does = np.searchsorted(each.upto, response[acts], side="right")
            moving = (does >= 2) & (does < len(each.upto))
            avoids, waits, moves = acts[does == 0], acts[does == 1], acts[moving]
            free[np.concatenate((avoids, waits, moves))] = False

            stays_away[avoids] = True
            comes[waits] = each.later(would[waits], delay[waits])
            beyond = comes[waits] >= self._end
            stays_away[waits[beyond]] = True
            after[moves] = each.becomes[does[moving] - 2, kind[moves]]
            for tally, contacts in zip(tallies, (told, avoids, waits[~beyond], waits[beyond], moves), strict=False):
                tally[d] = np.bincount(self._channel[kind[contacts]], minlength=self._channels)
            tallies[5, d] = np.bincount(self._channel[after[moves]], minlength=self._channels)

        # Those of one instant keep the order in which they would have come.
        by_row = np.empty_like(place)
        by_row[place] = np.arange(len(place))
        by_row = by_row[~stays_away[by_row]]
        by_row = by_row[np.argsort(comes[by_row], kind="stable")]
        row = np.empty_like(place)
        row[by_row] = np.arange(len(by_row))
        kept = np.flatnonzero(~stays_away)
        born = kept[np.argsort(after[kept], kind="stable")]
        return Crowd(
            arrival=comes[by_row],
            born=born,
            bounds=np.searchsorted(after[born], np.arange(len(self._channel) + 1)),
            place=row[born],
            diverted=Diverted(*tallies),
        )


@dataclass(frozen=True, slots=True)
class _Response:
    """One diversion, by contact type."""

    start: float
    end: float
    told: Bools
    """[type] Whether its contacts are concerned."""
    share: Floats
    """[type] Share that responds."""
    upto: Floats
    """Response luck below which somebody stays away, comes later, or comes on each of the targets."""
    becomes: Ints
    """[target, type] The type that a contact of a type becomes there; -1 if that channel does not take its topic."""
    luck: tuple[Luck, Luck, Luck]
    """Whether somebody responds, what they do, how much later they come."""
    delay: Times | tuple[float, float]

    @classmethod
    def of(
        cls, diversion: Diversion, channel: Ints, topic: Ints, cells: Sequence[Cell], scenario: Scenario
    ) -> _Response:
        share = np.where(np.isin(topic, diversion.topics), np.array(diversion.share)[channel], 0.0)
        targets = np.flatnonzero(diversion.to)
        kinds = {each: kind for kind, each in enumerate(zip(channel.tolist(), topic.tolist(), strict=True))}
        becomes = np.array(
            [[kinds.get((target, each), -1) for each in topic.tolist()] for target in targets.tolist()], dtype=np.int64
        ).reshape(len(targets), len(topic))
        if (becomes[:, share > 0] < 0).any():
            msg = f"The {diversion.kind} {diversion.name} moves contacts to a channel that does not take their topic."
            raise ValueError(msg)
        edges = scenario.calendar.edges
        within = [
            cell._replace(name=(diversion.kind, diversion.name, *cell.name))
            for cell in cells
            if share[cell.kind] and edges[cell.begin] < diversion.end and edges[cell.end] > diversion.start
        ]
        puts_off = within if diversion.later else []
        return cls(
            start=diversion.start,
            end=diversion.end,
            told=share > 0,
            share=share,
            upto=np.cumsum([diversion.avoided, diversion.later, *(diversion.to[target] for target in targets)]),
            becomes=becomes,
            luck=(Luck("responds", within), Luck("response", within), Luck("delay", puts_off)),
            delay=Times([diversion.delay]) if isinstance(diversion.delay, Distribution) else diversion.delay,
        )

    def later(self, would: Floats, luck: Floats) -> Floats:
        """[contact] Arrivals of those who would have come then, at their luck."""
        if isinstance(self.delay, Times):
            everybody = np.arange(len(would))
            return would + self.delay.of(luck, np.array([0, len(would)]), everybody)
        begin, end = self.delay
        return np.minimum(begin + luck * (end - begin), np.nextafter(end, begin))
