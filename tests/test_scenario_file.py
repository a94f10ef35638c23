"""A scenario file becomes the scenario that it describes."""

from __future__ import annotations

import dataclasses
import re
import shutil
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from simulator.scenario import Scenario, ScenarioError, Source, load_scenario, load_source, read_source
from simulator.scenario.hours import WeeklyHours
from simulator.scenario.model import Bot, Busyness, Distribution, HistoryDemand, ProfileDemand, StepProfile
from simulator.scenario.source import table_at

DATA = Path(__file__).parent / "data"
SHOP = DATA / "shop.toml"

SMALL = """
[horizon]
start = 2026-11-23
days = 7

[channels.phone]
kind = "live"
hours = "mon-fri 08:00-16:00"
handling_time = "6 min"
patience = "3 min"
target = { answered = "80 %", within = "20 s" }

[groups.team]
staffing = { "mon-fri 08:00-16:00" = 5 }
[groups.team.skills.phone]
"""


@pytest.fixture(scope="module")
def shop() -> Scenario:
    return load_scenario(SHOP)


def load_text(folder: Path, text: str, **overrides: object) -> Scenario:
    path = folder / "case.toml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path, overrides=overrides)


def on(scenario: Scenario, group: int, day: int) -> list[int]:
    """Agents of a group at each full hour of a day of the shop's week, which has no change of the clock."""
    return list(scenario.groups[group].staffing[96 * day : 96 * (day + 1) : 4])


def test_the_head_of_the_file(shop: Scenario) -> None:
    assert (shop.name, shop.title, shop.currency) == ("shop", "Black Friday week", "EUR")
    assert shop.description.startswith("A shop with five channels.")
    assert (shop.replications, shop.seed, shop.correlation) == (20, 1, 0.5)
    assert (shop.calendar.start, shop.calendar.days, shop.calendar.interval) == (date(2026, 11, 23), 7, 900)
    assert shop.calendar.holidays.between(date(2026, 12, 6), date(2026, 12, 24)).keys() == {
        date(2026, 12, 6),
        date(2026, 12, 24),
    }
    assert [topic.name for topic in shop.topics] == ["product", "order", "delivery", "return", "complaint"]
    assert shop.topics[1].title == "Order and payment"


def test_a_live_channel(shop: Scenario) -> None:
    phone = shop.channels[0]
    assert (phone.name, phone.title, phone.kind, phone.closing) == ("phone", "Phone", "live", "drain")
    assert phone.hours == WeeklyHours.parse("mon-fri 08:00-20:00; sat 10:00-16:00; holidays closed")
    assert (phone.slots, phone.slot_speed, phone.interruptible, phone.bot) == (1, (1.0,), False, None)
    assert (phone.short_abandon, phone.backlog, phone.backlog_age) == (5.0, 0, 0.0)
    target = phone.target
    assert (target.share, target.within, target.definition, target.period) == (0.8, 20.0, "offered", "day")
    assert phone.busyness == Busyness(0.12, 0.0, 0.0)


def test_topics_take_what_the_channel_says_unless_they_say_it_themselves(shop: Scenario) -> None:
    types = {shop.topics[kind.topic].name: kind for kind in shop.channels[0].types}
    assert [types[name].share for name in types] == pytest.approx([0.3, 0.25, 0.3, 0.1, 0.05])
    assert types["product"].handling_time == Distribution("lognormal", 360.0, 0.7)
    assert types["product"].patience == Distribution("exponential", 180.0, 1.0)
    assert types["complaint"].handling_time == Distribution("gamma", 600.0, 0.8)
    assert types["complaint"].patience == Distribution("exponential", 300.0, 1.0)
    assert [types[name].priority for name in ("product", "complaint")] == [1, 2]


def test_chat_with_slots_and_a_bot(shop: Scenario) -> None:
    chat = shop.channels[1]
    assert (chat.slots, chat.slot_speed, chat.closing) == (3, (1.0, 0.85, 0.7), "cut")
    assert chat.bot == Bot(Distribution("exponential", 90.0, 1.0), WeeklyHours.parse("always"))
    types = {shop.topics[kind.topic].name: kind for kind in chat.types}
    assert types.keys() == {"product", "delivery"}
    assert [types[name].bot_share for name in types] == [0.9, 0.9]
    assert [types[name].containment for name in types] == [0.35, 0.55]
    assert types["product"].patience is None, "infinite patience"


def test_a_deferred_channel(shop: Scenario) -> None:
    email = shop.channels[2]
    assert (email.kind, email.interruptible, email.backlog, email.backlog_age) == ("deferred", True, 300, 60 * 3600.0)
    assert (email.target.within, email.target.open_time) == (24 * 3600.0, True)
    assert all(kind.patience is None and kind.priority == 3 for kind in email.types)
    assert isinstance(email.demand, HistoryDemand)
    assert email.busyness == Busyness(None, None, None), "as the file shows it"


def test_profile_demand(shop: Scenario) -> None:
    demand = shop.channels[0].demand
    assert isinstance(demand, ProfileDemand)
    assert (demand.per_week, demand.holiday_factor) == (4200.0, 1.0)
    assert demand.weekday_share == pytest.approx(np.array([1.3, 1.1, 1, 1, 1.1, 0.4, 0]) / 5.9)
    hours = (0, 8, 9, 12, 16, 19, 20)
    monday = StepProfile(tuple(3600.0 * hour for hour in hours), (0, 1, 1.6, 1.2, 1.4, 0.7, 0))
    assert demand.time_of_day[0] == monday
    assert demand.time_of_day[5] == StepProfile((0.0, 36_000.0, 57_600.0), (0, 1, 0))


def test_a_profile_from_a_file(shop: Scenario) -> None:
    demand = shop.channels[1].demand
    assert isinstance(demand, ProfileDemand)
    assert demand.holiday_factor == 0.5
    profile = demand.time_of_day[6]
    assert dict(zip(profile.clock, profile.weight, strict=True))[12 * 3600.0] == 2
    assert (profile.clock[0], profile.weight[0]) == (0.0, 0.0)


def test_weekly_staffing_and_a_date_with_its_own(shop: Scenario) -> None:
    tuesday = [0] * 8 + [12] * 8 + [8] * 4 + [0] * 4
    assert on(shop, 0, 1) == tuesday
    assert on(shop, 0, 4) == [0] * 8 + [18] * 12 + [4] * 4, "27 November"
    assert on(shop, 0, 5) == [0] * 10 + [5] * 6 + [0] * 8
    assert on(shop, 0, 6) == [0] * 24


def test_staffing_from_a_file(shop: Scenario) -> None:
    assert on(shop, 1, 0) == [0] * 8 + [4] * 14 + [0] * 2
    assert on(shop, 1, 4) == [0] * 8 + [8] * 14 + [0] * 2
    assert set(shop.groups[1].staffing[32:88]) == {4}, "a row of an hour holds for four quarters"


def test_extra_agents_join_whoever_is_on_duty_and_never_leave_fewer_than_none() -> None:
    more = load_scenario(SHOP, overrides={"groups.inhouse.extra_agents": 2})
    assert on(more, 0, 1) == [0] * 8 + [14] * 8 + [10] * 4 + [0] * 4
    fewer = load_scenario(SHOP, overrides={"groups.inhouse.extra_agents": -10})
    assert on(fewer, 0, 1) == [0] * 8 + [2] * 8 + [0] * 8


def test_staffing_on_a_public_holiday_follows_the_rule_of_weekly_hours(tmp_path: Path) -> None:
    week = SMALL.replace("2026-11-23", "2027-01-04")  # Wednesday is Epiphany
    assert on(load_text(tmp_path, week), 0, 2) == [0] * 8 + [5] * 8 + [0] * 8
    closed = week.replace('08:00-16:00" = 5', '08:00-16:00; holidays 10:00-12:00" = 5')
    assert on(load_text(tmp_path, closed), 0, 2) == [0] * 10 + [5] * 2 + [0] * 12


def test_skills(shop: Scenario) -> None:
    phone, chat, email = shop.groups[0].skills
    assert (phone.channel, phone.topics, phone.level, phone.speed, phone.slots) == (0, (0, 1, 2, 3, 4), 1, 1.0, 1)
    assert (chat.channel, chat.topics, chat.slots) == (1, (0, 2), 2)
    assert (email.channel, email.topics, email.level) == (2, (1, 3), 2)
    overflow, other = shop.groups[1].skills
    assert (overflow.channel, overflow.topics, overflow.level) == (0, (0, 1), 2)
    assert (overflow.overflow_after, overflow.speed) == (60.0, 0.9)
    assert (other.channel, other.slots) == (1, 3)


def test_groups_and_money(shop: Scenario) -> None:
    inhouse, outsourced = shop.groups
    assert (inhouse.employer, inhouse.cost_per_hour, inhouse.shrinkage, inhouse.reserve) == ("in-house", 29, 0.25, 1)
    assert (outsourced.employer, outsourced.cost_per_hour, outsourced.title) == ("outsourced", 34.5, "Outsourced")


def test_named_days_and_campaigns_are_windows_in_seconds(shop: Scenario) -> None:
    friday, newsletter = shop.volume_factors
    assert (friday.name, friday.start, friday.end, friday.factor) == ("black_friday", 4 * 86_400, 5 * 86_400, 2.4)
    assert (friday.channels, friday.topics) == ((0, 1), (0, 1, 2, 3, 4))
    assert (newsletter.start, newsletter.end, newsletter.factor) == (3 * 86_400 + 18 * 3600, 5 * 86_400, 1.6)
    assert (newsletter.channels, newsletter.topics) == ((0, 1, 2), (0, 1))


def test_a_named_day_with_25_hours_has_25_hours(tmp_path: Path) -> None:
    text = SMALL.replace("2026-11-23", "2026-10-25") + "[day_factors.sunday]\ndates = [2026-10-25]\nfactor = 2\n"
    (sunday,) = load_text(tmp_path, text).volume_factors
    assert (sunday.start, sunday.end) == (0, 25 * 3600)


def test_what_is_left_out_has_the_default_of_the_field_table(tmp_path: Path) -> None:
    scenario = load_text(tmp_path, SMALL)
    (phone,) = scenario.channels
    (kind,) = phone.types
    (team,) = scenario.groups
    assert (scenario.title, scenario.description, scenario.currency) == ("Case", "", "EUR")
    assert (scenario.calendar.interval, scenario.calendar.timezone) == (900, "Europe/Helsinki")
    assert scenario.calendar.holidays.country == "FI"
    assert (scenario.topics[0].name, kind.share, kind.priority) == ("general", 1.0, 1)
    assert kind.handling_time == Distribution("exponential", 360.0, 1.0)
    assert (phone.title, phone.closing, phone.short_abandon, phone.demand) == ("Phone", "drain", 5.0, None)
    assert phone.busyness == Busyness(0.0, 0.0, 0.0)
    assert (phone.target.definition, phone.target.period) == ("offered", "day")
    assert (team.employer, team.cost_per_hour, team.shrinkage, team.reserve) == ("in-house", 0.0, 0.0, 0)
    assert (scenario.variants, scenario.sources, scenario.volume_factors) == ({}, {}, ())


def test_the_memory_of_busyness_is_a_length_of_time_or_what_the_file_shows(tmp_path: Path) -> None:
    def memory(**overrides: object) -> float | None:
        return load_text(tmp_path, SMALL, **overrides).channels[0].busyness.interval_memory

    field = "channels.phone.busyness.interval_memory"
    assert (memory(**{field: "5 h"}), memory(**{field: "0 s"})) == (5 * 3600.0, 0.0)
    for value, says in (
        ("from file", 'The channel\'s demand is not from a file; write a length of time, such as "5 h".'),
        ("long", '"from file" is allowed beside a volume file.'),
        ("4000 d", "at most 3650 d are allowed"),
    ):
        with pytest.raises(ScenarioError, match=re.escape(says)):
            memory(**{field: value})
    email = load_scenario(SHOP, overrides={"channels.email.busyness.interval_memory": "90 min"}).channels[2]
    assert email.busyness == Busyness(None, None, 5400.0)


def test_a_bot_keeps_the_channels_hours_unless_told_otherwise(tmp_path: Path) -> None:
    bot = '\n[channels.phone.bot]\ncontainment = "20 %"\ntime = { mean = "0 s" }\n'
    scenario = load_text(tmp_path, SMALL + bot)
    assert scenario.channels[0].bot == Bot(Distribution("constant", 0.0, 0.0), scenario.channels[0].hours)
    assert scenario.channels[0].types[0].bot_share == 1.0


def test_a_topic_that_the_bot_always_finishes_needs_nobody(tmp_path: Path) -> None:
    text = (
        SMALL.replace('patience = "3 min"', 'patience = "3 min"\nmix = { a = "50 %", b = "50 %" }')
        + 'topics = ["a"]\n[topics]\na = "A"\nb = "B"\n'
        + '[channels.phone.bot]\ncontainment = "20 %"\ntime = "1 min"\n'
    )
    with pytest.raises(ScenarioError, match="No group has a skill for these topics of the channel: b"):
        load_text(tmp_path, text)
    contained = load_text(tmp_path, text + '[channels.phone.bot.topics.b]\ncontainment = "100 %"\n')
    assert contained.channels[0].types[1].containment == 1.0


def test_variants_and_sources_are_kept_as_written(shop: Scenario) -> None:
    assert shop.variants["two_more"] == {"groups.inhouse.extra_agents": 2}
    assert shop.variants["more_bot"]["title"] == "Chatbot contains half"
    assert shop.sources["channels.*.patience"] == "assumption"


def test_a_scenario_cannot_be_changed(shop: Scenario) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        shop.channels[0].slots = 2  # type: ignore[misc]  # what the test is about


def test_the_hash_tells_the_content_and_nothing_else(tmp_path: Path, shop: Scenario) -> None:
    elsewhere = tmp_path / "other"
    shutil.copytree(DATA, elsewhere)
    copy = elsewhere / "renamed.toml"
    (elsewhere / "shop.toml").rename(copy)
    (elsewhere / "profile.csv").rename(elsewhere / "p.csv")
    text = copy.read_text(encoding="utf-8").replace("profile.csv", "p.csv").replace("# A complete", "# Another")
    copy.write_text(text + '[variants.third]\n"simulation.seed" = 3\n'.replace("[variants", "\n[variants"), "utf-8")
    assert load_scenario(copy).content_hash == shop.content_hash
    assert load_scenario(SHOP, overrides={"simulation.seed": 1}).content_hash == shop.content_hash
    different = {
        load_scenario(SHOP, "two_more").content_hash,
        load_scenario(SHOP, overrides={"channels.phone.target.answered": "81 %"}).content_hash,
        shop.content_hash,
    }
    profile = elsewhere / "p.csv"
    profile.write_text(profile.read_text(encoding="utf-8").replace("12:00,2", "12:00,3"), encoding="utf-8")
    different.add(load_scenario(copy).content_hash)
    assert len(different) == 4
    assert all(len(each) == 64 for each in different)


def test_the_hash_is_of_the_figures_and_not_of_how_they_are_written(shop: Scenario) -> None:
    same: list[dict[str, object]] = [
        {"channels.chat.bot.containment": 0.35},
        {"channels.phone.handling_time.mean": "360 s"},
        {"channels.phone.slots": 1},
        {"channels.chat.hours": "mon-sun 08:00-22:00"},
        {"overall.volume": "+0 %"},
    ]
    source = read_source(SHOP)
    hashes = {load_source(source, overrides=overrides).content_hash for overrides in same}
    backwards = {**source.raw, "horizon": dict(reversed(table_at(source.raw, "horizon").items()))}
    hashes.add(load_source(Source(SHOP, backwards, {})).content_hash)
    assert hashes == {shop.content_hash}


def test_the_order_of_groups_counts_because_ties_go_by_it(shop: Scenario) -> None:
    source = read_source(SHOP)
    other = {**source.raw, "groups": dict(reversed(table_at(source.raw, "groups").items()))}
    assert load_source(Source(SHOP, other, {})).content_hash != shop.content_hash


def test_every_line_number_is_the_line_of_its_field() -> None:
    source = read_source(SHOP)
    text = SHOP.read_text(encoding="utf-8").splitlines()
    for field, line in source.lines.items():
        assert field[-1] in text[line - 1], (field, line)
    assert ("not", "a", "table") not in source.lines, "it is inside a text of several lines"
    assert text[source.lines["channels", "phone", "demand", "time_of_day_on", "sat"] - 1].startswith("time_of_day_on")


def test_a_program_may_hand_over_a_raw_table(shop: Scenario) -> None:
    source = read_source(SHOP)
    again = load_source(Source(DATA / "shop.toml", source.raw, {}))
    assert again.content_hash == shop.content_hash


def test_tables_that_would_not_fit_into_memory_are_refused(tmp_path: Path) -> None:
    topics = "[topics]\n" + "".join(f't{number} = "Topic"\n' for number in range(150))
    text = SMALL.replace("days = 7", 'days = 400\ninterval = "1 min"') + topics
    with pytest.raises(ScenarioError, match="at most 50,000,000 are allowed"):
        load_text(tmp_path, text)


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert load_scenario(path).channels[0].name == "phone"
    path.write_bytes(path.read_bytes().replace(b'"3 min"', b'"3"'))
    with pytest.raises(ScenarioError, match=r"case\.toml:10  channels\.phone\.patience"):
        load_scenario(path)


def test_dates_outside_are_refused_in_the_file_but_not_after_the_horizon_was_moved() -> None:
    moved = load_scenario(SHOP, overrides={"horizon.start": date(2026, 11, 24), "horizon.days": 3})
    assert [factor.name for factor in moved.volume_factors] == ["newsletter"]
    assert len(moved.groups[0].staffing) == 3 * 96
    with pytest.raises(ScenarioError, match="outside the horizon, 2026-11-23 to 2026-11-29"):
        load_scenario(SHOP, overrides={"day_factors.black_friday.dates": ["2026-11-30"]})


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = (
        SMALL.replace('"3 min"', "3")
        .replace("days = 7", "days = 7\nintervals = 4")
        .replace("skills.phone", "skills.fone")
        + '\n[channels.chat]\nkind = "live"\nhours = "always"\nhandling_time = "8 min"\npatience = "5 min"\n'
        + 'target = { answered = "80 %", within = "60 s" }\ndemand = { file = "none.csv", use = "dated" }\n'
        + '[variants.odd]\n"channels.phone.slots" = 0\n'
    )
    with pytest.raises(ScenarioError) as refused:
        load_text(tmp_path, text)
    fields = [".".join(problem.field) for problem in refused.value.problems]
    assert sorted(fields) == [
        "channels.phone.patience.mean",
        "groups.team.skills.fone",
        "horizon.intervals",
        "variants.odd.channels.phone.slots",
    ]


def test_files_of_the_tables_that_are_right_are_looked_at_even_if_others_are_wrong(tmp_path: Path) -> None:
    text = SMALL.replace('"3 min"', "3") + (
        '\n[channels.chat]\nkind = "live"\nhours = "always"\nhandling_time = "8 min"\npatience = "5 min"\n'
        'target = { answered = "80 %", within = "60 s" }\ndemand = { file = "none.csv", use = "dated" }\n'
    )
    with pytest.raises(ScenarioError) as refused:
        load_text(tmp_path, text)
    assert [problem.field for problem in refused.value.problems] == [
        ("channels", "phone", "patience", "mean"),
        ("channels", "chat", "demand", "file"),
    ]


def test_problems_of_one_file_name_their_lines_in_order(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as refused:
        load_text(tmp_path, SMALL.replace('"3 min"', "3").replace('"6 min"', "6"))
    lines = [problem.line for problem in refused.value.problems]
    assert all(line is not None for line in lines)
    assert all(earlier < later for earlier, later in pairwise(lines) if earlier and later)
