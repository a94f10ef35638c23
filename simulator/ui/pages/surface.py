"""Queue times under agent counts x any other lever: the surface that the whole question is about."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from simulator.charts import surface_chart
from simulator.charts.surface import POINT
from simulator.language import say
from simulator.planning import Promise, agents_axis, cheapest, check_axes, field_axis, spread
from simulator.scenario import ScenarioError
from simulator.scenario.knobs import as_override
from simulator.ui.chart import show_chart
from simulator.ui.limits import TooMuchError
from simulator.ui.refusal import show_refusal
from simulator.ui.sliders import position_text, positions
from simulator.words import field_title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.delta_generator import DeltaGenerator

    from simulator.planning import Axis, Grid, Place
    from simulator.planning.axes import Load
    from simulator.scenario import Scenario
    from simulator.ui.situation import Situation
    from simulator.ui.surfaces import Surfaces

SIZES = (5, 7, 10)
REPLICATIONS = (20, 50, 100)
FIGURES = ("usual", "wait_90", "target_met", "within_target", "lost_share", "occupancy", "total_cost")
BETWEEN_PICTURES = 0.8
"""Seconds from one picture of a growing surface to the next."""
CHART = "surface chart"


def show(situation: Situation) -> None:
    """Choose what lies on the axes, see the surface grow, take a point over."""
    st.markdown(f"### {say('surface.title')}")
    st.caption(say("surface.told"))
    try:
        now = situation.scenario
        axes, promise, channel, figure, replications = _asked(situation, now)
        load = _load(situation)
        check_axes(load, axes)
        strip, place = st.empty(), st.empty()
        grid = _grown(situation, load, axes, replications, promise, channel, figure, (strip, place))
    except ScenarioError as error:
        show_refusal(error)
        return
    except TooMuchError as error:
        st.error(say("answers.too_much", contacts=round(error.contacts), most=error.most))
        return
    except ValueError as error:
        st.error(str(error))
        return
    with place.container():
        clicked = show_chart(
            surface_chart(grid, promise, channel=channel, figure=figure, width=situation.width),
            key=CHART,
            selection=POINT,
        )
    _told(grid, promise)
    _take_over(situation, grid, _point(clicked))


def _load(situation: Situation) -> Load:
    """From a point's overrides to its scenario: those of the session stay beside them."""

    def load(overrides: Mapping[str, object]) -> Scenario:
        return situation.changed({**situation.view.overrides, **overrides})

    return load


def _asked(situation: Situation, now: Scenario) -> tuple[tuple[Axis, Axis], Promise, int, str | None, int]:
    """The widgets above the surface, and what they ask for."""
    groups = [group for group in now.groups if max(group.staffing, default=0) > 0]
    largest = max(range(len(groups)), key=lambda g: sum(groups[g].staffing))
    levers = [knob for knob in situation.knobs_now.values() if knob.low is not None and knob.path.count("extra_") == 0]
    usual = next((n for n, knob in enumerate(levers) if knob.first and knob.path.endswith(".bot.containment")), 0)
    one, two, three, four = st.columns(4)
    group = one.selectbox(
        say("surface.group"), groups, index=largest, format_func=lambda each: each.title, key="surface group"
    )
    lever = two.selectbox(say("surface.lever"), levers, index=usual, format_func=field_title, key="surface lever")
    channel = three.selectbox(
        say("surface.channel"),
        range(len(now.channels)),
        format_func=lambda c: now.channels[c].title,
        key="surface channel",
    )
    figure = four.selectbox(
        say("surface.figure"), FIGURES, format_func=lambda name: say(f"surface.figures.{name}"), key="surface figure"
    )
    one, two, three, four = st.columns(4)
    most = max(group.staffing)
    reach = max(round(0.35 * most), 3)
    agents = one.slider(
        say("surface.agents"),
        max(most - 3 * reach, 0),
        most + 3 * reach,
        (max(most - reach, 0), most + reach),
        key=f"surface agents {group.name}",
    )
    places = positions(lever, lever)
    low, high = two.select_slider(
        field_title(lever),
        places,
        (places[0], places[-1]),
        key=f"surface lever {lever.path}",
        format_func=partial(position_text, lever),
    )
    size = three.segmented_control(
        say("surface.size"), SIZES, default=SIZES[0], format_func=lambda n: f"{n} × {n}", key="surface size"
    )
    replications = four.segmented_control(
        say("surface.replications"), REPLICATIONS, default=REPLICATIONS[0], key="surface replications"
    )
    count = size or SIZES[0]
    load = _load(situation)
    axes = (
        agents_axis(load, group.name, [int(each) for each in spread(range(agents[0], agents[1] + 1), *agents, count)]),
        field_axis(
            lever.path,
            [as_override(lever, place) for place in spread(places, low, high, count)],
            title=field_title(lever),
            today=lever.written,
        ),
    )
    return axes, Promise.of(now), channel, None if figure == "usual" else figure, replications or REPLICATIONS[0]


def _grown(
    situation: Situation,
    load: Load,
    axes: tuple[Axis, Axis],
    replications: int,
    promise: Promise,
    channel: int,
    figure: str | None,
    places: tuple[DeltaGenerator, DeltaGenerator],
) -> Grid:
    """The whole surface; while it grows, what there is of it is shown every now and then."""
    strip, picture = places
    surfaces: Surfaces = situation.desk.surfaces
    shown_at, grid = 0.0, None
    for grid in surfaces.growing(load, axes, replications):
        done, wanted = len(grid.points), grid.shape[0] * grid.shape[1]
        if grid.is_whole:
            break
        strip.progress(done / wanted, say("surface.growing", done=done, wanted=wanted))
        if time.monotonic() - shown_at > BETWEEN_PICTURES and done >= 4:
            chart = surface_chart(grid, promise, channel=channel, figure=figure, width=situation.width)
            with picture.container():
                show_chart(chart, key=None)
            shown_at = time.monotonic()
    assert grid is not None
    strip.caption(say("surface.whole", count=grid.replications, seed=str(grid.seed), engine=grid.engine))
    return grid


def _told(grid: Grid, promise: Promise) -> None:
    """What is the cheapest point, and how sure that is."""
    found = cheapest(grid, promise)
    if found.place is None:
        st.warning(say("surface.none"))
        return
    verdict = say(f"surface.verdict.{found.verdict}")
    st.markdown(say("surface.cheapest", point=_name(grid, found.place), verdict=verdict))
    if found.sure is not None and found.sure != found.place:
        st.markdown(say("surface.sure", point=_name(grid, found.sure)))


def _name(grid: Grid, place: Place) -> str:
    """A point by the values of its axes."""
    return ", ".join(f"{axis.title} {axis.labels[k]}" for axis, k in zip(grid.axes, place, strict=True))


def _point(clicked: Mapping[str, Any] | None) -> Place | None:
    """The cell that was clicked."""
    points = (clicked or {}).get("selection", {}).get(POINT, [])
    return (int(points[0]["x"]), int(points[0]["y"])) if points else None


def _take_over(situation: Situation, grid: Grid, clicked: Place | None) -> None:
    """Load a point into the sliders: the one that was clicked, or any by name, for those who do not click."""
    every = sorted(grid.points)
    one, two = st.columns([3, 1], vertical_alignment="bottom")
    chosen = one.selectbox(
        say("surface.point"),
        every,
        index=every.index(clicked) if clicked is not None and clicked in grid.points else None,
        format_func=lambda place: _name(grid, place),
        placeholder=say("surface.point_hint"),
        key=f"surface point {clicked}",
    )

    def take() -> None:
        assert chosen is not None
        situation.view.overrides.update(grid.overrides(chosen))

    two.button(say("surface.take"), on_click=take, disabled=chosen is None, type="primary", width="stretch")
    if chosen is not None:
        st.caption(", ".join(f"{path} = {value}" for path, value in grid.overrides(chosen).items()))
