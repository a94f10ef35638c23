"""What the fields of a scenario that can be moved are called, and what they mean."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from simulator.language import clock, day, say, spoken, weekday
from simulator.language.catalogue import catalogue
from simulator.scenario.fields import title_of
from simulator.scenario.hours import WEEKDAYS
from simulator.scenario.knobs import apart
from simulator.scenario.units import parse_clock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.scenario.knobs import Knob

_MONDAY = date(2024, 1, 1)
_TIME = re.compile(
    rf"(?P<date>\d{{4}}-\d\d-\d\d)|(?P<clock>\d\d?:\d\d)|(?P<weekday>{'|'.join(WEEKDAYS)})"
    r"|(?P<days>daily|holidays|always)|(?P<to>-)|(?P<between>[ ,;]+)"
)
"""A part of a name that is a date, a clock time or weekly hours."""


def field_title(knob: Knob) -> str:
    """What a field is called, after its owner's name if it has one: "Phone: patience"."""
    name, inner, *_ = (*map(_name_words, knob.names), "", "")
    if f"fields.{knob.pattern}.title" in catalogue(spoken()):
        title = say(f"fields.{knob.pattern}.title", name=name, inner=inner)
    else:  # a field that is new, and has no words of its own yet
        title = title_of(knob.pattern.rpartition(".")[2])
    return f"{knob.owner_title}: {title}" if knob.owner_title else title


def field_help(knob: Knob) -> str:
    """What a field means; where the catalogue says nothing, in the words of the model."""
    if f"fields.{knob.pattern}.help" not in catalogue(spoken()):
        return knob.help
    return say(f"fields.{knob.pattern}.help")


def choice_words(knob: Knob, choice: str) -> str:
    """What one of the choices of a field is called: in-house."""
    field = knob.pattern.rpartition(".")[2]
    return say(f"names.{field}.{choice}")


def apart_words(knob: Knob, known: Iterable[Knob]) -> str:
    """Which topics do not move with a field, for they have a value of their own; empty if there are none."""
    levers = [f"{field_title(each)} = {each.written}" for each in apart(knob, known)]
    return say("grid.apart", levers="; ".join(levers)) if levers else ""


def _name_words(name: str) -> str:
    """A date, a clock time or weekly hours in the language's form, any other name as it is."""
    if not re.fullmatch(f"(?:{re.sub(r'[?]P<[a-z]+>', '', _TIME.pattern)})+", name):
        return name
    return _TIME.sub(_time_words, name)


def _time_words(part: re.Match[str]) -> str:
    text = part[0]
    match part.lastgroup:
        case "date":
            return day(date.fromisoformat(text))
        case "clock":
            return clock(parse_clock(text))
        case "weekday":
            return weekday(_MONDAY + timedelta(days=WEEKDAYS.index(text)))
        case "days":
            return say(f"names.days.{text}")
        case "to":
            return "–"
    return text
