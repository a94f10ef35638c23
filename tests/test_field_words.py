"""Every field that a planner can move is called something in both languages, and so is whatever it may be set to."""

from __future__ import annotations

import string
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from simulator.language import LANGUAGES, speaking
from simulator.language.catalogue import catalogue
from simulator.scenario import apply_overrides, read_source
from simulator.scenario.document import Document
from simulator.scenario.knobs import Knob, knobs
from simulator.scenario.levers import LEVER, SECTION
from simulator.scenario.sliders import NO_NUMBERS, kind_of
from simulator.words import choice_words, field_help, field_title

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
SCENARIOS = [*sorted((ROOT / "scenarios").glob("*.toml")), ROOT / "benchmarks" / "peak-day.toml"]
SCHEMA: dict[str, Any] = Document.model_json_schema()
NAMES = ("name", "inner")


def fields(node: dict[str, Any], pattern: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field that can be moved in any file that the schema allows: whatever forms a table may have, all of them.

    Written apart from `knobs`, which walks along a file.
    """
    while "$ref" in node:
        definition = SCHEMA["$defs"][node["$ref"].rpartition("/")[2]]
        node = definition | {key: value for key, value in node.items() if key != "$ref"}
    if isinstance(node.get(LEVER), str):  # why it cannot be moved
        return
    if kind_of(node):
        yield ".".join(pattern), node
        return
    marks = {LEVER: node[LEVER]} if LEVER in node else {}
    for form in [*node.get("anyOf", ()), *node.get("oneOf", ())]:
        yield from fields(form | marks, pattern)
    for name, inner in node.get("properties", {}).items():
        yield from fields(inner, (*pattern, name))
    for inner in [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]:
        if isinstance(inner, dict):
            yield from fields(inner | marks, (*pattern, "*"))


FIELDS = {
    pattern: node
    for name, section in SCHEMA["properties"].items()
    if SECTION in section
    for pattern, node in fields(section, (name,))
}
# A time that may be written alone is the mean of its table.
PATTERNS = {pattern for pattern in FIELDS if f"{pattern}.mean" not in FIELDS}


def named(language: str, part: str) -> dict[str, str]:
    """Pattern -> title or help, in one language."""
    found = {}
    for key, text in catalogue(language).items():
        if key.startswith("fields.") and key.endswith(f".{part}"):
            assert isinstance(text, str), key
            found[key.removeprefix("fields.").removesuffix(f".{part}")] = text
    return found


def of(path: Path) -> tuple[Knob, ...]:
    return knobs(read_source(path).raw)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_of_the_schema_has_a_title_and_no_title_is_of_another(language: str) -> None:
    assert set(named(language, "title")) == PATTERNS


def test_finnish_explains_every_field_and_english_those_that_the_model_explains_otherwise() -> None:
    assert set(named("fi", "help")) == PATTERNS
    assert set(named("en", "help")) <= PATTERNS
    said = {pattern: text for pattern, text in named("en", "help").items() if "description" in FIELDS[pattern]}
    assert not {pattern for pattern, text in said.items() if FIELDS[pattern]["description"] == text}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_title_has_a_place_for_every_name_on_the_way_and_a_help_has_none(language: str) -> None:
    for pattern, title in named(language, "title").items():
        _, _, below = pattern.removeprefix("*").partition(".")
        names = below.removeprefix("*").split(".").count("*")
        assert [place for _, place, _, _ in string.Formatter().parse(title) if place] == [*NAMES[:names]], pattern
    for pattern, text in named(language, "help").items():
        assert not set("{}") & set(text), pattern


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_shipped_scenario_has_a_title_and_a_help_for_every_knob_and_no_two_titles_alike(
    path: Path, language: str
) -> None:
    found = of(path)
    assert {knob.pattern for knob in found} <= PATTERNS
    with speaking(language):
        titles = [field_title(knob) for knob in found]
        assert all(field_help(knob) for knob in found)
    assert len(set(titles)) == len(titles), sorted(title for title in titles if titles.count(title) > 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_has_a_name(language: str) -> None:
    choices = {pattern.rpartition(".")[2]: node["enum"] for pattern, node in FIELDS.items() if "enum" in node}
    assert set(choices) == {"employer", "closing", "band", "growth", "closed_days"}
    for field, values in choices.items():
        start = f"names.{field}."
        assert {key.removeprefix(start) for key in catalogue(language) if key.startswith(start)} == set(values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_instead_of_a_number_has_a_name(language: str) -> None:
    start = "names.no_number."
    found = {key.removeprefix(start) for key in catalogue(language) if key.startswith(start)}
    assert found == {"left out", *NO_NUMBERS}


def test_hours_and_dates_are_in_the_form_of_the_language() -> None:
    raw = read_source(SCENARIOS[0].parent / "black-friday.toml").raw
    changes: dict[str, object] = {'groups.inhouse.extra_in."2026-11-27 10:00-14:15"': 3}
    found = {knob.path: knob for knob in knobs(apply_overrides(raw, changes))}
    extra = found['groups.inhouse.extra_in."2026-11-27 10:00-14:15"']
    monday = found['groups.inhouse.staffing."mon 08:00-18:00"']
    assert field_title(extra) == "In-house team: agents more or fewer, Fri 27 Nov 10:00–14:15"
    assert field_title(monday) == "In-house team: agents, Mon 08:00–18:00"
    with speaking("fi"):
        assert field_title(extra) == "In-house team: henkilöitä lisää tai pois, pe 27.11. 10.00–14.15"
        assert field_title(monday) == "In-house team: henkilöt, ma 8.00–18.00"
        assert choice_words(found["channels.phone.closing"], "drain") == "jono palvellaan"


def test_the_first_levers_of_a_group_come_in_the_order_in_which_a_planner_thinks() -> None:
    order = ["extra_agents", "overflow_after", "lead", "absence", "shrinkage"]
    first = [knob for knob in of(SCENARIOS[0].parent / "black-friday.toml") if knob.first and knob.section == "agents"]
    owners = list(dict.fromkeys(knob.owner for knob in first))
    assert [knob.owner for knob in first] == sorted((knob.owner for knob in first), key=owners.index)
    for owner in owners:
        places = [order.index(knob.path.rpartition(".")[2]) for knob in first if knob.owner == owner]
        assert places == sorted(places)
