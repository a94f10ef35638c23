"""What concerns classes of customers in several tables: their names, their shares, and whether anybody serves them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simulator.scenario.errors import Problem, unknown
from simulator.scenario.model import ORDINARY
from simulator.scenario.source import table_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.scenario.document import Document
    from simulator.scenario.model import Scenario
    from simulator.scenario.source import RawTable

_TOLERANCE = 0.001


def unknown_classes(raw: RawTable) -> Iterator[Problem]:
    """Find classes that skills name and that are not there, and one that has the name of all others."""
    named = table_at(raw, "customers")
    if ORDINARY.name in named:
        message = f'"{ORDINARY.name}" are all customers who are in no class of the file; give the class another name.'
        yield Problem(message, ("customers", ORDINARY.name))
    known = list(dict.fromkeys((ORDINARY.name, *named)))
    for group in table_at(raw, "groups"):
        for skill, table in table_at(raw, "groups", group, "skills").items():
            names = table.get("customers") if isinstance(table, dict) else None
            for name in names if isinstance(names, list) else ():
                if isinstance(name, str) and name not in known:
                    path = ("groups", group, "skills", skill, "customers")
                    yield Problem(unknown("class of customers", name, known), path, name)


def unknown_channels_of_classes(raw: RawTable, known: Sequence[str]) -> Iterator[Problem]:
    """Find channels on which a class has a share, and that are not there."""
    for name in table_at(raw, "customers"):
        for channel, share in table_at(raw, "customers", name, "share_on").items():
            if channel not in known:
                yield Problem(unknown("channel", channel, known), ("customers", name, "share_on", channel), share)


def check_classes(document: Document) -> Iterator[Problem]:
    """Find channels that have more customers of the classes than customers."""
    for channel in document.channels:
        total = math.fsum(table.share_on.get(channel, table.share) for table in document.customers.values())
        if total > 1 + _TOLERANCE:
            name, last = list(document.customers.items())[-1]
            field = ("share_on", channel) if channel in last.share_on else ("share",)
            message = f"On the channel {channel} the shares of all classes add up to {100 * total:.6g} %"
            yield Problem(f"{message}; at most 100 % are allowed.", ("customers", name, *field))
            return


def unserved(scenario: Scenario, channel: int, topic: int) -> str | None:
    """Whose contacts of a channel and topic no group may serve: in brackets, or empty if nobody's; None if all are."""
    named = scenario.customer_classes[1:]
    shares = [math.fsum(each.share[c] for each in named) for c in range(len(scenario.channels))]
    # Whoever begins on one channel may go on to another.
    there = [number for number, each in enumerate(named, 1) if any(each.share)]
    if min(shares) < 1 - _TOLERANCE:
        there.insert(0, 0)
    served = {
        number
        for group in scenario.groups
        for skill in group.skills
        if skill.channel == channel and topic in skill.topics
        for number in skill.customer_classes
    }
    missing = [scenario.customer_classes[number].name for number in there if number not in served]
    if not missing:
        return None
    return "" if len(missing) == len(there) else f" ({', '.join(missing)})"
