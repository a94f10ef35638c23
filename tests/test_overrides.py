"""Overrides and variants change single fields, and are checked like the file itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.scenario import ScenarioError, apply_overrides, load_scenario, parse_override, read_source
from simulator.scenario.document import Document
from simulator.scenario.paths import join_path, split_path

SHOP = Path(__file__).parent / "data" / "shop.toml"


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("channels.chat.bot.containment=50 %", "channels.chat.bot.containment", "50 %"),
        ('channels.chat.bot.containment="50 %"', "channels.chat.bot.containment", "50 %"),
        ("groups.inhouse.extra_agents = -2", "groups.inhouse.extra_agents", -2),
        ("groups.inhouse.skills.phone.speed=0.9", "groups.inhouse.skills.phone.speed", 0.9),
        ("channels.email.interruptible=false", "channels.email.interruptible", False),
        ("channels.chat.slot_speed=[1, 0.8]", "channels.chat.slot_speed", [1, 0.8]),
        ("channels.phone.patience={mean = '4 min'}", "channels.phone.patience", {"mean": "4 min"}),
        ("channels.phone.demand.file=../data/a=b.csv", "channels.phone.demand.file", "../data/a=b.csv"),
        ('groups.a.staffing."mon-fri 08:00-16:00"=14', 'groups.a.staffing."mon-fri 08:00-16:00"', 14),
        ("groups.a.staffing.'sat 10:00-16:00' = 3", 'groups.a.staffing."sat 10:00-16:00"', 3),
        ("horizon.start=2026-11-30", "horizon.start", "2026-11-30"),
        ("campaigns.mail.end=2026-11-27 24:00", "campaigns.mail.end", "2026-11-27 24:00"),
        ("channels.chat.hours=daily 08:00-20:00", "channels.chat.hours", "daily 08:00-20:00"),
        ("title=Two = three\nmore = 1", "title", "Two = three\nmore = 1"),
    ],
)
def test_a_command_line_says_path_and_value(text: str, path: str, value: object) -> None:
    assert parse_override(text) == (path, value)


@pytest.mark.parametrize("text", ["", "=", "channels.phone", "channels..phone=1", "a=", "a b=1", "a.=1", '"a=1'])
def test_what_is_no_override_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"channels\."):
        parse_override(text)


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_a_path_reads_back_as_it_was_written(segments: list[str]) -> None:
    assert split_path(join_path(segments)) == tuple(segments)


def test_the_table_that_is_changed_is_a_copy() -> None:
    raw = read_source(SHOP).raw
    before = read_source(SHOP).raw
    changed = apply_overrides(raw, {"channels.chat.bot.containment": "50 %", "simulation.seed": 7})
    assert raw == before
    assert changed["simulation"] == {"replications": 20, "seed": 7}


def test_each_override_changes_its_own_field_and_no_other() -> None:
    base = load_scenario(SHOP)
    changed = load_scenario(SHOP, overrides={"channels.chat.bot.containment": 0.5})
    assert [kind.containment for kind in changed.channels[1].types] == [0.5, 0.55]
    assert changed.channels[0] == base.channels[0]
    assert changed.groups == base.groups


def test_overrides_come_after_the_variant_and_in_order() -> None:
    changed = load_scenario(
        SHOP, "two_more", {"groups.inhouse.extra_agents": 1, 'groups.inhouse.staffing."sat 10:00-16:00"': 9}
    )
    assert changed.groups[0].staffing[5 * 96 + 40] == 10
    assert changed.title == "Black Friday week: Two more"
    assert load_scenario(SHOP, "more_bot").title == "Black Friday week: Chatbot contains half"


def test_a_variant_is_the_same_as_its_overrides_by_hand() -> None:
    variant = load_scenario(SHOP, "more_bot")
    by_hand = load_scenario(SHOP, overrides={"channels.chat.bot.containment": "50 %"})
    assert variant.channels[1] == by_hand.channels[1]
    assert variant.content_hash == by_hand.content_hash


def test_a_plain_time_becomes_a_table_where_one_of_its_fields_is_set() -> None:
    changed = load_scenario(SHOP, overrides={"channels.chat.handling_time.mean": "9 min"})
    assert changed.channels[1].types[0].handling_time.mean == 540
    constant = load_scenario(SHOP, overrides={"channels.chat.handling_time.distribution": "constant"})
    assert (constant.channels[1].types[0].handling_time.mean, constant.channels[1].types[0].handling_time.cv) == (
        480,
        0,
    )


def test_numbers_of_numpy_and_tuples_are_as_good_as_pythons() -> None:
    overrides = {
        "groups.inhouse.extra_agents": np.int64(2),
        "channels.chat.bot.containment": np.float64(0.5),
        "channels.chat.slot_speed": (1, np.float64(0.9), 0.8),
    }
    changed = load_scenario(SHOP, overrides=overrides)
    assert changed.groups == load_scenario(SHOP, "two_more").groups
    assert changed.channels[1].slot_speed == (1, 0.9, 0.8)


def test_a_new_date_window_or_skill_may_be_added() -> None:
    changed = load_scenario(
        SHOP, overrides={'groups.inhouse.dates.2026-11-26."08:00-10:00"': 3, "groups.outsourced.skills.email.level": 3}
    )
    assert set(changed.groups[0].staffing[3 * 96 : 4 * 96]) == {0, 3}
    assert changed.groups[1].skills[-1].level == 3


@pytest.mark.parametrize(
    ("path", "value", "complaints"),
    [
        ("channels.fone.priority", 2, ['no channel "fone"', 'Did you mean "phone"?']),
        ("groups.inhose.extra_agents", 2, ['no group "inhose"', 'Did you mean "inhouse"?']),
        ("day_factors.black_fridy.factor", 2, ['Did you mean "black_friday"?']),
        ("chanels.phone.priority", 2, ["chanels", 'Did you mean "channels"?']),
        ("channels.phone.prority", 2, ["channels.phone.prority = 2", 'Did you mean "priority"?']),
        ("channels.phone.priority", "high", ['channels.phone.priority = "high"', "whole number", "override"]),
        ("channels.phone.priority.level", 2, ["channels.phone.priority is 1, not a table"]),
        ("channels.phone.handling_time", "7 min", ["is a table", "mean, distribution, cv"]),
        ("channels.chat.slots", 4, ["channels.chat.slot_speed", "a speed for each slot: 4, not 3"]),
        ("channels", {"phone": {}}, ["whole section"]),
        ("variants.more_bot.title", "x", ["cannot change variants"]),
        ("channels..phone", 1, ["does not start with a path", '"channels..phone" = 1']),
        ("groups.inhouse.staffing", {"always": 3, "sun 10:00-12:00": 2}, ["overlap", "override"]),
    ],
)
def test_what_cannot_be_set_is_refused(path: str, value: object, complaints: list[str]) -> None:
    with pytest.raises(ScenarioError) as refused:
        load_scenario(SHOP, overrides={path: value})
    message = str(refused.value)
    assert not [complaint for complaint in complaints if complaint not in message], message


def test_no_line_of_the_file_is_blamed_for_an_override() -> None:
    with pytest.raises(ScenarioError) as refused:
        load_scenario(SHOP, overrides={"channels.phone.priority": 0, "horizon.days": 0})
    assert [problem.line for problem in refused.value.problems] == [None, None]


def test_an_unknown_variant_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        ScenarioError, match=r'no variant "more_bots". Did you mean "more_bot"\? There are: more_bot, two'
    ):
        load_scenario(SHOP, "more_bots")


def test_a_variant_may_bring_a_whole_new_channel(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text(
        """
        [horizon]
        start = 2026-11-23
        days = 1
        [channels.phone]
        kind = "live"
        hours = "always"
        handling_time = "6 min"
        patience = "3 min"
        target = { answered = "80 %", within = "20 s" }
        [groups.team]
        staffing = { "mon-fri 08:00-16:00" = 5 }
        skills = { phone = {} }
        [variants.chat]
        "groups.team.skills.chat" = {}
        [variants.chat."channels.chat"]
        kind = "live"
        hours = "always"
        handling_time = "8 min"
        patience = "5 min"
        target = { answered = "80 %", within = "60 s" }
        """,
        encoding="utf-8",
    )
    assert [channel.name for channel in load_scenario(path, "chat").channels] == ["phone", "chat"]
    assert [channel.name for channel in load_scenario(path).channels] == ["phone"]


def test_a_date_may_be_text_or_a_date() -> None:
    as_text = load_scenario(SHOP, overrides={"horizon.start": "2026-11-24", "horizon.days": 3})
    as_date = load_scenario(SHOP, overrides={"horizon.start": date(2026, 11, 24), "horizon.days": 3})
    assert as_text.calendar == as_date.calendar
    assert as_text.content_hash == as_date.content_hash


def test_every_time_that_may_be_written_alone_is_known_by_name() -> None:
    """Else `handling_time = "6 min"` would refuse the override `handling_time.mean`."""
    definitions = Document.model_json_schema()["$defs"]
    with_mean = {f"#/$defs/{name}" for name, table in definitions.items() if "mean" in table.get("properties", {})}
    names = {
        name
        for table in definitions.values()
        for name, field in table.get("properties", {}).items()
        if any(form.get("$ref") in with_mean for form in field.get("anyOf", ()))
    }
    assert "handling_time" in names
    for name in names:
        changed = apply_overrides({"enquiries": {name: "6 min"}}, {f"enquiries.{name}.cv": 0.5})
        assert changed == {"enquiries": {name: {"mean": "6 min", "cv": 0.5}}}
