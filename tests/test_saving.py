"""A saved scenario is what was seen on the page, and still the file that somebody wrote."""

from __future__ import annotations

import random
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uploads import uploaded

from simulator.scenario import Reader, ScenarioError, apply_overrides, read_upload
from simulator.scenario.knobs import Knob, as_override, knobs
from simulator.scenario.overrides import variant_overrides
from simulator.scenario.saving import scenario_text, text_with_variant

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SHOP = Path(__file__).parent / "data" / "shop.toml"
FILES = [*sorted(SCENARIOS.glob("*.toml")), SHOP]
WRITTEN_BY_HAND = """\
# A file as somebody wrote it.
title = "By hand" # and why

[horizon]
start = 2026-06-01
days = 2

# ---- Phone ----
[channels.phone] # the line
kind = "live"
hours = "mon-fri 09:00-11:00"
handling_time = "5 min" # measured in May
patience = { mean = "2 min" } # a guess
target = { answered = "80 %", within = "20 s" }
repeat.resolved = "80 %"
repeat.delay = "1 d"

# ---- How many ----
[channels.phone.demand]
per_week = 160
weekdays = { mon = 1, tue = 1 }
time_of_day = { "09:00" = 1, "11:00" = 0 }

# ---- Who ----
[groups.team.staffing]
"mon-fri 09:00-11:30" = 4 # as planned

[groups.team.skills.phone]

# ---- What if ----
[variants.more]
"groups.team.extra_agents" = 1
# the end
"""


def _saved(path: Path, text: str) -> Reader:
    return Reader(read_upload(path.name, text.encode(), uploaded(path).source.uploads or {}))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_saved_without_overrides_is_the_same_to_the_letter(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert scenario_text(text, {}) == text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_variant_of_a_shipped_scenario_saves_as_what_it_loads(path: Path) -> None:
    reader, text = uploaded(path), path.read_text(encoding="utf-8")
    for name in reader.scenario().variants:
        saved = scenario_text(text, variant_overrides(reader.source.raw, name))
        assert tomllib.loads(saved) == apply_overrides(reader.source.raw, variant_overrides(reader.source.raw, name)), (
            name
        )
        assert _comments(saved) == _comments(text)
        # The saved file has been judged with its variants, once for all; one load tells the rest.
        raw = replace(
            reader.source, raw={key: value for key, value in tomllib.loads(saved).items() if key != "variants"}
        )
        assert Reader(raw).scenario().content_hash == reader.scenario(name).content_hash, name


def _comments(text: str) -> list[str]:
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line]


@settings(max_examples=40)
@given(st.randoms(use_true_random=False))
def test_whatever_sliders_are_moved_the_saved_file_says_so(rng: random.Random) -> None:
    reader, text = uploaded(SHOP), SHOP.read_text(encoding="utf-8")
    moved = {knob.path: _somewhere(knob, rng) for knob in rng.sample(knobs(reader.source.raw), rng.randint(1, 8))}
    wanted = apply_overrides(reader.source.raw, moved)
    saved = scenario_text(text, moved)
    assert tomllib.loads(saved) == wanted
    assert _comments(saved) == _comments(text)


def _somewhere(knob: Knob, rng: random.Random) -> object:
    if knob.kind == "switch":
        return rng.random() < 0.5
    if knob.low is None or knob.high is None:
        return rng.choice(knob.choices) if knob.choices else knob.written
    return as_override(knob, round(rng.uniform(knob.low, knob.high), 2))


@pytest.mark.parametrize(
    ("overrides", "lines"),
    [
        ({"channels.phone.handling_time": "6 min"}, ['handling_time = "6 min" # measured in May']),
        ({"channels.phone.handling_time.cv": 1}, ['handling_time = { mean = "5 min", cv = 1 } # measured in May']),
        ({"channels.phone.patience.mean": "3 min"}, ['patience = { mean = "3 min" } # a guess']),
        ({"channels.phone.repeat.resolved": "90 %"}, ['repeat.resolved = "90 %"', 'repeat.delay = "1 d"']),
        (
            {"channels.phone.repeat.waits_for_opening": False},
            ['repeat.delay = "1 d"', "repeat.waits_for_opening = false", "", "# ---- How many ----"],
        ),
        (
            {"channels.phone.callback": {"offered_from": "2 min", "taken": "40 %"}},
            [
                'repeat.delay = "1 d"',
                'callback = { offered_from = "2 min", taken = "40 %" }',
                "",
                "# ---- How many ----",
            ],
        ),
        (
            {"channels.phone.demand.holiday_factor": 0.5},
            ['time_of_day = { "09:00" = 1, "11:00" = 0 }', "holiday_factor = 0.5", "", "# ---- Who ----"],
        ),
        (
            {'groups.team.extra_in."2026-06-01 09:00-10:00"': 2},
            ["[groups.team.skills.phone]", "", "[groups.team.extra_in]", '"2026-06-01 09:00-10:00" = 2', ""],
        ),
        (
            {"groups.team.extra_agents": 2},
            ["[groups.team.skills.phone]", "", "[groups.team]", "extra_agents = 2", "", "# ---- What if ----"],
        ),
        (
            {"overall.volume": "+10 %"},
            ["[groups.team.skills.phone]", "", "[overall]", 'volume = "+10 %"', "", "# ---- What if ----"],
        ),
        ({"title": 'A "quoted" \\ name'}, ['title = "A \\"quoted\\" \\\\ name" # and why']),
        ({"description": "Text"}, ['title = "By hand" # and why', 'description = "Text"', "", "[horizon]"]),
    ],
)
def test_a_change_is_where_somebody_would_have_written_it(overrides: dict[str, object], lines: list[str]) -> None:
    saved = scenario_text(WRITTEN_BY_HAND, overrides)
    assert "\n".join(lines) + "\n" in saved
    assert _comments(saved) == _comments(WRITTEN_BY_HAND)


def test_a_kept_variant_stands_after_the_others_and_loads_as_its_overrides() -> None:
    overrides: dict[str, object] = {
        "groups.team.extra_agents": 2,
        'groups.team.staffing."mon-fri 09:00-11:30"': 5,
        "channels.phone.patience": {"mean": "3 min"},
    }
    saved = text_with_variant(WRITTEN_BY_HAND, "mine", 'My "best"', overrides, lever=False)
    assert saved.endswith(
        '"groups.team.extra_agents" = 1\n\n[variants.mine]\ntitle = "My \\"best\\""\nlever = false\n'
        '"groups.team.extra_agents" = 2\n'
        '"groups.team.staffing.\\"mon-fri 09:00-11:30\\"" = 5\n'
        '"channels.phone.patience" = { mean = "3 min" }\n# the end\n'
    )
    reader, base = (Reader(read_upload("by-hand.toml", each.encode())) for each in (saved, WRITTEN_BY_HAND))
    assert reader.scenario("mine").content_hash == base.scenario(overrides=overrides).content_hash
    assert reader.scenario().content_hash == base.scenario().content_hash
    assert reader.scenario("mine").title == 'By hand: My "best"'


def test_the_first_variant_of_a_file_goes_to_its_end() -> None:
    without, _, _ = WRITTEN_BY_HAND.partition("# ---- What if ----")
    saved = text_with_variant(without, "mine", "Mine", {"overall.volume": "+5 %"})
    assert tomllib.loads(saved)["variants"] == {"mine": {"title": "Mine", "overall.volume": "+5 %"}}


@pytest.mark.parametrize(
    ("name", "overrides", "says"),
    [
        ("more", {}, "There is a variant of this name already"),
        ("Öljy", {}, "use letters a-z"),
        ("../more", {}, "use letters a-z"),
        ("mine", {"channels.fone.priority": 1}, 'no channel "fone"'),
    ],
)
def test_what_cannot_be_a_variant_is_refused(name: str, overrides: dict[str, object], says: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        text_with_variant(WRITTEN_BY_HAND, name, "Mine", overrides)
    assert says in str(refused.value)


def test_line_ends_of_windows_are_read_and_not_written() -> None:
    saved = scenario_text("\ufeff" + WRITTEN_BY_HAND.replace("\n", "\r\n"), {"horizon.days": 1})
    assert saved == WRITTEN_BY_HAND.replace("days = 2", "days = 1")


@pytest.mark.parametrize(
    "text",
    [
        'channels = { phone = { kind = "live" } }\ntitle = "In braces"\n',
        "[channels]\nphone.kind = 'live'\nphone.target.answered = 0.8\n",
        "channels.phone.kind = 'live'\n[groups.team]\n",
        "[[campaigns.mail.pushes]]\nextra = 1\n[channels.phone]\nkind = 'live'\n",
        "[channels.phone.target]\nanswered = 0.8\n[groups.team]\n[channels.phone]\nkind = 'live'",
    ],
)
def test_tables_may_be_written_in_any_way_that_toml_knows(text: str) -> None:
    overrides: dict[str, object] = {
        "channels.phone.kind": "deferred",
        "channels.phone.priority": 2,
        "channels.phone.target.within": "20 s",
        "channels.phone.demand.weekdays": {"mon": 1},
        "simulation.seed": 3,
        "currency": "SEK",
    }
    assert tomllib.loads(scenario_text(text, overrides)) == apply_overrides(tomllib.loads(text), overrides)


SOURCED = (
    WRITTEN_BY_HAND.replace("[variants.more]", """\
[sources]
"channels.phone" = "the team leader"
"channels.phone.demand.per_week" = "counted"
"channels.phone.demand.weekdays" = "counted too"
"channels.phone.patience" = "asked"
"channels.phone.patience.mean" = "asked as well"

[variants.more]""")
)  # fmt: skip


def test_a_value_that_is_replaced_loses_its_source_and_others_keep_theirs() -> None:
    demand = {"file": "ahead.csv", "use": "dated"}
    text = scenario_text(SOURCED, {"channels.phone.demand": demand, "channels.phone.patience.mean": "2 min"})
    assert tomllib.loads(text)["channels"]["phone"]["demand"] == demand
    assert tomllib.loads(text)["sources"] == {
        "channels.phone": "the team leader",
        "channels.phone.patience": "asked",
        "channels.phone.patience.mean": "asked as well",  # it is what it was
    }


def test_what_is_saved_and_what_is_played_agree_on_where_values_come_from() -> None:
    overrides = {"channels.phone.patience.mean": "3 min"}
    saved = Reader(read_upload("shop.toml", scenario_text(SOURCED, overrides).encode())).scenario()
    played = Reader(read_upload("shop.toml", SOURCED.encode())).scenario(overrides=overrides)
    assert saved.sources == played.sources
    assert "channels.phone.patience.mean" not in saved.sources
    assert "channels.phone.patience" in saved.sources


@pytest.mark.parametrize("before", [WRITTEN_BY_HAND, SOURCED])
def test_the_source_of_a_new_value_is_written_with_it(before: str) -> None:
    text = scenario_text(
        before, {"channels.phone.demand.per_week": 200}, {"channels.phone.demand.per_week": "forecast"}
    )
    sources = tomllib.loads(text)["sources"]
    assert sources["channels.phone.demand.per_week"] == "forecast"
    assert len(sources) == (1 if before is WRITTEN_BY_HAND else 5)
