"""Sliders come from the tables of the scenario, and what they set is a scenario."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pydantic import Field
from uploads import uploaded

from simulator.scenario import ScenarioError, apply_overrides, load_scenario, read_source
from simulator.scenario.document import Document
from simulator.scenario.fields import Duration, Name, Share, as_written
from simulator.scenario.knobs import Knob, apart, as_override, knobs, window_path
from simulator.scenario.levers import SECTIONS, lever, no_lever, section
from simulator.scenario.schema import json_schema
from simulator.scenario.source import RawTable
from simulator.scenario.table import Table
from simulator.scenario.time_tables import PatienceField, TimeField
from simulator.words import field_title

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SHOP = Path(__file__).parent / "data" / "shop.toml"
CHRISTMAS = SCENARIOS / "christmas.toml"
BLACK_FRIDAY = SCENARIOS / "black-friday.toml"


class ToyDeskTable(Table):
    title: str | None = None
    greeting: Share = Field(
        default=as_written("10 %"),
        description="How many are greeted.",
        json_schema_extra=lever("0 %", "50 %", step="5 %"),
    )
    work: TimeField = Field(description="How long it takes.", json_schema_extra=lever("1 min", first=True))
    calm: PatienceField | None = Field(default=None, description="How long they stay.")
    seats: int | None = Field(default=None, ge=0, description="Chairs.", json_schema_extra=lever(0, 20))
    split: dict[Name, Share] = Field(default={}, json_schema_extra=no_lever("they add up"))
    extra: dict[Name, Share] = Field(default={}, description="More of them.")


class ToyRestTable(Table):
    nap: Duration = Field(default=as_written("20 min"), description="A rest.")


class ToyDocument(Table):
    desks: dict[Name, ToyDeskTable] = Field(description="Desks.", json_schema_extra=section("service"))
    rest: ToyRestTable = Field(default=ToyRestTable(), description="Rest.", json_schema_extra=section("agents"))
    hidden: ToyRestTable = Field(default=ToyRestTable(), description="Of no section.")


def _toy(desk: RawTable) -> dict[str, Knob]:
    return {knob.path: knob for knob in knobs({"desks": {"front": desk}}, ToyDocument)}


def _of(path: Path, overrides: dict[str, object] | None = None) -> dict[str, Knob]:
    return {knob.path: knob for knob in knobs(apply_overrides(read_source(path).raw, overrides or {}))}


def test_a_field_of_any_table_becomes_a_slider_with_what_its_declaration_says() -> None:
    found = _toy({"title": "Front desk", "work": "6 min", "extra": {"left": "5 %"}, "split": {"a": "100 %"}})
    assert set(found) == {
        "rest.nap",
        "desks.front.greeting",
        "desks.front.work.mean",
        "desks.front.seats",
        "desks.front.extra.left",
    }
    greeting = found["desks.front.greeting"]
    assert (greeting.kind, greeting.value, greeting.low, greeting.high, greeting.step, greeting.unit) == (
        "share",
        10.0,
        0.0,
        50.0,
        5.0,
        "%",
    )
    assert (greeting.owner, field_title(greeting)) == ("desks.front", "Front desk: Greeting")
    assert (greeting.help, greeting.section, greeting.first) == ("How many are greeted.", "service", False)
    work = found["desks.front.work.mean"]
    assert (work.value, work.unit, work.help, work.first) == (6, "min", "How long it takes.", True)
    assert found["desks.front.extra.left"].pattern == "desks.*.extra.*"


def test_a_field_without_a_value_is_a_slider_only_where_its_declaration_says_how_far_it_goes() -> None:
    found = _toy({"work": "6 min"})
    assert (found["desks.front.seats"].value, found["desks.front.seats"].high) == (None, 20)
    assert not [path for path in found if "calm" in path]


def test_a_word_instead_of_a_number_is_no_position_of_a_slider() -> None:
    found = _toy({"work": "6 min", "calm": "infinite"})
    calm = found["desks.front.calm.mean"]
    assert (calm.value, calm.written) == (None, "infinite")
    assert as_override(calm, 3.5) == f"3.5 {calm.unit}"


@pytest.mark.parametrize(
    ("path", "value", "unit", "position", "written"),
    [
        ("channels.phone.handling_time.mean", 250, "s", 300, "300 s"),
        ("channels.chat.handling_time.mean", 8, "min", 6.5, "6.5 min"),
        ("channels.chat.bot.containment", 30, "%", 35, "35 %"),
        ("campaigns.newsletter.uplift", 80, "%", -20, "-20 %"),
        ("campaigns.newsletter.uplift", 80, "%", 0, "+0 %"),
        ("groups.inhouse.cost", 29, "EUR/h", 30.5, "30.5 EUR/h"),
        ("groups.inhouse.extra_agents", 0, "", -3, -3),
        ("day_factors.black_friday.factor", 2.2, "", 3.05, 3.05),
        ("channels.phone.redial.share", 55, "%", 50, ["50 %", "40.9091 %", "27.2727 %"]),
        ("channels.phone.redial.share", 55, "%", 0, ["0 %", "0 %", "0 %"]),
        ("channels.email.target.within", 24, "h", 36, "36 h"),
        ("uncertainty.band", "expected", "", "pessimistic", "pessimistic"),
        ("announcements.call_later.active", False, "", True, True),
        ("channels.phone.hours", "mon-fri 09:00-18:00; sat 10:00-15:00", "", "always", "always"),
        ("groups.outsourced.skills.phone_overflow.overflow_after", 45, "s", 20, "20 s"),
        ('groups.inhouse.staffing."mon 08:00-18:00"', 12, "", 15, 15),
    ],
)
def test_a_position_is_written_as_a_planner_writes_it(
    path: str, value: float | str, unit: str, position: float | str, written: object
) -> None:
    knob = _of(BLACK_FRIDAY)[path]
    assert (knob.value, knob.unit) == (value, unit)
    assert as_override(knob, position) == written
    raw = apply_overrides(read_source(BLACK_FRIDAY).raw, {path: written})
    moved = next(knob for knob in knobs(raw) if knob.path == path)
    assert as_override(moved, moved.value or position) == written


def test_sections_come_as_planners_think_and_first_levers_first() -> None:
    order = [(SECTIONS.index(knob.section), not knob.first) for knob in knobs(read_source(BLACK_FRIDAY).raw)]
    assert order == sorted(order)


def test_black_friday_has_every_lever_that_planners_reach_for() -> None:
    first = {knob.path for knob in knobs(read_source(BLACK_FRIDAY).raw) if knob.first}
    assert first >= {
        "overall.volume",
        "overall.handling_time",
        "groups.inhouse.extra_agents",
        "groups.inhouse.shrinkage",
        "groups.inhouse.absence",
        "groups.outsourced.skills.phone_overflow.overflow_after",
        "groups.on_call.on_call.lead",
        "channels.chat.bot.share",
        "channels.chat.bot.containment",
        "channels.chat.bot.refused",
        "channels.chat.bot.capacity",
        "channels.phone.demand.per_week",
        "campaigns.newsletter.uplift",
        "day_factors.black_friday.factor",
        "channels.phone.handling_time.mean",
        "channels.chat.slots",
        "channels.phone.patience.mean",
        "channels.phone.hours",
        "announcements.call_later.active",
        "announcements.call_later.reach",
        "ready_answers.delivery_texts.reach",
        "channels.phone.redial.share",
        "channels.phone.repeat.resolved",
        "uncertainty.band",
    }


def test_the_threshold_of_a_callback_is_a_first_lever_where_there_is_one() -> None:
    callback: dict[str, object] = {"channels.phone.callback": {"offered_from": "2 min", "taken": "45 %"}}
    knob = _of(BLACK_FRIDAY, callback)["channels.phone.callback.offered_from"]
    assert (knob.first, knob.value, knob.unit) == (True, 2, "min")


def test_agents_of_a_window_are_set_by_a_path_of_their_own_and_then_have_a_slider() -> None:
    path = window_path("inhouse", date(2026, 11, 27), 10 * 3600, 14 * 3600 + 900)
    assert path == 'groups.inhouse.extra_in."2026-11-27 10:00-14:15"'
    knob = _of(BLACK_FRIDAY, {path: 3})[path]
    assert (knob.value, knob.low, knob.high, knob.first, knob.owner) == (3, -14, 14, True, "groups.inhouse")
    assert knob.names == ("2026-11-27 10:00-14:15",)


def test_editors_hear_nothing_of_sliders() -> None:
    assert "x-" not in str(json_schema())


def test_fewer_chats_at_once_need_no_other_speeds() -> None:
    for slots in (1, 2, 3):
        chat = load_scenario(BLACK_FRIDAY, overrides={"channels.chat.slots": slots}).channels[1]
        assert (chat.slots, len(chat.slot_speed)) == (slots, slots)


def _ends(knob: Knob) -> list[float | bool | str]:
    """Where the slider may go, but for where it stands."""
    ends = (knob.low, knob.high, *knob.choices, *((True, False) if knob.kind == "switch" else ()))
    return [position for position in ends if position is not None and position != knob.value]


CLEAR = (
    "add up to",
    "At least one time of day",
    "may only be released when",
    "must be over by the end",
    "fewer, not more",
    "no channel has a table repeat or hand_on",
)
"""What two fields together may be refused for."""


@pytest.mark.parametrize(
    "path",
    [SHOP, *sorted(SCENARIOS.glob("*.toml"))],
    ids=lambda path: path.stem,
)
def test_every_slider_may_stand_anywhere_between_its_ends(path: Path) -> None:
    reader = uploaded(path)
    refused = []
    for knob in knobs(reader.source.raw):
        if knob.low is not None and knob.high is not None:
            assert knob.low < knob.high
            assert knob.step is not None
            assert 0 < knob.step <= knob.high - knob.low
        for position in dict.fromkeys(_ends(knob)):
            override = {knob.path: as_override(knob, position)}
            try:
                reader.scenario(overrides=override)
            except ScenarioError as error:
                refused += [] if any(words in str(error) for words in CLEAR) else [f"{override}: {error}"]
    assert not refused


@pytest.mark.parametrize("path", [SHOP, *sorted(SCENARIOS.glob("*.toml"))], ids=lambda path: path.stem)
def test_sliders_that_are_set_to_where_they_stand_change_nothing(path: Path) -> None:
    """All of them at once: each of them would change the scenario in a place of its own."""
    reader = uploaded(path)
    places = [(knob, knob.value) for knob in knobs(reader.source.raw)]
    standing = {knob.path: as_override(knob, place) for knob, place in places if place is not None}
    moved = reader.scenario(overrides=standing)
    assert replace(moved, content_hash="") == replace(reader.scenario(), content_hash="")


def test_every_section_of_the_file_has_a_place_on_the_page() -> None:
    """What a planner may move has its place on the page; the run, names, words and what contracts cost have none."""
    without = {name for name, field in Document.model_fields.items() if not field.json_schema_extra}
    assert without == {
        "title",
        "description",
        "currency",
        "horizon",
        "simulation",
        "suppliers",
        "topics",
        "variants",
        "sources",
    }
    for path in (BLACK_FRIDAY, CHRISTMAS, SHOP):
        raw = read_source(path).raw
        assert {knob.path.partition(".")[0] for knob in knobs(raw)} >= set(raw) - without - {"openings"}


def test_topics_with_a_value_of_their_own_are_told_apart_from_the_field_of_all_others() -> None:
    known = _of(BLACK_FRIDAY)

    def beside(path: str) -> set[str]:
        return {each.path for each in apart(known[path], known.values())}

    own = {f"channels.chat.bot.topics.{topic}.containment" for topic in ("delivery", "complaint")}
    assert beside("channels.chat.bot.containment") == own
    assert beside("channels.phone.handling_time.mean") == {"channels.phone.topics.complaint.handling_time.mean"}
    assert beside("channels.chat.handling_time.mean") == set()
    assert beside(min(own)) == set()


def test_what_is_told_apart_is_what_a_move_leaves_as_it_is() -> None:
    """By the scenario that comes of the move: each topic's containment, before and after."""
    field = "channels.chat.bot.containment"
    before, after = (load_scenario(BLACK_FRIDAY, None, each) for each in ({}, {field: "81 %"}))
    (chat,) = (c for c, channel in enumerate(before.channels) if channel.name == "chat")
    pairs = zip(before.channels[chat].types, after.channels[chat].types, strict=True)
    stayed = [old.containment for old, new in pairs if old.containment == new.containment]
    assert sorted(stayed) == [0.05, 0.55]
