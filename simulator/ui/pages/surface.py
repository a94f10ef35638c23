"""Queue times under agent counts x any other lever: the surface that the whole question is about."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from simulator.charts import surface_chart
from simulator.charts.surface import POINT
from simulator.jit import is_compiled
from simulator.language import say
from simulator.planning import Promise, agents_about, agents_axis, cheapest, field_axis, spread
from simulator.scenario import ScenarioError
from simulator.scenario.knobs import as_override
from simulator.scenario.paths import join_path
from simulator.ui.changes import change_words
from simulator.ui.chart import show_chart
from simulator.ui.limits import TooMuchError
from simulator.ui.refusal import show_refusal
from simulator.ui.sliders import position_text, positions
from simulator.ui.titles import channel_titles, group_titles, told_apart
from simulator.words import apart_words, field_title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.delta_generator import DeltaGenerator

    from simulator.planning import Axis, Grid, Place
    from simulator.planning.grids.axes import Load
    from simulator.scenario import Scenario
    from simulator.scenario.knobs import Knob
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
    with st.container():
        _told(grid, promise)
    _take_over(situation, grid, _point(clicked))


def _load(situation: Situation) -> Load:
    """From a point's overrides to its scenario: those of the session stay beside them."""

    def load(overrides: Mapping[str, object]) -> Scenario:
        return situation.changed({**situation.view.overrides, **overrides})

    return load


def _asked(situation: Situation, now: Scenario) -> tuple[tuple[Axis, Axis], Promise, int, str | None, int]:
    """The widgets above the surface, and what they ask for."""
    # From the scenario's own plan, so that loading a point moves no end of an axis.
    groups = {group.name: group for group in situation.base.groups if max(group.staffing, default=0) > 0}
    if not groups:
        raise ValueError(say("surface.nobody"))
    largest = max(groups.values(), key=lambda group: sum(group.staffing)).name
    one, two, three, four = st.columns(4)
    name = one.selectbox(
        say("surface.group"),
        list(groups),
        index=list(groups).index(largest),
        format_func=group_titles(situation.base).__getitem__,
        key="surface group",
    )
    levers = _levers(situation, name)
    path = two.selectbox(
        say("surface.lever"),
        list(levers),
        index=list(levers).index(_usual(levers)),
        format_func=told_apart({each: field_title(knob) for each, knob in levers.items()}).__getitem__,
        key="surface lever",
    )
    lever = levers[path]
    stays = apart_words(lever, situation.knobs_now.values())
    with st.container():
        if stays:
            st.caption(stays)
    channels = list(channel_titles(now).values())
    channel = three.selectbox(
        say("surface.channel"),
        range(len(channels)),
        format_func=channels.__getitem__,
        key="surface channel",
    )
    figure = four.selectbox(
        say("surface.figure"), FIGURES, format_func=lambda name: say(f"surface.figures.{name}"), key="surface figure"
    )
    one, two, three, four = st.columns(4)
    every, usual = agents_about(max(groups[name].staffing))
    fewest, most = one.slider(
        say("surface.agents"), every[0], every[-1], (usual[0], usual[-1]), key=f"surface agents {name}"
    )
    places = positions(lever, lever)
    low, high = two.select_slider(
        field_title(lever),
        places,
        (places[0], places[-1]),
        format_func=partial(position_text, lever),
        key=f"surface lever {path}",
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
        agents_axis(load, name, [int(each) for each in spread(every, fewest, most, count)]),
        field_axis(
            path,
            [as_override(lever, place) for place in spread(places, low, high, count)],
            title=field_title(lever),
            today=situation.knobs_now.get(path, lever).written,
        ),
    )
    return axes, Promise.of(now), channel, None if figure == "usual" else figure, replications or REPLICATIONS[0]


def _levers(situation: Situation, group: str) -> dict[str, Knob]:
    """What can lie on the other axis: every field with a slider, those that planners reach for first before all."""
    taken = join_path(("groups", group, "extra_agents"))
    levers = [knob for knob in situation.knobs if knob.low is not None and knob.path != taken]
    return {knob.path: knob for knob in sorted(levers, key=lambda knob: not knob.first)}


def _usual(levers: Mapping[str, Knob]) -> str:
    """The lever that is asked about first: what a chatbot takes on, otherwise how many contacts come."""
    for wanted in ("bot", "demand"):
        for path, knob in levers.items():
            if knob.first and knob.section == wanted and (wanted != "bot" or path.endswith(".containment")):
                return path
    return next(iter(levers))


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
    strip.progress(0.0, say("surface.begun") if is_compiled() else say("answers.compiling"))
    shown_at, grid = 0.0, None
    try:
        for grid in surfaces.growing(load, axes, replications):
            done = len(grid.points)
            if grid.is_whole:
                break
            strip.progress(grid.progress, say("surface.growing", done=done, wanted=grid.size))
            if time.monotonic() - shown_at > BETWEEN_PICTURES and done >= 4:
                chart = surface_chart(grid, promise, channel=channel, figure=figure, width=situation.width)
                with picture.container():
                    show_chart(chart, key=None)
                shown_at = time.monotonic()
    except (ScenarioError, TooMuchError, ValueError):
        strip.empty()
        raise
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
        written = {knob.path: knob.written for knob in situation.knobs}
        for path, value in grid.overrides(chosen).items():
            situation.view.set(path, value, written.get(path))

    two.button(
        say("surface.take"), on_click=take, disabled=chosen is None, type="primary", width="stretch", key="surface take"
    )
    if chosen is not None:
        st.text("; ".join(change_words(grid.overrides(chosen), situation.knobs_now)))
