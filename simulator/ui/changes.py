"""What overrides change, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.words import field_title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.scenario.knobs import Knob

_LONGEST = 60
"""Letters of a value; a whole table of a scenario is longer."""


def change_words(overrides: Mapping[str, object], knobs: Mapping[str, Knob]) -> list[str]:
    """Each override with the title of its field, where that is a knob."""
    return [
        f"{field_title(knobs[path]) if path in knobs else path} = {_value(value)}" for path, value in overrides.items()
    ]


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{" + _short(", ".join(f"{key} {inner}" for key, inner in value.items())) + "}"
    return _short(str(value))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
