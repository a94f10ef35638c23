"""A view as a link: the scenario's name and every override, written as the command line's `--set` takes them."""

from __future__ import annotations

import json
from itertools import accumulate
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from simulator.scenario.overrides import parse_override
from simulator.scenario.paths import join_path, split_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_OVERRIDES = 200
LONGEST_OVERRIDE = 5_000
"""Characters; a longer one is no slider's."""
LONGEST_LINK = 30_000
"""Characters of its changes as an address writes them; servers take addresses of some 60 000, headers included."""
DEEPEST_OVERRIDE = 20
"""Brackets within brackets; what reads a value, or copies it, goes one call deeper for each."""


def override_text(path: str, value: object) -> str:
    """`path=value` as `parse_override` reads it; text stands in quotes, so that nothing else is taken from it."""
    return f"{join_path(split_path(path))}={_toml(value)}"


def read_overrides(texts: Iterable[str]) -> tuple[dict[str, object], list[str]]:
    """The overrides of a link, and what could not be read or is more than any slider sets."""
    overrides: dict[str, object] = {}
    refused = []
    for number, text in enumerate(texts):
        try:
            if number >= MOST_OVERRIDES or len(text) > LONGEST_OVERRIDE or _depth(text) > DEEPEST_OVERRIDE:
                raise ValueError(text)
            path, value = parse_override(text)
            if len(split_path(path)) > DEEPEST_OVERRIDE or _tables(value) > DEEPEST_OVERRIDE:
                raise ValueError(text)
        except ValueError:
            refused.append(text[:80])
        else:
            overrides[path] = value
    return overrides, refused


OWN = "own"
"""The parameter that says that the scenario was uploaded or edited, so that whoever opens the link does not have it."""


def query(
    name: str, overrides: Mapping[str, object], language: str, *, own: bool = False
) -> dict[str, str | list[str]]:
    """The parameters of the link; `own` if the scenario is of the session alone.

    Changes that are too long for a link are left out. They are then the session's alone, as an edited scenario is.
    """
    parameters: dict[str, str | list[str]] = {"scenario": name, "lang": language}
    fits = is_short_enough(overrides)
    if own or not fits:
        parameters[OWN] = "1"
    if overrides and fits:
        parameters["set"] = _texts(overrides)
    return parameters


def is_short_enough(overrides: Mapping[str, object]) -> bool:
    """Whether a link can carry these overrides."""
    return sum(len(quote_plus(text)) for text in _texts(overrides)) <= LONGEST_LINK


def _texts(overrides: Mapping[str, object]) -> list[str]:
    return [override_text(path, value) for path, value in overrides.items()]


def _depth(text: str) -> int:
    """How many brackets are open at most, those in quotes counted too."""
    steps = ((letter in "[{") - (letter in "]}") for letter in text)
    return max(accumulate(steps, initial=0))


def _tables(value: object) -> int:
    """How many tables are within each other at most: `{a.b = 1}` is two of them."""
    found, level = 0, [value]
    while level:
        found, level = found + 1, [inner for each in level for inner in _inner(each)]
    return found - 1


def _inner(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _toml(value: object) -> str:
    """A value as TOML writes it within one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(str(key))} = {_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, int | float):
        return repr(value)
    return _text(str(value))


def _text(text: str) -> str:
    """Text in quotes; JSON's escapes are TOML's, which also wants DEL escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
