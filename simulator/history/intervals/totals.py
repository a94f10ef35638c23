"""Channels and topics of a report that are none: sums of the others, which would count every contact twice.

A channel adds up the others if in each of its intervals it has as many contacts as all others together, and either its
name says so, as Total does, or several others have contacts in so many intervals that this is no chance.
"""

from __future__ import annotations

from collections import defaultdict
from math import isclose
from typing import TYPE_CHECKING

from simulator.history.files.words import is_total

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from simulator.history.intervals.entries import Entry, Reader

_NO_CHANCE = 20
"""Intervals in which several others have contacts."""

_Sums = dict["Hashable", dict[str, float]]


def totals_left_out(entries: list[Entry], reader: Reader) -> list[Entry]:
    """The entries but for those of totals; a topic may be one within its channel."""
    of_topics: _Sums = defaultdict(lambda: defaultdict(float))
    for entry in entries:
        of_topics[entry.moment, entry.channel][entry.topic] += entry.values["offered"]
    entries = _without(entries, {entry.topic for entry in entries} & _totals(of_topics), "topic", reader)
    of_channels: _Sums = defaultdict(lambda: defaultdict(float))
    for entry in entries:
        of_channels[entry.moment][entry.channel] += entry.values["offered"]
    return _without(entries, _totals(of_channels), "channel", reader)


def _without(entries: list[Entry], totals: set[str], field: str, reader: Reader) -> list[Entry]:
    kept = []
    for entry in entries:
        name = getattr(entry, field)
        if name in totals:
            reader.findings.add("total", entry.line, name, entry.figures)
        else:
            kept.append(entry)
    return kept


def _totals(sums: Mapping[Hashable, Mapping[str, float]]) -> set[str]:
    """Names that stand for all others, of [place][name] contacts."""
    doubtful = {name for of_place in sums.values() for name in of_place}
    told: dict[str, int] = dict.fromkeys(doubtful, 0)
    alone = dict.fromkeys(doubtful, True)
    for of_place in sums.values():
        whole = sum(of_place.values())
        several = sum(contacts > 0 for contacts in of_place.values()) > 2
        for name in doubtful & of_place.keys():
            if not isclose(2 * of_place[name], whole, abs_tol=1e-6):
                doubtful.discard(name)
            elif of_place[name]:
                told[name] += several
                alone[name] = False
    return {name for name in doubtful if not alone[name] and (is_total(name) or told[name] >= _NO_CHANCE)}
