"""A window that is dragged in a chart: from two positions on the time axis to whole intervals of one day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import pytest
from shown_pages import again, shown
from small_scenarios import PHONE, loaded, written

from simulator.charts import WINDOW, dragged, dressed, wait_axis, wait_chart
from simulator.experiment import run
from simulator.language import LANGUAGES, clock, day, say, speaking
from simulator.scenario import load_scenario
from simulator.scenario.fields import DayWindow
from simulator.scenario.knobs import window_path
from simulator.ui.window import DRAGGED, take

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.charts.axis import TimeAxis
    from simulator.scenario.calendar import Calendar

MONDAY, TUESDAY = date(2026, 6, 1), date(2026, 6, 2)
NIGHTS = PHONE.replace("mon-fri 09:00-11:00", "mon-sun 01:00-06:00").replace(
    "mon-fri 09:00-11:30", "mon-sun 01:00-06:00"
)
AUTUMN = NIGHTS.replace("2026-06-01", "2026-10-24").replace("days = 2", 'days = 2\ntimezone = "Europe/Helsinki"')
SPRING = AUTUMN.replace("2026-10-24", "2026-03-28")
"""Clocks are moved in the second night, at four and at three."""


class Drawn(NamedTuple):
    """An axis and the calendar that it shows."""

    axis: TimeAxis
    calendar: Calendar

    def at(self, day_index: int, hour: float) -> float:
        """Position of a clock time, at its first showing."""
        calendar = self.calendar
        same = (calendar.day_of_interval == day_index) & (calendar.clock_of_interval == hour * 3600)
        return float(self.axis.left[same][0])

    def window(self, *positions: float) -> DayWindow:
        """What is dragged between them."""
        return dragged(positions, self.axis, self.calendar)


def drawn(folder: Path, text: str = PHONE) -> Drawn:
    """The axis of the waits of a scenario, with steps of half an hour."""
    played = run(loaded(folder, text), replications=2)
    return Drawn(wait_axis(played), played.scenario.calendar)


def hours(start: float, end: float, of: date = MONDAY) -> DayWindow:
    """A window by its hours."""
    return DayWindow(of, round(start * 3600), round(end * 3600))


def test_each_end_goes_to_the_nearest_interval(tmp_path: Path) -> None:
    on = drawn(tmp_path)
    nine = on.at(0, 9)
    assert on.window(nine, nine + 1) == hours(9, 10)
    assert on.window(nine + 0.2, nine + 1.3) == hours(9, 10.5)
    assert on.window(nine + 0.3, nine + 1.2) == hours(9.5, 10)


def test_it_does_not_matter_from_which_side_one_drags(tmp_path: Path) -> None:
    on = drawn(tmp_path)
    there, back = (on.at(0, 9), on.at(0, 10.5)), (on.at(0, 10.5), on.at(0, 9))
    assert on.window(*there) == on.window(*back) == hours(9, 10.5)


def test_a_hand_that_hardly_moves_takes_one_interval(tmp_path: Path) -> None:
    on = drawn(tmp_path)
    assert on.window(on.at(0, 10) + 0.05, on.at(0, 10) + 0.06) == hours(10, 10.5)
    # Even beyond the last one, where the axis has nothing.
    end = on.at(1, 11) + 0.5
    assert on.window(end, end) == hours(11, 11.5, TUESDAY)


def test_of_several_days_it_is_the_one_with_most_of_it_the_earlier_if_they_have_as_much(tmp_path: Path) -> None:
    on = drawn(tmp_path)
    assert on.window(on.at(0, 10.5), on.at(1, 11)) == hours(9, 11, TUESDAY)
    assert on.window(on.at(0, 9), on.at(1, 9.5)) == hours(9, 11.5)
    assert on.window(on.at(0, 11), on.at(1, 9.5)) == hours(11, 11.5)


def test_a_window_over_an_hour_that_is_shown_twice_is_told_by_the_clock(tmp_path: Path) -> None:
    on = drawn(tmp_path, AUTUMN)
    three = on.at(1, 3)
    sunday = date(2026, 10, 25)
    # 3:00, 3:30, 3:00 again, 3:30 again: any of them is of the same window.
    assert on.window(three, three + 2) == hours(3, 4, sunday)
    assert on.window(three + 0.5, three + 1.5) == hours(3, 4, sunday)
    assert on.window(three + 1.5, three + 2.5) == hours(3.5, 4.5, sunday)


def test_a_window_over_an_hour_that_is_never_shown_goes_on_after_it(tmp_path: Path) -> None:
    on = drawn(tmp_path, SPRING)
    assert on.window(on.at(1, 2), on.at(1, 5)) == hours(2, 5, date(2026, 3, 29))


@pytest.mark.parametrize("text", [PHONE, AUTUMN, SPRING])
def test_every_window_that_can_be_dragged_is_one_that_a_scenario_takes(tmp_path: Path, text: str) -> None:
    on = drawn(tmp_path, text)
    file = written(tmp_path, text)
    base = load_scenario(file).groups[0].staffing
    end = on.axis.end
    windows = {on.window(end * k / 40, end * (k + width) / 40) for k in range(40) for width in (0, 1, 5)}
    assert len(windows) > 10
    for window in windows:
        more = load_scenario(file, None, {window_path("team", *window): 2}).groups[0].staffing
        assert {b - a for a, b in zip(base, more, strict=True)} == {0, 2}, str(window)


def test_every_panel_can_be_dragged_in_and_shades_what_is_taken(tmp_path: Path) -> None:
    played = run(loaded(tmp_path), replications=2)
    axis = wait_axis(played)
    plain, markable = wait_chart(played), wait_chart(played, marked_on=axis)
    assert WINDOW not in str(plain)
    figure = dressed(markable)
    for panel in figure["vconcat"][0]["vconcat"]:
        assert [each["params"][0]["name"] for each in panel["layer"] if "params" in each] == [WINDOW]
        (shade,) = (each for each in panel["layer"] if {"param": WINDOW, "empty": False} in _filters(each))
        rows = figure["datasets"][shade["data"]["name"]]
        shown = [(row["at"], row["to"]) for row in rows if row["to"] > row["at"]]
        on = Drawn(axis, played.scenario.calendar)
        low, high = on.at(0, 9.5) - 0.1, on.at(0, 10.5) + 0.1
        within = [(at, to) for at, to in shown if low <= (at + to) / 2 <= high]
        assert within[0][0] == on.at(0, 9.5)
        assert within[-1][1] == on.at(0, 10.5)
        assert on.window(low, high) == hours(9.5, 10.5)


def _filters(layer: dict[str, object]) -> list[object]:
    transforms = layer.get("transform", [])
    assert isinstance(transforms, list)
    return [each.get("filter") for each in transforms]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sliders_stand_at_the_window_that_was_dragged_until_it_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "what_if", language)
    with speaking(language):
        assert any(each.value == say("window.drag") for each in app.caption)
        app.session_state[DRAGGED] = hours(9.5, 11, TUESDAY)
        again(app)
        told = say("window.dragged", day=day(TUESDAY), start=clock(34_200), end=clock(39_600))
        assert any(each.value == told for each in app.caption)
        app.button(key="window add").click()
        again(app)
        assert app.session_state["view"].overrides == {'groups.team.extra_in."2026-06-02 09:30-11:00"': 2}
        app.button(key="window let go").click()
        again(app)
        assert app.select_slider(key="window hours 1800").value == (8 * 3600, 16 * 3600)
        assert [each.key for each in app.button if each.key == "window let go"] == []
        # What was added is a change like any other, to be taken back by itself.
        assert len(app.session_state["view"].overrides) == 1


def test_a_window_of_a_scenario_with_other_days_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "staffing")
    for window in (hours(9, 10, date(2027, 1, 1)), hours(9.25, 10)):
        app.session_state[DRAGGED] = window
        again(app)
        assert app.select_slider(key="window hours 1800").value == (8 * 3600, 16 * 3600)


def test_an_event_without_positions_lets_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on = drawn(tmp_path)
    state: dict[str, object] = {}
    monkeypatch.setattr("streamlit.session_state", state)
    take({"selection": {WINDOW: {"at": [on.at(0, 9), on.at(0, 10)]}}}, *on)
    assert state == {DRAGGED: hours(9, 10)}
    nothing: tuple[dict[str, object], ...] = ({WINDOW: {}}, {})
    for selected in nothing:
        state[DRAGGED] = hours(9, 10)
        take({"selection": selected}, *on)
        assert state == {DRAGGED: None}
