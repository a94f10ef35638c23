"""Up to four variants beside today's plan, all on the same customers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import streamlit as st

from simulator.charts import variants_chart
from simulator.experiment import criteria, difference_in_customers, same_customers
from simulator.language import day, say
from simulator.scenario import ScenarioError
from simulator.ui.answers import RESULTS, made_from, tell
from simulator.ui.changes import change_words
from simulator.ui.chart import show_chart, theme
from simulator.ui.limits import TooMuchError
from simulator.ui.refusal import show_refusal
from simulator.ui.side_by_side import Side, side_by_side
from simulator.ui.titles import channel_titles
from simulator.ui.view import MOST_COMPARED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streamlit.delta_generator import DeltaGenerator

    from simulator.experiment import Experiment
    from simulator.scenario import Scenario
    from simulator.ui.situation import Situation

CHOSEN = "compared"
"""In the session's state: what is compared, while other pages are looked at too."""
LETTERS = "ABCD"


@dataclass(frozen=True)
class Variant:
    """One that can be chosen."""

    key: str
    kind: Literal["now", "kept", "file"]
    name: str
    title: str
    overrides: Mapping[str, object]


def show(situation: Situation) -> None:
    """Choose variants; see them side by side, through the day, and what they change."""
    st.markdown(f"### {say('compare.title')}")
    chosen = choose(variants(situation))
    strip = st.empty()
    with st.container(key=RESULTS):
        table = st.empty()
        found = played(situation, chosen, strip, table)
        if found:
            chart(situation, found)
    if chosen:
        st.markdown(f"#### {say('compare.what')}")
        for column, letter, variant in zip(st.columns(len(chosen)), LETTERS, chosen, strict=False):
            with column:
                manage(situation, letter, variant)


def variants(situation: Situation) -> dict[str, Variant]:
    """All that can be compared, by key: what the sliders say, what was kept, and those of the scenario's file."""
    view = situation.view
    every = []
    if view.overrides:
        every.append(Variant("now", "now", "", say("compare.now"), dict(view.overrides)))
    every += [Variant(f"kept {name}", "kept", name, name, overrides) for name, overrides in view.kept.items()]
    titles = situation.variant_titles
    every += [
        Variant(f"file {name}", "file", name, titles[name], overrides) for name, overrides in situation.variants.items()
    ]
    kept = {each.title for each in every if each.kind != "file"}
    return {
        # What somebody kept has its name; one of the file that is called so too has the name that it has there.
        each.key: replace(each, title=f"{each.title} ({each.name})")
        if each.kind == "file" and each.title in kept
        else each
        for each in every
    }


def choose(known: Mapping[str, Variant]) -> list[Variant]:
    """Which are compared: at first those of the session, or else the first two of the file."""
    own = [key for key, each in known.items() if each.kind != "file"]
    former = st.session_state.get(CHOSEN)
    chosen = (own or list(known)[:2]) if former is None else [key for key in former if key in known]
    st.session_state["compare"] = chosen[:MOST_COMPARED]

    def changed() -> None:
        st.session_state[CHOSEN] = st.session_state["compare"]

    st.multiselect(
        say("compare.choose", most=MOST_COMPARED),
        list(known),
        key="compare",
        format_func=lambda key: known[key].title if key in known else key,
        placeholder=say("compare.choose_hint"),
        max_selections=MOST_COMPARED,
        on_change=changed,
    )
    return [known[key] for key in st.session_state["compare"]]


def played(
    situation: Situation, chosen: Sequence[Variant], strip: DeltaGenerator, table: DeltaGenerator
) -> dict[str, Experiment]:
    """Play the base and what is compared with it, showing what there is; by the names of the lines in a chart."""
    wanted, desk = situation.replications, situation.desk
    sides = [Side(letter, each.title, None) for letter, each in zip(LETTERS, chosen, strict=False)]
    scenarios = _scenarios(situation, chosen)
    if scenarios is None:
        return {}
    known = list(criteria(situation.base, scenarios).values())
    base = None
    try:
        told = say("compare.playing", title=say("compare.base"), done=0, wanted=wanted)
        tell(strip, told, situation.base, "stale")
        for base in desk.answers(situation.base, wanted):
            table.html(side_by_side(base, sides, known, theme()))
        assert base is not None
        for place, scenario in enumerate(scenarios):
            for experiment in desk.answers(scenario, wanted):
                sides[place] = replace(sides[place], experiment=experiment)
                table.html(side_by_side(base, sides, known, theme()))
                if experiment.replications < wanted:
                    done = experiment.replications
                    told = say("compare.playing", title=sides[place].title, done=done, wanted=wanted)
                    tell(strip, told, scenario, "rough")
    except TooMuchError as error:
        strip.empty()
        st.error(say("answers.too_much", contacts=round(error.contacts), most=error.most))
        return {}
    tell(strip, *made_from(base, wanted))
    lines = {say("compare.base"): base}
    return lines | {f"{side.letter}: {side.title}": side.experiment for side in sides if side.experiment is not None}


def _scenarios(situation: Situation, chosen: Sequence[Variant]) -> list[Scenario] | None:
    """The scenarios of what is compared; None, after saying why, where one is refused or meets other customers."""
    found = []
    for each in chosen:
        try:
            scenario = same_customers(situation.base, situation.changed(each.overrides))
        except ScenarioError as error:
            show_refusal(error)
            return None
        what = difference_in_customers(situation.base, scenario)
        if what:
            st.error(say("compare.other_customers", title=each.title, what=what))
            return None
        found.append(scenario)
    return found


def chart(situation: Situation, experiments: Mapping[str, Experiment]) -> None:
    """The waits of one channel through the day, a line for each."""
    scenario = situation.base
    st.markdown(f"#### {say('compare.through')}")
    left, right = st.columns(2)
    titles = list(channel_titles(scenario).values())
    channel = left.selectbox(
        say("compare.channel"),
        range(len(titles)),
        format_func=titles.__getitem__,
        key="compare channel",
    )
    dates = scenario.calendar.date_of_day
    only = right.selectbox(
        say("compare.day"),
        [None, *range(len(dates))],
        format_func=lambda d: say("compare.all_days") if d is None else day(dates[d]),
        key="compare day",
    )
    show_chart(variants_chart(experiments, channel, only, width=situation.width), key="compare chart")


def manage(situation: Situation, letter: str, variant: Variant) -> None:
    """What a variant changes, and what can be done with it."""
    view = situation.view
    st.markdown(f"**{letter}** {variant.title}")
    knobs = {knob.path: knob for knob in situation.knobs}
    for line in change_words(variant.overrides, knobs):
        st.caption(line)
    if variant.kind == "kept":
        key = f"rename {variant.name}"

        def renamed() -> None:
            view.rename(variant.name, st.session_state[key])
            _follow(variant.key, f"kept {st.session_state[key].strip()}")

        st.text_input(say("compare.name"), variant.name, key=key, on_change=renamed)
    if variant.kind != "now":
        st.button(
            say("compare.load"),
            key=f"load {variant.key}",
            on_click=view.start_from,
            args=(dict(variant.overrides),),
            width="stretch",
        )
    if variant.kind == "kept":
        st.button(
            say("compare.delete"),
            key=f"delete {variant.name}",
            on_click=view.drop,
            args=(variant.name,),
            width="stretch",
        )


def _follow(former: str, key: str) -> None:
    """Go on comparing a variant under its new name."""
    chosen = st.session_state.get(CHOSEN)
    if chosen is not None:
        st.session_state[CHOSEN] = [key if each == former else each for each in chosen]
