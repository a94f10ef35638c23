"""The scenario file of a fit: what it says is what was meant, in words that a scenario takes."""

from __future__ import annotations

import re
import tomllib
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulator.history.estimators import Fitted
from simulator.history.fitted_scenario import SourcedField, country_of, field_names, raw_table, scenario_text
from simulator.history.fitted_scenario.staffing import MOST_LINES, staffing_tables, whole_agents
from simulator.history.fitted_scenario.words import interval_words, rounded, share_words, source_words, time_words
from simulator.scenario.fields import NAME_PATTERN
from simulator.scenario.hours import parse_hours_table
from simulator.scenario.units import parse_duration, parse_share

Field = SourcedField


# ---- The file --------------------------------------------------------------------------------------------------------


FIELDS = [
    Field(("title",), "A case"),
    Field(("horizon",), {"start": date(2026, 3, 2), "days": 28}, "as asked"),
    Field(("channels", "phone", "kind"), "live"),
    Field(("channels", "phone", "handling_time"), {"mean": "4 min", "cv": 0.7}, "100 calls", "95 %: 3 min to 5 min"),
    Field(("channels", "phone", "demand"), {"time_of_day": {f"{hour:02}:00": hour for hour in range(24)}}, "counts"),
    Field(("channels", "phone", "topics", "a"), {"patience": "2 min"}),
    Field(("groups", "team", "skills", "phone"), {}),
    Field(("groups", "team", "staffing"), {"mon-fri 09:00-17:00": 3}),
    Field(("groups",), None, "who answered"),
    Field(("channels", "phone", "target"), {"answered": "80 %", "within": "20 s"}),
]


def test_what_is_read_back_is_what_was_said() -> None:
    text = scenario_text(FIELDS, "Made by hand.\nFor a test.")
    read = tomllib.loads(text)
    assert read == raw_table(FIELDS)
    assert read["channels"]["phone"]["target"] == {"answered": "80 %", "within": "20 s"}
    assert read["groups"]["team"]["skills"] == {"phone": {}}
    assert text.startswith("# Made by hand.\n# For a test.\n")


def test_sources_say_where_each_value_is_from_and_intervals_stand_behind_it() -> None:
    text = scenario_text(FIELDS)
    assert tomllib.loads(text)["sources"] == {
        "horizon": "as asked",
        "channels.phone.handling_time": "100 calls",
        "channels.phone.demand": "counts",
        "groups": "who answered",
    }
    assert 'handling_time = { mean = "4 min", cv = 0.7 }  # 95 %: 3 min to 5 min\n' in text


def test_long_tables_have_a_line_for_each_value_and_short_ones_stand_on_one() -> None:
    lines = scenario_text(FIELDS).splitlines()
    assert '"23:00" = 23' in lines
    assert 'target = { answered = "80 %", within = "20 s" }' in lines
    assert "[groups.team.skills.phone]" in lines
    assert max(map(len, lines)) <= 140


# ---- Names and words -------------------------------------------------------------------------------------------------


@given(st.lists(st.text(max_size=80), unique=True, max_size=20))
def test_every_title_gets_a_name_of_its_own_that_a_scenario_takes(titles: list[str]) -> None:
    names = field_names(titles, "queue")
    assert list(names) == titles
    assert len(set(names.values())) == len(titles)
    assert all(re.fullmatch(NAME_PATTERN.strip("^$"), name) for name in names.values())


def test_names_are_the_titles_as_far_as_letters_go() -> None:
    titles = ["Käyttötuki (FI)", "käyttötuki fi", "???", "Orders"]
    assert list(field_names(titles, "queue").values()) == ["kayttotuki-fi", "kayttotuki-fi-2", "queue", "orders"]


@given(st.floats(1e-3, 1e8))
def test_times_are_written_to_four_digits_and_read_back(seconds: float) -> None:
    assert parse_duration(time_words(seconds)) == pytest.approx(seconds, rel=6e-4)


@given(st.floats(0.0, 1.0))
def test_shares_are_written_to_a_hundredth_of_a_per_cent_and_read_back(share: float) -> None:
    assert parse_share(share_words(share)) == pytest.approx(share, abs=5.1e-5)


def test_a_figure_says_how_sure_it_is_and_from_what() -> None:
    figure = Fitted(249.137, 248.04, 250.21, 121_219, "maximum likelihood")
    assert interval_words(figure, "time") == "95 %: 4 min 8 s to 4 min 10.2 s"
    told = "calls, 121,219 observations; maximum likelihood; 95 %: 4 min 8 s to 4 min 10.2 s"
    assert source_words("calls", figure, "time") == told
    assert interval_words(Fitted(1.0, -np.inf, np.inf, 3, "none"), "number") == ""
    assert rounded(0.0) == 0.0


@pytest.mark.parametrize(
    ("zone", "country"),
    [("Europe/Amsterdam", "NL"), ("Europe/Helsinki", "FI"), ("UTC", None), ("America/Chicago", "US")],
)
def test_the_country_of_a_time_zone_is_the_one_that_it_lies_in(zone: str, country: str | None) -> None:
    assert country_of(zone, date(2026, 1, 1), date(2026, 12, 31)) == country


# ---- Staffing --------------------------------------------------------------------------------------------------------

MEANS = arrays(np.float64, st.tuples(st.integers(1, 5), st.just(7), st.just(48)), elements=st.floats(0.0, 30.0))


@given(MEANS)
def test_whole_agents_are_the_means_rounded_and_right_in_total(
    mean: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> None:
    agents = whole_agents(mean)
    assert (agents >= 0).all()
    assert (np.abs(agents - mean) < 1 + 1e-9).all()
    assert (np.abs(agents.sum(axis=0) - mean.sum(axis=0)) <= 0.5 + 1e-9).all()


def test_a_staffing_table_says_every_interval_of_the_week() -> None:
    mean = np.zeros((1, 7, 48))
    mean[0, :5, 18:34] = 3.0
    mean[0, 1, 20:24] = 5.2
    mean[0, 5, 20:22] = 1.0
    (table,) = staffing_tables(mean, 1800)
    assert table == {
        "mon,wed-fri 09:00-17:00": 3,
        "tue 09:00-10:00": 3,
        "tue 10:00-12:00": 5,
        "tue 12:00-17:00": 3,
        "sat 10:00-11:00": 1,
    }
    parse_hours_table(table)


def test_a_table_that_would_be_too_long_is_written_in_longer_steps() -> None:
    mean = np.zeros((2, 7, 96))
    mean[0] = np.arange(7 * 96).reshape(7, 96)
    mean[1] = 2.0
    tables = staffing_tables(mean, 900)
    assert all(len(table) <= MOST_LINES for table in tables)
    hours = sum(
        number * sum(window.end - window.start for _, window in parse_hours_table([key])[key].dated_windows())
        for key, number in tables[0].items()
    )
    assert hours / 900 == pytest.approx(mean[0].sum(), rel=2e-3)
