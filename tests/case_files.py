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
A channel has `deferred`, `open` and `bot` (one value, or one an interval), `cut`, `slot_speed`, `interruptible`,
`priority`, `escalated_work` and `escalated_patience` (one value, or one a topic), `bot_capacity`, `tells`,
`told_patience`, `callback_from`, `silent_work`, `after_opening` and `promise`, a list of knots [due_from, due_at,
due_rate]. A group has
`staffing`, `reserve`, `pace` and `quality` (one value, or one an interval), `on_call` with `called_from`,
`called_from_wait`, `lead`, `stay` and `released_at`, and, by the name of a channel or of "channel/topic", its skills:
`level`, `overflow_after`, `speed`, `slots`. `topics` lists names, if there are several.

`customers` has the classes of customers that are not ordinary: by the name of a channel, the `priority` that differs
from that of ordinary ones. A skill for one class only is that of "channel@class" or "channel/topic@class"; the other
skills are for all classes. The column `customer` has the class of a contact, empty for ordinary ones.

Contact columns that are left out or empty have the plain values of `make_contacts`. Expected columns must be there;
empty means that it did not happen (nan, or no agent). A contact with a value in the column `after` is a follow-up; then
`arrival` and `due` are what is expected, and `cause`, `delay`, `resolved_by` and `waits_for_opening` bring it about.
"""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from centres import make_centre, make_contacts, make_follow_ups
from days import Day

from simulator.contacts import Cause, ContactRecords, FollowUps, Ledger, Outcome
from simulator.engine import NO_SKILL

if TYPE_CHECKING:
    from typing import Any

    from simulator.contacts import Contacts
    from simulator.engine import Centre

CASES = sorted((Path(__file__).resolve().parent / "cases").glob("*.csv"))

AS_THEY_ARE = {
    *("cut", "interruptible", "bot_capacity", "tells", "told_patience"),
    *("callback_from", "silent_work", "after_opening"),
}
BY_TOPIC = {"escalated_work", "escalated_patience"}
CHANNEL_FIELDS = {"deferred", "open", "bot", "slot_speed", "promise", "priority"} | AS_THEY_ARE | BY_TOPIC
ON_CALL_FIELDS = {"called_from", "called_from_wait", "lead", "stay", "released_at"}
GROUP_FIELDS = {"staffing", "reserve", "pace", "quality", "on_call"}
SKILL_FIELDS = {"level", "overflow_after", "speed", "slots"}
CONTACT_COLUMNS = {"work", "patience", "meets_bot", "contained", "bot_time", "tolerance", "silent"}
KINDS = ("channel", "topic", "customer")
FOLLOW_UP_COLUMNS = {"after", "cause", "delay", "resolved_by", "waits_for_opening"}
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

    topics, groups, classes = plan.get("topics", [""]), list(plan["groups"]), ["", *plan.get("customers", {})]
    contacts = read_contacts(contact_rows, {"channel": list(plan["channels"]), "topic": topics, "customer": classes})
    staffing = np.array([group["staffing"] for group in plan["groups"].values()], dtype=np.int64)
    return Case(
        rules=tuple(head[1].split(", ")),
        day=Day(read_centre(plan, topics, classes), contacts, staffing),
        records=read_records(contact_rows, contacts, groups),
        ledger=read_ledger(ledger_rows, groups, staffing.shape[1]),
    )


def read_table(text: str) -> list[dict[str, str]]:
    """The rows of one table, each with a value for every column."""
    header, *rows = csv.reader(text.splitlines())
    return [dict(zip(header, row, strict=True)) for row in rows]


def read_centre(plan: dict[str, Any], topics: list[str], classes: list[str]) -> Centre:
    """The centre that the `#:` lines describe."""
    assert plan.keys() <= {"edges", "topics", "customers", "channels", "groups"}, plan.keys()
    channels: dict[str, dict[str, Any]] = plan["channels"]
    groups: dict[str, dict[str, Any]] = plan["groups"]
    shape = (len(channels), len(topics), len(groups))
    by_skill = (len(classes), *shape)
    intervals = len(plan["edges"]) - 1
    many = max(
        skill.get("slots", 1) for group in groups.values() for name, skill in group.items() if name not in GROUP_FIELDS
    )

    promises = [channel.get("promise", [[0, np.inf, 0]]) for channel in channels.values()]
    knots = max(map(len, promises))
    named: dict[str, Any] = {
        "edges": plan["edges"],
        "live": [not channel.get("deferred", False) for channel in channels.values()],
        "open": np.ones((len(channels), intervals), np.bool_),
        "bot_on": np.zeros((len(channels), intervals), np.bool_),
        "slots": np.ones((len(channels), len(groups)), np.int64),
        "slot_speed": np.ones((len(channels), many)),
        "priority": np.ones(by_skill[:-1], np.int64),
        "level": np.full(by_skill, NO_SKILL, np.int64),
        "opens_after": np.zeros(by_skill),
        "speed": np.ones(by_skill),
        "pace": np.ones((len(groups), intervals)),
        "quality": np.ones((len(groups), intervals)),
        "reserve": [group.get("reserve", 0) for group in groups.values()],
        "on_call": ["on_call" in group for group in groups.values()],
    }
    # Every other field has the values of a plain centre where the day says nothing.
    plain = make_centre(intervals=intervals, channels=shape[0], topics=shape[1], groups=shape[2])
    named |= {name: getattr(plain, name).copy() for name in AS_THEY_ARE | BY_TOPIC | ON_CALL_FIELDS}
    no_knot = np.array([np.inf, np.inf, 0.0])
    promised = np.array([[*promise, *[no_knot] * (knots - len(promise))] for promise in promises], dtype=np.float64)
    named |= dict(zip(("due_from", "due_at", "due_rate"), np.moveaxis(promised, 2, 0), strict=True))
    for c, channel in enumerate(channels.values()):
        assert channel.keys() <= CHANNEL_FIELDS, channel.keys()
        named["open"][c] = channel.get("open", True)
        named["bot_on"][c] = channel.get("bot", False)
        speeds = channel.get("slot_speed", [1.0])
        named["slot_speed"][c, : len(speeds)] = speeds
        for name in channel.keys() & AS_THEY_ARE:
            named[name][c] = channel[name]
        for name in channel.keys() & BY_TOPIC:
            named[name][c] = by_topic(channel[name], topics)
        named["priority"][:, c] = by_topic(channel.get("priority", 1), topics)
    for k, others in enumerate(plan.get("customers", {}).values(), 1):
        for name, different in others.items():
            assert different.keys() == {"priority"}, different.keys()
            named["priority"][k, list(channels).index(name)] = by_topic(different["priority"], topics)

    for g, group in enumerate(groups.values()):
        named["pace"][g], named["quality"][g] = group.get("pace", 1.0), group.get("quality", 1.0)
        assert group.get("on_call", {}).keys() <= ON_CALL_FIELDS, group["on_call"].keys()
        for name, value in group.get("on_call", {}).items():
            named[name][g] = value
        for name, skill in group.items():
            if name in GROUP_FIELDS:
                continue
            assert skill.keys() <= SKILL_FIELDS, skill.keys()
            line, at, whose = name.partition("@")
            channel_name, _, topic = line.partition("/")
            c, t = list(channels).index(channel_name), topics.index(topic) if topic else slice(None)
            served = classes.index(whose.removeprefix("ordinary")) if at else slice(None), c, t, g
            named["level"][served] = skill.get("level", 1)
            named["opens_after"][served] = skill.get("overflow_after", 0.0)
            named["speed"][served] = skill.get("speed", 1.0)
            named["slots"][c, g] = skill.get("slots", 1)

    numbers = {"channels": shape[0], "topics": shape[1], "groups": shape[2], "customer_classes": len(classes)}
    return make_centre(intervals=intervals, **numbers, **named)


def by_topic(value: Any, topics: list[str]) -> Any:
    """One value, or one for each topic by its name."""
    return [value[topic] for topic in topics] if isinstance(value, dict) else value


def read_contacts(rows: list[dict[str, str]], names: dict[str, list[str]]) -> Contacts:
    """The contact columns of the first table; `names` are those of channels, topics and classes of customers."""
    for number, row in enumerate(rows):
        known = CONTACT_COLUMNS | FOLLOW_UP_COLUMNS | EXPECTED_COLUMNS | {*KINDS, "contact", "arrival", "due"}
        assert row.keys() <= known, row.keys() - known
        assert row["contact"] == str(number), "contacts are numbered from 0"
    following = [row for row in rows if row.get("after")]
    assert rows[len(rows) - len(following) :] == following, "follow-ups stand last"
    plain = make_contacts([0.0])
    columns = {name: [float(row.get(name) or getattr(plain, name)[0]) for row in rows] for name in CONTACT_COLUMNS}
    channel, topic, customer_class = ([names[kind].index(row.get(kind, "")) for row in rows] for kind in KINDS)
    arrival, due = (
        [np.inf if row in following else float(row.get(name) or np.inf) for row in rows] for name in ("arrival", "due")
    )
    return make_contacts(
        arrival,
        channel=channel,
        topic=topic,
        customer_class=customer_class,
        due=due,
        follow_ups=read_follow_ups(following),
        **columns,
    )


def read_follow_ups(rows: list[dict[str, str]]) -> FollowUps:
    """What brings the last contacts of the first table about."""
    plain = make_follow_ups([0])
    columns = {
        name: [float(row.get(name) or getattr(plain, name)[0]) for row in rows]
        for name in ("delay", "resolved_by", "waits_for_opening")
    }
    cause = [Cause[row["cause"].upper().replace("-", "_")] for row in rows]
    return make_follow_ups([int(row["after"]) for row in rows], cause=cause, **columns)


def read_records(rows: list[dict[str, str]], contacts: Contacts, groups: list[str]) -> ContactRecords:
    """The expected columns of the first table."""
    records = ContactRecords.blank(contacts)
    for number, row in enumerate(rows):
        for name in ("entered", "started", "ended"):
            getattr(records, name)[number] = float(row[name] or "nan")
        records.handled[number] = float(row["handled"])
        records.outcome[number] = Outcome[row["outcome"].upper().replace(" ", "_")]
        records.arrived[number] = float(row["arrival"] or "nan")
        records.due[number] = float(row.get("due") or "inf")
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
