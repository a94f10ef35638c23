"""What overrides change, in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from simulator.language import day, say
from simulator.scenario.paths import split_path
from simulator.words import field_title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.scenario.knobs import Knob

_LONGEST = 60
"""Letters of a value; a whole table of a scenario is longer."""


def change_words(overrides: Mapping[str, object], knobs: Mapping[str, Knob]) -> list[str]:
    """Each override with the title of its field, where that is known."""
    return [f"{change_title(path, knobs)} = {_value(value)}" for path, value in overrides.items()]


def change_title(path: str, knobs: Mapping[str, Knob]) -> str:
    """What an override moves: the title of a knob, the agents of a group on a day; of any other field its path."""
    if path in knobs:
        return field_title(knobs[path])
    match split_path(path):
        case "groups", group, "dates", date_text:
            titles = (knob.owner_title for each, knob in knobs.items() if split_path(each)[:2] == ("groups", group))
            try:
                return say("sidebar.agents_on", group=next(titles, group), day=day(date.fromisoformat(date_text)))
            except ValueError:  # of a link that somebody wrote by hand
                return path
        case _:
            return path


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{" + _short(", ".join(f"{key} {inner}" for key, inner in value.items())) + "}"
    return _short(str(value))


def _short(text: str) -> str:
    """Cut between words: of a number, the first digits would be another one."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST + 1].rpartition(' ')[0] or text[:_LONGEST]} …"
