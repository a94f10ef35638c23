"""What to look at when two engines part: the row, the rules at work, what happened there, and who stood where.

The tables are compared in the order of time, not of rows: whoever parts first is nearest to the cause. The reference
then plays the day again up to there as a witness, and its state is shown as it was just before that contact's turn.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from equality import differ, difference_at, first_difference
from witness import RULE_OF, SHOWN, Witness, listed, name_of, seconds

from simulator.contacts import Outcome
from simulator.engine.reference import BOUNDARY

if TYPE_CHECKING:
    from days import Day
    from equality import Played

    from simulator.engine.reference import Agent

MODEL = Path(__file__).resolve().parent.parent / "docs" / "model.md"
STAFF_RULES = {"R16", "R17", "R27", "R28"}
NEARLY = 1e-6
"""Instants no further apart than this share of themselves differ by arithmetic, not by what happened."""


@dataclass(frozen=True, slots=True)
class Parting:
    """The earliest instant at which two played tables of one day differ."""

    instant: float
    contacts: tuple[int, ...]
    """Whose rows part at that instant; none if only the ledger differs."""
    cell: tuple[int, int]
    """If only the ledger differs: group and interval; the instant is the interval's end."""


def parting(day: Day, expected: Played, found: Played) -> Parting:
    """Where the tables part; they have equal shapes, and differ."""
    (records, ledger), (others, cells) = expected, found
    horizon = day.centre.horizon
    at = np.full(len(records), np.inf)
    instant_of = {name: name for name in ("arrived", "entered", "started", "ended")}
    others_of = {"due": "arrived", "group": "started", "agent": "started", "outcome": "ended"}
    for column, name in {**instant_of, **others_of}.items():
        differs = differ(getattr(records, column), getattr(others, column))
        instants = np.fmin(getattr(records, name), getattr(others, name))
        at[differs] = np.fmin(at, np.where(np.isnan(instants), horizon, instants))[differs]
    only_handled = differ(records.handled, others.handled) & np.isinf(at)
    # Who is gone is in hand after that (R25).
    in_hand = records.started + np.fmin(records.handled, others.handled)
    let_go = np.where(records.outcome == Outcome.GONE, in_hand, records.ended)
    at[only_handled] = np.where(np.isnan(let_go), horizon, let_go)[only_handled]
    if np.isfinite(at).any():
        first = float(at.min())
        return Parting(first, tuple(np.flatnonzero(at == first).tolist()), (-1, -1))
    columns = [differ(getattr(ledger, name), getattr(cells, name)) for name in ledger.__slots__]
    interval, group = min((int(i), int(g)) for g, i in np.argwhere(np.any(columns, axis=0)))
    return Parting(float(day.centre.edges[interval + 1]), (), (group, interval))


def report(day: Day, expected: Played, found: Played) -> str:
    """One page on where two played tables of a day part; the tables differ."""
    first = first_difference(expected, found)
    assert first is not None
    if "expected entered" not in first and "expected staffed" not in first:
        return first  # not even tables of the same form
    where = parting(day, expected, found)
    return (_of_contacts if where.contacts else _of_ledger)(day, where, expected, found)


def _of_ledger(day: Day, where: Parting, expected: Played, found: Played) -> str:
    """The page where all records are equal."""
    group, interval = where.cell
    witness = Witness(day, until=where.instant)
    at_end = next(place for place, turn in enumerate(witness.diary) if turn.kind == BOUNDARY and turn.number > interval)
    lines = [
        f"The ledgers part in interval {interval}, which ends at {seconds(where.instant)}; the records are equal.",
        difference_at(expected, found, where.cell),
        *_rule_lines({"R21": "the integrals", **_changes_of_staff(witness, {group})}),
    ]
    return "\n".join([*lines, *_history(day, witness, at_end, {group}, -1)])


def _of_contacts(day: Day, where: Parting, expected: Played, found: Played) -> str:
    """The page where records differ."""
    witness = Witness(day, until=where.instant)
    turns = [place for place, turn in enumerate(witness.diary) if turn.time == where.instant]
    own = [place for place in turns if witness.diary[place].concerns(where.contacts)]
    mentioned = [c for place in own for note in witness.diary[place].notes for c in note.contacts]
    contact = next((c for c in mentioned if c in where.contacts), where.contacts[0])
    # Without a turn of its own, it is what the reference lets be: the state before the agents' turn, or after all.
    took = {int(table.group[contact]) for table, _ in (expected, found)} - {-1}
    takes = [place for place in turns if witness.diary[place].takes(took)]
    before = (own or takes or [len(witness.diary)])[0]

    standing = Witness(day, turns=before)
    able = [group.index for level in standing.line[contact].levels for group in level]
    groups = set([*sorted(took & set(range(len(standing.groups)))), *able][:SHOWN])
    rules = _rules(witness, where, contact, expected, found)
    for agent in _agents(standing, contact, expected, found):
        last = standing.last_change[agent]
        rules.setdefault(last.rules[0], f"{name_of(agent)} {last.text}")
        if any(standing.last_change[a].at == last.at for a in agent.group.on_duty.values() if a is not agent):
            rules.setdefault("R1", f"several agents' hands changed last at {seconds(last.at)}")
    rules = {**_changes_of_staff(witness, groups), **rules}

    also = f", one of {len(where.contacts)} contacts that part there" if len(where.contacts) > 1 else ""
    lines = [
        f"The tables part at {seconds(where.instant)}, with contact {contact}{also}.",
        difference_at(expected, found, (contact,)),
        f"  drawn    {_luck(day, contact)}",
        *_rule_lines(rules),
    ]
    return "\n".join([*lines, *_history(day, witness, before, groups, contact)])


def _history(day: Day, witness: Witness, before: int, groups: set[int], contact: int) -> list[str]:
    """The last turns before the one of that number, the state before it, and the turns that come."""
    standing = Witness(day, turns=before)
    past = [turn for turn in witness.diary[:before] if turn.notes][-SHOWN:]
    return [
        "In the reference, last:",
        *(f"  {turn}" for turn in past),
        f"Then the state is this, in interval {standing.interval}:",
        *standing.state(groups, {contact}),
        "And then:",
        *(f"  {turn}" for turn in witness.diary[before:][:SHOWN]),
    ]


def _rules(witness: Witness, where: Parting, contact: int, expected: Played, found: Played) -> dict[str, str]:
    """The rules that decide what differs, each with what it decides there."""
    (records, _), (others, _) = expected, found
    turns = [turn for turn in witness.diary if turn.time == where.instant]
    rules: dict[str, str] = {}

    def is_now(played: Played, column: str) -> bool:
        return bool(getattr(played[0], column)[contact] == where.instant)

    if len(turns) > 1 or not any(turn.concerns((contact,)) for turn in turns):
        rules["R1"] = f"happenings at this instant: {len(turns)}"
    if where.instant == witness.edges[-1]:
        rules["R3"] = "the horizon ends at this instant"
    if any(turn.kind == BOUNDARY for turn in turns):
        rules["R18"] = "a boundary at this instant"
    for note in (note for turn in turns for note in turn.notes if contact in note.contacts):
        rules.update(dict.fromkeys(note.rules, note.text))

    if differ(records.arrived, others.arrived)[contact] or differ(records.due, others.due)[contact]:
        rules.update(R2="one addition", R7="the promise", **dict.fromkeys(witness.rules_of(contact), "what follows"))
    if differ(records.entered, others.entered)[contact]:
        rules.update(R2="one addition", R5="the bot", R6="the door")
    taken_now = is_now(expected, "started"), is_now(found, "started")
    if taken_now == (True, False):
        rules.setdefault("R9", "it has waited long enough")
    if taken_now == (False, True):
        rules.update(witness.why_not(contact, int(others.group[contact])))
        if any(turn.takes({int(others.group[contact])}) for turn in turns):
            rules["R8"] = f"group {others.group[contact]} takes another contact"
    groups = {int(table.group[contact]) for table in (records, others)} - {-1}
    if not witness.line[contact].live and any(witness.groups[group].reserve for group in groups):
        rules.setdefault("R12", "agents are kept in reserve")
    if "R9" in rules:
        rules.setdefault("R2", "entered + overflow_after is one addition")
    for rival in where.contacts:
        if rival != contact and any(table.started[rival] == where.instant for table in (records, others)):
            rules["R7" if witness.line[rival] is witness.line[contact] else "R8"] = (
                f"contact {rival} is taken there too"
            )
    for played in (expected, found):
        if is_now(played, "ended"):
            outcome = Outcome(int(played[0].outcome[contact]))
            rules.setdefault(RULE_OF[outcome], f"{outcome.name} at this instant")
            if outcome in {Outcome.ABANDONED, Outcome.GONE}:
                rules.update(_of_patience(witness, contact))
        if played[0].outcome[contact] == Outcome.GONE:
            rules.setdefault("R25", "gone without a sign")
    if 0 < abs(records.ended[contact] - others.ended[contact]) <= NEARLY * max(1.0, abs(where.instant)):
        rules.update(R2="times differ by next to nothing: one addition", R15="the order of arithmetic")
    return rules


def _of_patience(witness: Witness, contact: int) -> dict[str, str]:
    """What a contact's patience depends on."""
    line = witness.line[contact]
    rules = {"R19": "patience"}
    if witness.meets_bot[contact]:
        rules["R5"] = f"times {witness.centre.escalated_patience[line.channel, line.topic]} after the bot"
    if line.live and witness.centre.tells[line.channel]:
        rules["R23"] = f"times {witness.centre.told_patience[line.channel]} for those who are told"
    return rules


def _changes_of_staff(witness: Witness, groups: set[int]) -> dict[str, str]:
    """R16, R17, R27, R28: what last changed who is on duty, or marked, in these groups, and how fast they work."""
    rules = {}
    if on_call := sorted(group for group in groups if witness.centre.on_call[group]):
        rules = {
            "R18": "queues are cut before groups are called",
            "R28": f"on call: groups {listed(map(str, on_call))}",
        }
    notes = (note for turn in witness.diary for note in turn.notes if note.group in groups)
    return rules | {
        note.rules[0]: f"{note.text} at {seconds(note.at)}" for note in notes if note.rules[0] in STAFF_RULES
    }


def _agents(witness: Witness, contact: int, expected: Played, found: Played) -> list[Agent]:
    """The agents who take the contact according to one table or the other, if they are on duty."""
    names = {(int(records.group[contact]), int(records.agent[contact])) for records, _ in (expected, found)}
    return [
        agent for group in witness.groups for agent in group.on_duty.values() if (group.index, agent.number) in names
    ]


def _luck(day: Day, contact: int) -> str:
    columns = {name: getattr(day.contacts, name)[contact] for name in day.contacts.columns()}
    follow_ups = day.contacts.follow_ups
    row = contact - len(day.contacts) + len(follow_ups)
    if row >= 0:
        columns |= {name: getattr(follow_ups, name)[row] for name in follow_ups.__slots__}
    left_out = {"enquiry", "attempt"}
    return ", ".join(f"{name} {seconds(value.item())}" for name, value in columns.items() if name not in left_out)


def _rule_lines(rules: dict[str, str]) -> list[str]:
    headings = _headings()
    by_number = sorted(rules.items(), key=lambda item: int(item[0][1:]))
    return ["Rules at work:", *(f"  {rule} {headings[rule]}: {why}" for rule, why in by_number)]


@cache
def _headings() -> dict[str, str]:
    """The heading of each rule in `docs/model.md`."""
    return dict(re.findall(r"^\*\*(R\d+) ([^.*]+)\.\*\*", MODEL.read_text(encoding="utf-8"), flags=re.MULTILINE))
