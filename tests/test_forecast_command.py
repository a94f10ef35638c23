"""`ruuhka forecast`: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import io
import json
import sys
import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import lived_weeks
import numpy as np
import pytest
from commands import refused, ruuhka
from rich.console import Console
from small_scenarios import PHONE, written
from test_charts import check, tables

from simulator.charts.forecast import ahead_chart, forecast_charts, tried_chart
from simulator.charts.look import NARROW, WIDTH, dressed
from simulator.demand import draw_contacts
from simulator.demand.expected import expected_contacts
from simulator.history.forecast import Checked, Forecast, Rolled, forecast
from simulator.history.forecast.errors import INSTALL
from simulator.history.forecast.rolling import LEVELS
from simulator.history.importing import read_history as importing
from simulator.language import LANGUAGES, speaking
from simulator.report.forecast.page import figures_html
from simulator.report.forecast.report import forecast_report
from simulator.report.forecast.tables import worse_words
from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.charts.vega import Chart

ZONE = ("--timezone", "Europe/Helsinki")
TWO_WEEKS = ("--horizon", "2 wk")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """Six weeks of an interval report."""
    file = tmp_path / "report.csv"
    file.write_text(lived_weeks.report(6) + "\n")
    return file


def test_a_report_is_forecast_with_scores_and_days(report: Path) -> None:
    result = ruuhka("forecast", report, *ZONE, *TWO_WEEKS)
    assert result.exit_code == 0, result.output
    for words in ("Forecast: all", "weeks 1 to 2", "intervals of 1 h", "closed", "90 %"):
        assert words in result.stdout


def test_json_has_the_same_days_and_scores(report: Path) -> None:
    result = ruuhka("forecast", report, *ZONE, *TWO_WEEKS, "--channel", "chat", "--channel", "phone", "--json")
    chat, phone = json.loads(result.stdout)["forecasts"]
    assert (chat["name"], phone["name"]) == ("chat", "phone")
    assert len(phone["days"]) == 14
    half = sum(day["contacts"] for day in chat["days"]) / sum(day["contacts"] for day in phone["days"])
    assert half == pytest.approx(0.5, abs=0.01)
    assert {(score["level"], *score["weeks_ahead"]) for score in phone["scores"]} >= {("day", 1, 1), ("slot", 1, 2)}


def test_a_folder_has_what_was_forecast_and_a_scenario_that_plays_it(report: Path, tmp_path: Path) -> None:
    scenario = written(tmp_path, PHONE.replace("09:00-11:00", "09:00-13:00"), "shop.toml")
    out = tmp_path / "out"
    result = ruuhka("forecast", report, *ZONE, *TWO_WEEKS, "--channel", "phone", "--into", scenario, "--out", out)
    assert result.exit_code == 0, result.output
    names = {
        "forecast.html",
        "forecast.json",
        "days.csv",
        "intervals.csv",
        "tried.csv",
        "phone-forecast.csv",
        "shop.toml",
    }
    assert {file.name for file in out.iterdir()} == names | {"manifest.json"}
    with (out / "days.csv").open(newline="") as file:
        days = list(csv.DictReader(file))
    with (out / "intervals.csv").open(newline="") as file:
        intervals = list(csv.DictReader(file))
    for day in days:
        of_day = sum(float(row["contacts"]) for row in intervals if row["time"].startswith(day["date"]))
        assert of_day == pytest.approx(float(day["contacts"]))
    made = load_scenario(out / "shop.toml")
    assert made.calendar.days == 14
    assert ruuhka("check", out / "shop.toml").exit_code == 0


def test_a_fitted_scenario_takes_the_forecast_and_is_played_with_it(report: Path, tmp_path: Path) -> None:
    fitted, out = tmp_path / "fitted.toml", tmp_path / "out"
    assert ruuhka("import", report, *ZONE, "--out", tmp_path / "history").exit_code == 0
    result = ruuhka("fit", tmp_path / "history", "--out", fitted)
    assert result.exit_code == 0, result.output
    before = tomllib.loads(fitted.read_text(encoding="utf-8"))["sources"]
    gone = {path for path in before if path.startswith("channels.phone.demand.")}
    assert gone
    asked = (*TWO_WEEKS, "--channel", "phone", "--into", fitted, "--as", "phone", "--out", out)
    result = ruuhka("forecast", tmp_path / "history", *asked)
    assert result.exit_code == 0, result.output
    made = load_scenario(out / "fitted.toml")
    assert not gone & set(made.sources)
    assert "forecast phone" in made.sources["channels.phone.demand"]
    assert "history" in made.sources["channels.phone.demand"]
    assert {path for path in before if path.startswith("groups")} <= set(made.sources)
    days = json.loads((out / "forecast.json").read_text(encoding="utf-8"))["forecasts"][0]["days"]
    phone = [channel.name for channel in made.channels].index("phone")
    expected = expected_contacts(made)[phone].sum()
    assert expected == pytest.approx(sum(day["contacts"] for day in days), rel=1e-4)
    assert draw_contacts(made, 1, 0).arrival.size > 0
    assert ruuhka("simulate", out / "fitted.toml", "--replications", "2").exit_code == 0


def test_a_scenario_that_is_refused_with_the_forecast_is_called_by_a_name_that_its_user_knows(
    report: Path, tmp_path: Path
) -> None:
    text = PHONE.replace("09:00-11:00", "09:00-13:00") + '[sources]\n"channels.phone.colour" = "the wall"\n'
    scenario, out = written(tmp_path, text, "shop.toml"), tmp_path / "out"
    said = refused("forecast", report, *ZONE, *TWO_WEEKS, "--into", scenario, "--out", out)
    assert f"{out / 'shop.toml'}:" in said
    assert ".out-" not in said
    assert not out.exists()


def test_files_that_other_channels_of_the_scenario_read_go_with_it(report: Path, tmp_path: Path) -> None:
    chat = """
[channels.chat]
kind = "live"
hours = "mon-fri 09:00-11:00"
handling_time = "5 min"
patience = "2 min"
target = { answered = "80 %", within = "20 s" }
busyness = { day_cv = "0 %", interval_cv = "0 %" }
demand = { file = "days.csv", use = "typical week" }
"""
    home, out = tmp_path / "home", tmp_path / "out"
    home.mkdir()
    hours = [f"2026-06-0{day} {clock},{day}" for day in range(1, 6) for clock in ("09:00", "09:30", "10:00", "10:30")]
    (home / "days.csv").write_text("\n".join(("time,contacts", *hours, "")))
    text = PHONE.replace("09:00-11:00", "09:00-13:00").replace("[groups.team]", f"{chat}[groups.team]", 1)
    scenario = written(home, f"{text}\n[groups.team.skills.chat]\n")
    load_scenario(scenario)
    done = ruuhka("forecast", report, *ZONE, *TWO_WEEKS, "--into", scenario, "--as", "phone", "--out", out)
    assert done.exit_code == 0, done.output
    loaded = load_scenario(out / scenario.name)
    per_week = expected_contacts(loaded)[[each.name for each in loaded.channels].index("chat")].sum() / 2
    assert per_week == pytest.approx(4 * sum(range(1, 6)))


def test_a_horizon_without_an_open_day_makes_no_scenario_and_says_so(report: Path, tmp_path: Path) -> None:
    scenario, out = written(tmp_path, PHONE), tmp_path / "out"
    # The report ends on a Friday; the two days after it are a weekend.
    into = ("--horizon", "2 d", "--into", scenario, "--as", "phone", "--out", out)
    assert "No day from 2026-02-14 to 2026-02-15 is open" in refused("forecast", report, *ZONE, *into)
    assert not out.exists()
    assert "closed" in ruuhka("forecast", report, *ZONE, "--horizon", "2 d").output


def test_events_of_a_file_are_in_the_forecast(report: Path, tmp_path: Path) -> None:
    events = tmp_path / "events.csv"
    events.write_text("date,event,factor\n2026-02-17,sale,2\n")
    plain, busy = (
        json.loads(ruuhka("forecast", report, *ZONE, *TWO_WEEKS, "--json", *more).stdout)["forecasts"][0]["days"]
        for more in ((), ("--events", events))
    )
    ratio = {day["date"]: day["middle"] / was["middle"] for day, was in zip(busy, plain, strict=True) if was["open"]}
    assert ratio.pop("2026-02-17") == pytest.approx(2)
    assert list(ratio.values()) == pytest.approx([1] * len(ratio))


def test_what_cannot_be_used_is_refused_before_anything_is_forecast(report: Path, tmp_path: Path) -> None:
    scenario = written(tmp_path, PHONE)
    assert "whole days" in refused("forecast", report, "--horizon", "36 h")
    assert "--step" in refused("forecast", report, "--step", "7 min")
    assert "a minute at least" in refused("forecast", report, "--step", "1 s")
    assert "no multiple" in refused("forecast", report, "--step", "15 min")
    assert "--confidence" in refused("forecast", report, "--confidence", "100 %")
    assert "--holidays" in refused("forecast", report, "--holidays", "XX")
    assert "--timezone: There is no time zone" in refused("forecast", report, "--timezone", "Nowhere/X")
    assert "--into" in refused("forecast", report, "--into", scenario)
    assert "--as" in refused("forecast", report, "--into", scenario, "--as", "mail", "--out", tmp_path / "out")
    no_channel = refused("forecast", report, "--channel", "mail")
    assert 'no channel "mail" in the history; there is: phone, chat.' in no_channel
    assert "--channel chooses among those of the history; without it, all are forecast as one" in no_channel
    assert not (tmp_path / "out").exists()


def test_a_folder_of_history_is_forecast_alone(report: Path, tmp_path: Path) -> None:
    folder = tmp_path / "history"
    assert ruuhka("import", report, *ZONE, "--out", folder).exit_code == 0
    assert f"{report}: a folder of history is forecast alone" in refused("forecast", folder, report)


def test_of_several_kinds_one_is_forecast_and_the_others_are_named(report: Path, tmp_path: Path) -> None:
    """Interval reports go first; a channel is found in whichever kind has it."""
    folder, log = tmp_path / "history", tmp_path / "log.csv"
    days = [lived_weeks.FIRST + timedelta(k) for k in range(42)]
    came = [f"{day} {9 + k % 8:02d}:00:0{k % 10}" for day in days if day.weekday() < 5 for k in range(20 + day.day % 9)]
    log.write_text("\n".join(["created,channel", *(f"{each},mail" for each in came)]) + "\n", encoding="utf-8")
    mapping = tmp_path / "mail.toml"
    columns = 'kind = "tickets"\ntimezone = "Europe/Helsinki"\n[columns]\ncreated = "created"\nchannel = "channel"\n'
    mapping.write_text(columns, encoding="utf-8")
    assert ruuhka("import", report, *ZONE, "--out", folder).exit_code == 0
    imported = ruuhka("import", log, "--mapping", mapping, "--out", folder)
    assert imported.exit_code == 0, imported.output
    printed = " ".join(ruuhka("forecast", folder, *TWO_WEEKS).stdout.split())
    assert "Forecast from the interval reports" in printed
    assert "Left aside: tickets (mail)" in printed
    result = ruuhka("forecast", folder, *TWO_WEEKS, "--channel", "mail", "--json")
    assert result.exit_code == 0, result.output
    mail = json.loads(result.stdout)
    assert (mail["kind"], mail["left_aside"]) == ("tickets", {"intervals": ["phone", "chat"]})
    assert [each["name"] for each in mail["forecasts"]] == ["mail"]
    assert mail["forecasts"][0]["days"][2]["contacts"] == pytest.approx(24, rel=0.2)  # a Monday
    both = refused("forecast", folder, "--channel", "mail", "--channel", "phone")
    assert "kinds of history are forecast one by one" in both
    neither = refused("forecast", folder, "--channel", "fax")
    assert "interval reports: phone, chat; tickets: mail" in neither


def test_a_channel_named_twice_is_forecast_once(report: Path) -> None:
    twice = ruuhka("forecast", report, *ZONE, "--channel", "phone", "--channel", "phone", "--json")
    assert [each["name"] for each in json.loads(twice.stdout)["forecasts"]] == ["phone"]


def read_nothing(*_: object) -> None:
    """Instead of reading a history."""
    pytest.fail("the history is read before the package is missed")


def test_without_the_extra_the_message_has_the_command_that_installs_it(
    report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("statsmodels")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "statsmodels", None)
    monkeypatch.setattr(importing, "read_history", read_nothing)
    said = refused("forecast", report, *ZONE)
    assert INSTALL in said
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    assert INSTALL.removesuffix("'.[forecast]'") in readme  # as everything else is installed
    assert INSTALL in (Path(__file__).parents[1] / "docs" / "forecast.md").read_text(encoding="utf-8")


def test_it_is_said_where_seasonal_naive_has_been_better() -> None:
    def scored(*errors: float) -> Forecast:
        """As if first the day's forecast and then that of each slot had been so wrong, and seasonal-naive by 10."""
        came, low, high, naive = (np.array([value]) for value in (50.0, 0.0, 100.0, 60.0))
        checked = tuple(
            Checked(100, 101, level, came, came + error, low, high, naive, 10.0)
            for level, error in zip(LEVELS, errors, strict=True)
        )
        return replace(made, rolled=Rolled(checked, ()))

    made = forecast(lived_weeks.lived(5, day_cv=0.05), 7)
    better, worse = scored(9.0, 9.0), scored(9.0, 11.0)
    assert worse_words(better) == ""
    assert worse_words(worse).startswith("Worse than seasonal-naive: intervals of 1 h week 1. ")
    assert worse_words(scored(11.0, 11.0)).startswith(
        "Worse than seasonal-naive: days week 1, intervals of 1 h week 1."
    )
    assert worse_words(worse) in figures_html([worse])
    shown = Console(width=100, record=True, file=io.StringIO())
    shown.print(forecast_report(worse), forecast_report(better))
    assert shown.export_text().count("Worse than seasonal-naive") == 1


def test_page_and_charts_speak_every_language() -> None:
    made = forecast(lived_weeks.lived(5, day_cv=0.05), 7, name="phone & chat")
    pages = {}
    for language in LANGUAGES:
        with speaking(language):
            pages[language] = figures_html([made, made]) + json.dumps(
                [dressed(chart) for *_, chart in forecast_charts([made])]
            )
    assert len(set(pages.values())) == len(LANGUAGES)
    assert all("phone &amp; chat" in page for page in pages.values())


@pytest.mark.parametrize("width", [WIDTH, NARROW - 200])
@pytest.mark.parametrize("chart", [ahead_chart, tried_chart])
@pytest.mark.parametrize("weeks", [5, 6])
def test_charts_are_valid_and_show_what_came_and_what_was_said(
    chart: Callable[..., Chart], width: int, weeks: int
) -> None:
    made = forecast(lived_weeks.lived(weeks, day_cv=0.05), 7)
    figure = dressed(chart(made, width=width))
    check(figure)
    shown = {row["at"]: row for rows in tables(figure) for row in rows if "at" in row}
    assert bool(shown) is (weeks > 5 or chart is ahead_chart)
    totals = dict(zip((day.toordinal() for day in made.known), made.total.tolist(), strict=True))
    said = dict(zip((day.toordinal() for day in made.date), made.day.middle.tolist(), strict=True))
    for at, row in shown.items():
        assert row.get("came") == totals.get(at)
        if chart is ahead_chart and at in said:
            assert row["middle"] == said[at]
            assert row["low"] < row["middle"] < row["high"]
