"""Reads the hand-worked days of `tests/cases`: one CSV file a day, with the answer worked out from the rules.

A file has comment lines first, then two tables with an empty line between them::

    # R13, R14: what the day shows.
    # The working, so that a person can check every expected value with pencil and paper.
    #: edges = [0, 10, 20]
    #: channels.phone = {open = [true, false], cut = true}
    #: channels.mail = {deferred = true, interruptible = true, priority = 2}
    #: groups.team = {staffing = [1, 0], phone = {}, mail = {level = 2, speed = 0.5}}
    contact,arrival,channel,work,due,entered,started,ended,handled,outcome,group,agent
    0,0,mail,10,90,0,0,20,10,served,team,0

    group,interval,staffed,overtime,busy,slot_seconds
    team,0,10,0,10,10
    team,1,0,0,10,10

The first line cites the rules. Lines with `#:` are TOML: everything about the centre that is not at its plainest value.
A channel has `deferred`, `open` and `bot` (one value, or one an interval), `cut`, `slot_speed`, `interruptible` and
`priority` (one value, or one a topic). A group has `staffing`, `reserve` and, by the name of a channel or of
"channel/topic", its skills: `level`, `overflow_after`, `speed`, `slots`. `topics` lists names, if there are several.

Contact columns that are left out or empty have the plain values of `make_contacts`. Expected columns must be there;
empty means that it did not happen (nan, or no agent).
"""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from centres import make_centre, make_contacts
from days import Day

from simulator.contacts import ContactRecords, Ledger, Outcome
from simulator.engine import NO_SKILL

if TYPE_CHECKING:
    from typing import Any

    from simulator.contacts import Contacts
    from simulator.engine import Centre

CASES = sorted((Path(__file__).resolve().parent / "cases").glob("*.csv"))

CHANNEL_FIELDS = {"deferred", "open", "bot", "cut", "slot_speed", "interruptible", "priority"}
SKILL_FIELDS = {"level", "overflow_after", "speed", "slots"}
CONTACT_COLUMNS = {"topic", "work", "patience", "due", "meets_bot", "contained", "bot_time"}
EXPECTED_COLUMNS = {"entered", "started", "ended", "handled", "outcome", "group", "agent"}
LEDGER_COLUMNS = ("staffed", "overtime", "busy", "slot_seconds")


@dataclass(frozen=True, slots=True)
class Case:
    """A day and what must come of it."""

    rules: tuple[str, ...]
    day: Day
    records: ContactRecords
    ledger: Ledger


def read_case(path: Path) -> Case:
    """The case in a file; assertions fail where it does not keep to the form."""
    lines = path.read_text(encoding="utf-8").splitlines()
    head = re.match(r"# (R\d+(?:, R\d+)*): \S", lines[0])
    assert head, "the first line cites the rules: '# R13, R14: what the day shows.'"
    comments = [line for line in lines if line.startswith("#")]
    tables = "\n".join(line for line in lines if not line.startswith("#")).strip("\n").split("\n\n")
    assert len(tables) == 2, "a table of contacts, an empty line, a table of the ledger"
    plan = tomllib.loads("\n".join(line.removeprefix("#:") for line in comments if line.startswith("#:")))
    contact_rows, ledger_rows = (read_table(table) for table in tables)

    topics, groups = plan.get("topics", [""]), list(plan["groups"])
    contacts = read_contacts(contact_rows, list(plan["channels"]), topics)
    staffing = np.array([group["staffing"] for group in plan["groups"].values()], dtype=np.int64)
    return Case(
        rules=tuple(head[1].split(", ")),
        day=Day(read_centre(plan, topics), contacts, staffing),
        records=read_records(contact_rows, contacts, groups),
        ledger=read_ledger(ledger_rows, groups, staffing.shape[1]),
    )


def read_table(text: str) -> list[dict[str, str]]:
    """The rows of one table, each with a value for every column."""
    header, *rows = csv.reader(text.splitlines())
    return [dict(zip(header, row, strict=True)) for row in rows]


def read_centre(plan: dict[str, Any], topics: list[str]) -> Centre:
    """The centre that the `#:` lines describe."""
    assert plan.keys() <= {"edges", "topics", "channels", "groups"}, plan.keys()
    channels: dict[str, dict[str, Any]] = plan["channels"]
    groups: dict[str, dict[str, Any]] = plan["groups"]
    shape = (len(channels), len(topics), len(groups))
    intervals = len(plan["edges"]) - 1
    many = max(
        skill.get("slots", 1) for group in groups.values() for skill in group.values() if isinstance(skill, dict)
    )

    is_open, bot_on = np.ones((len(channels), intervals), np.bool_), np.zeros((len(channels), intervals), np.bool_)
    slot_speed, priority = np.ones((len(channels), many)), np.ones(shape[:2], np.int64)
    for c, channel in enumerate(channels.values()):
        assert channel.keys() <= CHANNEL_FIELDS, channel.keys()
        is_open[c] = channel.get("open", True)
        bot_on[c] = channel.get("bot", False)
        speeds = channel.get("slot_speed", [1.0])
        slot_speed[c, : len(speeds)] = speeds
        wanted = channel.get("priority", 1)
        priority[c] = [wanted[topic] for topic in topics] if isinstance(wanted, dict) else wanted

    level, slots = np.full(shape, NO_SKILL, np.int64), np.ones((len(channels), len(groups)), np.int64)
    opens_after, speed = np.zeros(shape), np.ones(shape)
    for g, group in enumerate(groups.values()):
        for name, skill in group.items():
            if name in {"staffing", "reserve"}:
                continue
            assert skill.keys() <= SKILL_FIELDS, skill.keys()
            channel_name, _, topic = name.partition("/")
            c, t = list(channels).index(channel_name), topics.index(topic) if topic else slice(None)
            level[c, t, g] = skill.get("level", 1)
            opens_after[c, t, g] = skill.get("overflow_after", 0.0)
            speed[c, t, g] = skill.get("speed", 1.0)
            slots[c, g] = skill.get("slots", 1)

    return make_centre(
        intervals=intervals,
        channels=shape[0],
        topics=shape[1],
        groups=shape[2],
        edges=plan["edges"],
        live=[not channel.get("deferred", False) for channel in channels.values()],
        open=is_open,
        cut=[channel.get("cut", False) for channel in channels.values()],
        bot_on=bot_on,
        slots=slots,
        slot_speed=slot_speed,
        interruptible=[channel.get("interruptible", False) for channel in channels.values()],
        priority=priority,
        level=level,
        opens_after=opens_after,
        speed=speed,
        reserve=[group.get("reserve", 0) for group in groups.values()],
    )


def read_contacts(rows: list[dict[str, str]], channels: list[str], topics: list[str]) -> Contacts:
    """The contact columns of the first table."""
    for number, row in enumerate(rows):
        unknown = row.keys() - CONTACT_COLUMNS - EXPECTED_COLUMNS - {"contact", "arrival", "channel"}
        assert not unknown, unknown
        assert row["contact"] == str(number), "contacts are numbered from 0"
    plain = make_contacts([0.0])
    columns = {
        name: [float(row.get(name) or getattr(plain, name)[0]) for row in rows] for name in CONTACT_COLUMNS - {"topic"}
    }
    return make_contacts(
        [float(row["arrival"]) for row in rows],
        channel=[channels.index(row["channel"]) for row in rows],
        topic=[topics.index(row.get("topic", "")) for row in rows],
        **columns,
    )


def read_records(rows: list[dict[str, str]], contacts: Contacts, groups: list[str]) -> ContactRecords:
    """The expected columns of the first table."""
    records = ContactRecords.blank(contacts)
    for number, row in enumerate(rows):
        for name in ("entered", "started", "ended"):
            getattr(records, name)[number] = float(row[name] or "nan")
        records.handled[number] = float(row["handled"])
        records.outcome[number] = Outcome[row["outcome"].upper()]
        records.group[number] = groups.index(row["group"]) if row["group"] else -1
        records.agent[number] = int(row["agent"]) if row["agent"] else -1
    return records


def read_ledger(rows: list[dict[str, str]], groups: list[str], intervals: int) -> Ledger:
    """The second table; it has one row for every group and interval."""
    ledger = Ledger.blank(len(groups), intervals)
    cells = [(groups.index(row["group"]), int(row["interval"])) for row in rows]
    assert cells == [(g, i) for g in range(len(groups)) for i in range(intervals)], cells
    for cell, row in zip(cells, rows, strict=True):
        for name in LEDGER_COLUMNS:
            getattr(ledger, name)[cell] = float(row[name])
    return ledger
