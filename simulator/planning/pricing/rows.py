"""Which rows a ledger has: the supplier's teams, the queues that they serve, and what contracts judge by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.contracts.ledger import Judged, Queue, Team

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from simulator.planning.contracts.ledger import Ledger
    from simulator.scenario.contract import Contract
    from simulator.scenario.model import Scenario

    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a ledger, and where the contacts of a scenario belong."""

    groups: tuple[int, ...]
    """[team] Number of the group."""
    teams: tuple[Team, ...]
    queues: tuple[Queue, ...]
    judged: tuple[Judged, ...]
    queue_of: Ints
    """[class, channel, topic] The queue of each kind of contact; -1 where the supplier does not take it."""


def rows_of(
    scenario: Scenario, groups: Sequence[int], contracts: Iterable[Contract], extra_judged: Iterable[Judged] = ()
) -> Rows:
    """The rows that these contracts need of a supplier with these groups.

    A class of customers is a language where a contract has a rate for it. So it is for a team that serves nobody else.
    """
    contracts = tuple(contracts)
    classes = [each.name for each in scenario.customer_classes]
    known = {language for contract in contracts for language in languages_of(contract)}
    language = [name if name in known else None for name in classes]
    teams = []
    takes = np.zeros((len(classes), len(scenario.channels), len(scenario.topics)), dtype=np.bool_)
    for number in groups:
        group = scenario.groups[number]
        of = {whose for skill in group.skills for whose in skill.customer_classes}
        teams.append(Team(group.name, language[of.pop()] if len(of) == 1 else None))
        for skill in group.skills:
            takes[np.ix_(skill.customer_classes, [skill.channel], skill.topics)] = True
    queues: list[Queue] = []
    queue_of = np.full(takes.shape, -1, dtype=np.int64)
    for channel, each in enumerate(scenario.channels):
        for whose in range(len(classes)):
            if takes[whose, channel].any():
                queue = Queue(each.name, language[whose])
                if queue not in queues:
                    queues.append(queue)
                queue_of[whose, channel, takes[whose, channel]] = queues.index(queue)
    judged = [
        Judged(channel, clause.definition, clause.within)
        for contract in contracts
        for clause in contract.service_levels
        for channel in clause.channels
    ]
    # What cannot be counted here is left to the contract that asks for it, which is refused with its clause.
    kind = {channel.name: channel.kind for channel in scenario.channels}
    countable = [
        each
        for each in (*judged, *extra_judged)
        if kind.get(each.channel) == ("deferred" if each.definition == "within due" else "live")
    ]
    return Rows(tuple(groups), tuple(teams), tuple(queues), tuple(dict.fromkeys(countable)), queue_of)


def languages_of(contract: Contract) -> set[str]:
    """Languages that any of its lines has a rate for."""
    return {language for line in contract.lines for language in line.languages}


def as_known_to(contract: Contract, ledger: Ledger) -> Ledger:
    """The ledger with the rows of languages that a contract does not know put together with those of none.

    Whoever has no rate for a language treats it as all others.
    """
    known = languages_of(contract)
    teams = [replace(each, language=each.language if each.language in known else None) for each in ledger.teams]
    queues = [replace(each, language=each.language if each.language in known else None) for each in ledger.queues]
    if teams == [*ledger.teams] and queues == [*ledger.queues]:
        return ledger
    changed: dict[str, Any] = {"forecasts": {weeks: _summed(of, queues) for weeks, of in ledger.forecasts.items()}}
    by_rows: tuple[tuple[Sequence[object], tuple[str, ...]], ...] = (
        (teams, ("logged_hours", "fte", "trained", "added")),
        (queues, ("offered", "contacts", "minutes", "resolved")),
    )
    for rows, names in by_rows:
        for name in names:
            array = getattr(ledger, name)
            changed[name] = None if array is None else _summed(array, rows)
    return replace(ledger, teams=tuple(dict.fromkeys(teams)), queues=tuple(dict.fromkeys(queues)), **changed)


def _summed(array: NDArray[Any], rows: Sequence[object]) -> NDArray[Any]:
    """[..., row, step] Sums of rows that are alike."""
    return np.stack(
        [
            array[..., [place for place, each in enumerate(rows) if each == row], :].sum(axis=-2)
            for row in dict.fromkeys(rows)
        ],
        axis=-2,
    )
