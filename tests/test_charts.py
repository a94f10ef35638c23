"""Charts show the experiment's own numbers, are valid Vega-Lite, and need nothing from outside."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator  # type: ignore[import-untyped]  # it ships no types
from jsonschema.exceptions import best_match  # type: ignore[import-untyped]

from simulator.charts import (
    backlog_chart,
    dressed,
    heat_map,
    page,
    picture,
    promise_chart,
    wait_chart,
    waves_chart,
    write_page,
    write_png,
    write_waves_png,
)
from simulator.charts.axis import time_axis
from simulator.charts.look import MET, THEMES, WIDTH, Colour
from simulator.charts.ticks import time_ticks
from simulator.charts.vega import lookup
from simulator.demand import contacts_by_cause
from simulator.experiment import Experiment, run
from simulator.language import LANGUAGES, rounded_duration, speaking
from simulator.language.catalogue import catalogue
from simulator.measures import MEASURES, evaluate
from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.charts.vega import Chart
    from simulator.scenario.model import Scenario

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ROUND_THE_CLOCK: dict[str, object] = {
    "channels.phone.hours": "always",
    "channels.phone.demand.time_of_day": {"00:00": 1},
    "channels.phone.demand.weekdays": dict.fromkeys(WEEKDAYS, 1),
    "channels.phone.demand.per_week": 1500,
    "groups.team.staffing": {"mon-sun 00:00-24:00": 2},
    "horizon.days": 2,
}
CASES: dict[str, tuple[str, int, dict[str, object]]] = {
    "two days": ("email-backlog", 4, {"horizon.days": 2, "groups.team.staffing": {"mon-fri 08:00-17:00": 4}}),
    "one replication": ("email-backlog", 1, {"horizon.days": 1}),
    "closed days": ("email-backlog", 2, {"horizon.start": "2026-11-20", "horizon.days": 3}),
    "closed all the time": ("email-backlog", 1, {"horizon.start": "2026-11-21", "horizon.days": 2}),
    "no phone calls": ("email-backlog", 2, {"horizon.days": 1, "channels.phone.demand.per_week": 0}),
    "23 hours": ("email-backlog", 2, {**ROUND_THE_CLOCK, "horizon.start": "2026-03-28"}),
    "25 hours": ("email-backlog", 2, {**ROUND_THE_CLOCK, "horizon.start": "2026-10-24"}),
    "judged by interval": ("phone-team", 2, {"horizon.days": 1, "channels.phone.target.per": "interval"}),
    "judged over the horizon": ("phone-team", 2, {"horizon.days": 2, "channels.phone.target.per": "horizon"}),
    "by hours": ("email-backlog", 1, {"horizon.days": 4, "horizon.interval": "5 min"}),
}
CHARTS: tuple[Callable[[Experiment], Chart | None], ...] = (wait_chart, heat_map, promise_chart, backlog_chart)
SHOWN = 0.0005
"""Values are drawn to three decimals."""
HELSINKI_HOURS = {"23 hours": 47, "25 hours": 49}


# Altair brings it along.
SCHEMA = files("altair.vegalite.v6.schema").joinpath("vega-lite-schema.json").read_text(encoding="utf-8")
VEGA_LITE = Draft7Validator(json.loads(SCHEMA))


@cache
def experiment(case: str) -> Experiment:
    name, replications, overrides = CASES[case]
    return run(load_scenario(SCENARIOS / f"{name}.toml", overrides=overrides), replications=replications)


@cache
def drawn(chart: Callable[[Experiment], Chart | None], case: str) -> dict[str, Any]:
    made = chart(experiment(case))
    assert made is not None
    return dressed(made)


def tables(figure: dict[str, Any], *columns: str) -> list[list[dict[str, Any]]]:
    """The figure's tables that have these columns, in order of appearance."""
    return [rows for rows in figure["datasets"].values() if rows and set(columns) <= set(rows[0])]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_is_vega_lite_whatever_the_scenario(chart: Callable[[Experiment], Chart | None], case: str) -> None:
    kinds = {channel.kind for channel in experiment(case).scenario.channels}
    if chart is backlog_chart and "deferred" not in kinds:
        assert chart(experiment(case)) is None
        return
    figure = drawn(chart, case)
    check(figure)
    assert all(np.isfinite(value) for rows in tables(figure) for value in numbers(rows))


def check(figure: dict[str, Any]) -> None:
    """Hold a figure against the schema of Vega-Lite, and against what Vega can draw; its rows are none of theirs."""
    problem = best_match(VEGA_LITE.iter_errors(figure | {"datasets": {name: [] for name in figure["datasets"]}}))
    assert problem is None, problem
    assert vl_convert.vegalite_to_vega(figure)["marks"]


def numbers(rows: list[dict[str, Any]]) -> list[float]:
    return [value for row in rows for value in row.values() if isinstance(value, float)]


@pytest.mark.parametrize("case", ["two days", "25 hours"])
def test_wait_bands_are_quantiles_of_the_replications_mean_waits(case: str) -> None:
    played = experiment(case)
    calendar = played.scenario.calendar
    means = np.array([evaluate(MEASURES["mean_wait"], each, ("channel", "interval")) for each in played.summaries])
    rows = tables(drawn(wait_chart, case), "high95", "to")[0]
    shown = {row["when"]: row for row in rows}
    assert shown
    for i in range(calendar.intervals):
        known = np.sort(means[~np.isnan(means[:, 0, i]), 0, i])
        row = shown.get(calendar.label(i))
        assert (row is None) == (len(known) == 0)
        if row is not None:
            assert row["median"] == pytest.approx(np.median(known), abs=SHOWN)
            assert known[0] - SHOWN <= row["low95"] <= row["low80"] <= row["median"] <= row["high80"] <= row["high95"]
            # A quantile lies between two order statistics, (n - 1) p of the way.
            place = 0.9 * (len(known) - 1)
            assert row["high80"] == pytest.approx(np.interp(place, range(len(known)), known), abs=SHOWN)


def test_staffing_stacks_up_to_the_agents_of_the_scenario() -> None:
    played = experiment("two days")
    calendar, staffing = played.scenario.calendar, played.scenario.staffing
    rows = tables(drawn(wait_chart, "two days"), "value0", "when")[0]
    at = {calendar.label(i): i for i in range(calendar.intervals)}
    assert sum(row["value0"] > 0 for row in rows) >= 2 * 18
    for row in rows:
        assert row["value0"] == staffing[0, at[row["when"]]]
    # Two loads, of the phone and with messages: work offered per second, the mean over the replications.
    work = np.array([each.by_interval[-1, :, :-1] for each in played.summaries]).mean(axis=0) / calendar.interval
    for row in rows:
        assert row["value1"] == pytest.approx(work[0, at[row["when"]]], abs=SHOWN)
        assert row["value2"] == pytest.approx(work[:, at[row["when"]]].sum(), abs=SHOWN)


def test_heat_map_cells_are_ratios_of_sums_in_the_class_that_holds_them() -> None:
    played = experiment("two days")
    calendar = played.scenario.calendar
    sums = [played.sums("mean_wait", ("channel", "interval"))[k][:, 0].sum(axis=0) for k in (0, 1)]
    rows = tables(drawn(heat_map, "two days"), "class", "wait")[0]
    at = {calendar.label(i): i for i in range(calendar.intervals)}
    # Phone is open from 09:00 to 17:00, in half-hours, on two days.
    assert len(rows) == 2 * 16
    names = ("up to 10 s", "to 20 s", "to 40 s", "to 1 min 20 s", "to 2 min 40 s", "longer")
    bounds = dict(zip(names, pairwise([0, 10, 20, 40, 80, 160, np.inf]), strict=True))
    for row in rows:
        i = at[row["when"]]
        assert (row["day"], row["at"]) == (row["when"][:10], calendar.clock_of_interval[i] / 3600)
        if row["class"] is None:
            assert sums[1][i] == 0
        else:
            assert row["wait"] == pytest.approx(sums[0][i] / sums[1][i], abs=SHOWN)
            low, high = bounds[row["class"]]
            assert low <= row["wait"] <= high


@pytest.mark.parametrize("case", ["two days", "judged by interval", "judged over the horizon"])
def test_promise_cells_are_shares_of_periods_that_meet_the_target(case: str) -> None:
    played = experiment(case)
    calendar = played.scenario.calendar
    rows = tables(drawn(promise_chart, case), "met", "between")[0]
    period = played.scenario.channels[0].target.period
    phone = [row for row in rows if row["channel"] == played.scenario.channels[0].title]
    assert len(phone) == (1 if period == "horizon" else calendar.days)
    met = np.array([outcomes[0].met for outcomes in played.target_outcomes])
    if period == "interval":
        met = np.array(
            [[np.nanmean(each[calendar.day_of_interval == d]) for d in range(calendar.days)] for each in met]
        )
    for k, row in enumerate(phone):
        assert row["met"] == pytest.approx(met[:, k].mean())
        assert row["figure"] == f"{100 * met[:, k].mean():.0f} %"


def test_backlog_starts_with_the_scenarios_own_and_is_that_of_the_replications() -> None:
    played = experiment("two days")
    items, oldest = tables(drawn(backlog_chart, "two days"), "median", "typical")
    assert items[0]["low95"] == items[0]["high95"] == 260
    assert oldest[0]["median"] == pytest.approx(63 * 3600)
    assert items[-1]["when"] == "the end"
    last = [each.backlog.items[1, -1] for each in played.summaries]
    assert items[-1]["median"] == pytest.approx(np.median(last), abs=SHOWN)


def test_one_replication_has_bands_without_width_and_no_half_width() -> None:
    rows = tables(drawn(wait_chart, "one replication"), "high95", "to")[0]
    assert all(row["low95"] == row["median"] == row["high95"] for row in rows)
    cells = tables(drawn(heat_map, "one replication"), "told")[0]
    assert {row["told"].partition(" ± ")[2].removesuffix(" s") for row in cells if row["class"]} == {"?"}


@pytest.mark.parametrize(
    ("case", "words"), [("closed all the time", "closed all the time"), ("no phone calls", "nobody")]
)
def test_an_empty_panel_says_why_it_is_empty(case: str, words: str) -> None:
    figures = [drawn(chart, case) for chart in (wait_chart, heat_map)]
    said = [row["text"] for figure in figures for rows in tables(figure, "text") for row in rows]
    assert any(text.startswith(words) for text in said)


def test_nights_and_closed_days_are_left_out_of_the_time_axis() -> None:
    # Friday 20 November 2026 to Sunday; phone 09:00 to 17:00, agents from 08:00, on Friday only.
    assert [name for *_, name in axis_of("closed days").days] == ["Fri 20 Nov"]
    assert axis_of("closed days").end == 9
    two = axis_of("two days")
    assert [name for *_, name in two.days] == ["Mon 16 Nov", "Tue 17 Nov"]
    assert two.end == pytest.approx(18, rel=0.02)
    shown = ~np.isnan(two.left)
    assert [two.label[k][-5:] for k in np.flatnonzero(shown)[[0, 17, 18, -1]]] == ["08:00", "16:30", "08:00", "16:30"]


def axis_of(case: str) -> Any:
    scenario = experiment(case).scenario
    is_open = scenario.calendar.open_mask(scenario.channels[0].hours)
    return time_axis(experiment(case), is_open, scenario.staffing.sum(axis=0) > 0)


@pytest.mark.parametrize("case", HELSINKI_HOURS)
def test_a_day_of_23_or_25_hours_is_as_wide_as_it_is_long(case: str) -> None:
    axis = time_axis(experiment(case))
    (_, first, _), (second, end, _) = axis.days
    assert (first, second, end) == (24, 24, HELSINKI_HOURS[case])
    labels = [label for label in axis.label if label.startswith("Sun") and " 03:" in label]
    date = "Sun 25 Oct"
    twice = [f"{date} 03:00", f"{date} 03:30", f"{date} 03:00 (2nd)", f"{date} 03:30 (2nd)"]
    assert labels == ([] if case == "23 hours" else twice)
    # Steps follow each other without a gap, and no two of them lie in one place.
    np.testing.assert_array_equal(axis.right[:-1], axis.left[1:])
    assert (axis.right > axis.left).all()


def test_the_hour_shown_twice_has_a_row_of_its_own_in_the_heat_map() -> None:
    cells = tables(drawn(heat_map, "25 hours"), "day", "class")[0]
    assert [row["at"] for row in cells if row["day"] == "Sun 25 Oct (2nd)"] == [3.0, 3.5]
    places = [(row["day"], row["at"]) for row in cells]
    assert len(set(places)) == len(places) == 2 * 49


def test_a_long_horizon_is_drawn_by_hours() -> None:
    axis = time_axis(experiment("by hours"))
    assert (axis.period, axis.period_words, len(axis.left)) == ("hour", "hour", 4 * 24)
    assert "mean wait by hour" in str(drawn(wait_chart, "by hours"))


@given(st.floats(0, 30 * 86_400))
def test_ticks_of_waits_reach_the_top_with_few_round_times(top: float) -> None:
    values = time_ticks(top)
    assert values[0] == 0
    assert values[-1] >= top
    assert 2 <= len(values) <= 6
    assert len(set(np.diff(values))) == 1
    assert len({rounded_duration(value) for value in values}) == len(values)


# ---- Languages, themes and widths ------------------------------------------------------------------------------------

WORD = re.compile(r"[^\W\d_]{3,}")
CALENDAR_WORDS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Nov"}


def words_of(text: object) -> set[str]:
    """All words in the texts of anything made of tables and lists."""
    if isinstance(text, str):
        return set(WORD.findall(text))
    parts = text.values() if isinstance(text, Mapping) else text if isinstance(text, list | tuple) else ()
    return {word for part in parts for word in words_of(part)}


def shown(part: object, field: str = "") -> set[str]:
    """All words that a figure shows: of headings, keys, labels and of the rows' own texts."""
    if isinstance(part, dict):
        return {word for name, value in part.items() for word in shown(value, name)}
    if isinstance(part, list):
        return {word for value in part for word in shown(value, field)}
    silent = {
        "field",
        "type",
        "as",
        "filter",
        "anchor",
        "frame",
        "orient",
        "align",
        "labelAlign",
        "$schema",
        "name",
        "font",
    }
    return words_of(part) if field not in silent else set()


def own_words(language: str, scenario: Scenario) -> set[str]:
    """Words of a language that no text of the other languages has, nor the scenario, nor Vega (`datum.value`)."""
    others = words_of([dict(catalogue(other)) for other in LANGUAGES if other != language])
    names = [scenario.title, *contacts_by_cause(scenario).titles, *(each.title for each in scenario.channels)]
    names += [each.title for each in scenario.groups]
    names += [each.title or each.name for each in scenario.topics]
    return words_of(dict(catalogue(language))) - others - words_of(names) - {"value"}


@pytest.mark.parametrize("width", [WIDTH, 290])
@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_speaks_one_language(chart: Callable[..., Chart | None], width: int) -> None:
    english, finnish = (own_words(language, experiment("two days").scenario) for language in ("en", "fi"))
    plain = chart(experiment("two days"), width=width)
    with speaking("fi"):
        spoken = chart(experiment("two days"), width=width)
        assert plain is not None
        assert spoken is not None
        figure = dressed(spoken)
        check(figure)
    said = shown(figure)
    assert said & finnish
    assert not said & (english | CALENDAR_WORDS)
    said = shown(dressed(plain))
    assert said & english
    assert not said & finnish


@pytest.mark.parametrize("whole", ["picture", "waves"])
def test_whole_pictures_speak_one_language(whole: str) -> None:
    scenario = experiment("two days").scenario
    if whole == "waves":
        scenario = load_scenario(SCENARIOS / "christmas.toml", overrides={"horizon.days": 3})
    with speaking("fi"):
        waves = waves_chart(scenario)
        said = shown(picture(experiment("two days")) if waves is None else dressed(waves))
    assert said & own_words("fi", scenario)
    assert not said & (own_words("en", scenario) | CALENDAR_WORDS)


def test_every_colour_has_a_value_in_every_theme_and_no_chart_keeps_a_role() -> None:
    for theme, colours in THEMES.items():
        assert set(colours) == set(Colour), theme
    chart = wait_chart(experiment("two days"))
    light, dark = (json.dumps(dressed(chart, theme=theme)) for theme in ("light", "dark"))
    assert dressed(chart, transparent=True)["config"]["background"] == "transparent"
    assert not any(isinstance(each, Colour) for each in leaves(dressed(chart)))
    assert THEMES["light"][Colour.MEDIAN] in light
    assert THEMES["dark"][Colour.MEDIAN] in dark
    assert THEMES["light"][Colour.MEDIAN] not in dark


def leaves(part: object) -> Iterator[object]:
    """All values."""
    if isinstance(part, dict | list):
        for each in part.values() if isinstance(part, dict) else part:
            yield from leaves(each)
    else:
        yield part


def test_ink_and_lines_stand_out_from_the_paper_of_their_theme() -> None:
    """As WCAG has it: contrast 4.5 for text, 3 for what carries meaning."""
    text = (Colour.INK, Colour.FAINT_INK)
    marks = (Colour.MEDIAN, Colour.TARGET, Colour.LOAD, Colour.FAINT_LOAD)
    for colours in THEMES.values():
        for role in (*text, *marks):
            assert contrast(colours[role], colours[Colour.PAPER]) >= (4.5 if role in text else 3), role
        for role in MET:
            assert contrast(colours[Colour.INK], colours[role]) >= 4.5, role


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2.1."""

    def luminance(colour: str) -> float:
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted(luminance(each) for each in (one, other))
    return (high + 0.05) / (low + 0.05)


def test_a_table_that_several_layers_draw_is_written_once() -> None:
    figure = drawn(wait_chart, "two days")
    written = [json.dumps(rows) for rows in figure["datasets"].values() if "high95" in (rows or [{}])[0]]
    assert len(written) == 1
    assert json.dumps(figure).count('"high95":') == len(json.loads(written[0]))


@pytest.mark.parametrize("width", [290, 400, 1400])
@pytest.mark.parametrize("chart", CHARTS)
def test_no_panel_is_wider_than_asked(chart: Callable[..., Chart | None], width: int) -> None:
    made = chart(experiment("two days"), width=width)
    assert made is not None
    assert max(widths(made)) <= width


def widths(part: object) -> Iterator[int]:
    """The widths of all panels."""
    if isinstance(part, dict):
        if isinstance(part.get("width"), int | float) and "height" in part:
            yield part["width"]
        yield from (width for name, value in part.items() if name != "data" for width in widths(value))
    elif isinstance(part, list):
        yield from (width for value in part for width in widths(value))


def test_labels_cannot_break_out_of_their_expression() -> None:
    assert lookup([1, 2.5], ["it's", 'a\\"']) == '["it\'s","a\\\\\\""][indexof([1.0,2.5], datum.value)]'


def test_the_picture_is_a_png_of_the_asked_width(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    write_png(experiment("two days"), path)
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    assert 1100 <= width <= 1300
    assert 400 <= height <= 1000
    assert len(content) > 20_000


def test_the_picture_says_what_it_was_made_from() -> None:
    written = str(picture(experiment("two days")))
    for words in ("E-mail backlog after a weekend", "4 replications, seed 1, engine compiled", "95 % confidence"):
        assert words in written


def test_the_page_asks_nothing_of_the_network(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_page(experiment("two days"), path)
    text = path.read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    own = text[: text.index("<script>")]
    assert not re.search(r"https?:|src=|href=|url\(|@import|<link", own)
    # The libraries hold names of namespaces and schemas, and a link that the page switches off.
    addresses = set(re.findall(r"https?://[^\"'`\s\\)]+", text))
    assert {re.sub(r"v\d[\d.]*\.json$", "", address) for address in addresses} <= {
        "http://www.w3.org/1999/xlink",
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/2000/xmlns/",
        "https://github.com/vega/vega-lite/issues/2415",
        "https://vega.github.io/editor/",
        "https://vega.github.io/schema/vega-lite/",
        "https://vega.github.io/schema/vega/",
    }
    assert "editor: false" in text
    assert text.count('<div id="figure-') == 4
    for words in (
        "email-backlog",
        "4, seed 1",
        "compiled",
        "95 % confidence interval",
        "Mon 16 Nov 2026 to Tue 17 Nov 2026",
    ):
        assert words in own


def test_names_cannot_break_out_of_the_page() -> None:
    nasty = "</script><script>alert(1)</script>"
    overrides: dict[str, object] = {"horizon.days": 1, "title": nasty, "channels.phone.title": nasty}
    scenario = load_scenario(SCENARIOS / "email-backlog.toml", overrides=overrides)
    text = page(run(scenario, replications=1))
    assert text.count("</script") == 2
    assert "&lt;/script&gt;" in text


def test_the_page_says_what_differs_from_the_file() -> None:
    assert "<dd>with a = &lt;1&gt;</dd>" in page(experiment("two days"), "with a = <1>")
    assert "<dt>Changed</dt>" not in page(experiment("two days"))


# ---- Orders, topics and campaigns ------------------------------------------------------------------------------------


def test_waves_stack_up_to_all_expected_contacts_and_orders() -> None:
    scenario = load_scenario(SCENARIOS / "christmas.toml")
    causes = contacts_by_cause(scenario)
    chart = waves_chart(scenario)
    assert chart is not None
    figure = dressed(chart)
    assert vl_convert.vegalite_to_vega(figure)["marks"]
    orders, topics, campaigns = tables(figure, "part", "floor", "top")

    def heights(rows: list[dict[str, Any]], name: str) -> list[float]:
        """By day."""
        whole: dict[float, float] = {}
        for row in rows:
            if row["part"] == name:
                whole[row["at"]] = whole.get(row["at"], 0.0) + row["top"] - row["floor"]
        return [whole[at] for at in sorted(whole)]

    for t, topic in enumerate(scenario.topics):
        np.testing.assert_allclose(heights(topics, topic.title), causes.expected[:, :, t].sum(axis=(0, 1)), rtol=1e-9)
    k = causes.names.index("black_friday")
    np.testing.assert_allclose(heights(orders, "Black Friday"), causes.orders[k], rtol=1e-9)
    np.testing.assert_allclose(heights(campaigns, "Black Friday"), causes.expected[k].sum(axis=(0, 1)), rtol=1e-9)
    # Bars stand on each other: the highest top of a day is all there is.
    tops = [max(row["top"] for row in topics if row["at"] == at) for at in sorted({row["at"] for row in topics})]
    np.testing.assert_allclose(tops, causes.expected.sum(axis=(0, 1, 2)), rtol=1e-9)


def test_the_christmas_waves_come_one_after_the_other() -> None:
    """Orders peak on Black Friday; what they cause about deliveries peaks days later, about returns weeks later."""
    scenario = load_scenario(SCENARIOS / "christmas.toml")
    causes = contacts_by_cause(scenario)
    k = causes.names.index("black_friday")
    by_topic = causes.expected[k].sum(axis=0)
    names = [topic.name for topic in scenario.topics]
    order, delivery, handed_back = (int(np.argmax(by_topic[names.index(n)])) for n in ("order", "delivery", "return"))
    friday = int(np.argmax(causes.orders[k]))
    assert scenario.calendar.date_of_day[friday].isoformat() == "2026-11-27"
    assert friday <= order < delivery - 1 < handed_back - 5


def test_what_a_campaign_takes_away_is_not_drawn_below_zero() -> None:
    overrides: dict[str, object] = {"campaigns.newsletter.uplift": "-60 %", "day_factors.black_friday.factor": 0.2}
    scenario = load_scenario(SCENARIOS / "black-friday.toml", overrides=overrides)
    chart = waves_chart(scenario)
    assert chart is not None
    rows = [row for table in tables(dressed(chart), "part", "floor", "top") for row in table]
    assert all(0 <= row["floor"] <= row["top"] + 1e-9 for row in rows)


def test_there_are_no_waves_without_orders_and_campaigns(tmp_path: Path) -> None:
    scenario = load_scenario(SCENARIOS / "phone-team.toml")
    assert waves_chart(scenario) is None
    write_waves_png(scenario, tmp_path / "waves.png")
    assert not list(tmp_path.iterdir())
    write_waves_png(load_scenario(SCENARIOS / "black-friday.toml"), tmp_path / "waves.png")
    assert (tmp_path / "waves.png").read_bytes().startswith(b"\x89PNG")
