"""A slider stands where its field is, and sets what a planner would write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlit.testing.v1 import AppTest

if TYPE_CHECKING:
    from simulator.ui.view import View

CAPACITY = "channels.chat.bot.capacity"


def _page(path: str) -> None:
    """One slider of the Black Friday scenario."""
    from pathlib import Path

    import streamlit as st

    import simulator
    from simulator.scenario import apply_overrides, read_source
    from simulator.scenario.knobs import knobs
    from simulator.ui.handles import take_moves
    from simulator.ui.sliders import slider
    from simulator.ui.view import View

    raw = read_source(Path(simulator.__file__).parents[1] / "scenarios" / "black-friday.toml").raw
    view = st.session_state.setdefault("view", View("black-friday"))
    take_moves(view)
    base, now = (
        {knob.path: knob for knob in knobs(apply_overrides(raw, each))}
        for each in (dict[str, object](), view.overrides)
    )
    slider(base[path], now[path], view)


def _overrides(page: AppTest) -> dict[str, object]:
    view: View = page.session_state["view"]
    return view.overrides


def test_a_field_left_out_stands_at_no_number_until_it_is_moved_and_again_when_moved_back() -> None:
    page = AppTest.from_function(_page, args=(CAPACITY,), default_timeout=120).run()
    assert not page.exception
    box = page.select_slider[0]
    assert (box.options[0], box.options[-1]) == ("0", "not set")
    assert box.value == float("inf")
    box.set_value(40.0).run()
    assert not page.exception
    assert _overrides(page) == {CAPACITY: 40}
    assert page.select_slider[0].value == 40
    page.select_slider[0].set_value(float("inf")).run()
    assert not page.exception
    assert _overrides(page) == {}


def test_a_slider_moved_back_to_what_the_file_says_is_no_change() -> None:
    path = "channels.chat.bot.containment"
    page = AppTest.from_function(_page, args=(path,), default_timeout=120).run()
    page.select_slider[0].set_value(50.0).run()
    assert _overrides(page) == {path: "50 %"}
    page.select_slider[0].set_value(30.0).run()
    assert _overrides(page) == {}
