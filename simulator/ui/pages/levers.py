"""The scenario's named levers, ranked: what each would change, on the same customers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from simulator.charts.lever_bars import lever_bars
from simulator.experiment import Levers, criteria, difference_in_customers, same_customers, usual_criterion
from simulator.language import percent, say, spoken
from simulator.report.levers import rank_words
from simulator.scenario import ScenarioError
from simulator.ui.answers import RESULTS, made_from, tell
from simulator.ui.limits import TooMuchError
from simulator.ui.ranking import STYLE, lever_row
from simulator.ui.refusal import show_refusal
from simulator.words import estimate_text, probability_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from simulator.charts.lever_bars import LeverBar
    from simulator.experiment import Experiment, RankedBy
    from simulator.scenario import Scenario
    from simulator.ui.situation import Situation

PLAYED = "levers played"
"""In the session's state: the levers of the scenario as it stands, as far as they have been played."""


@dataclass
class Played:
    """Levers of one scenario: a click stops the work, and the next run goes on where it was."""

    of: Hashable
    scenarios: dict[str, Scenario] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    """Title -> why it cannot be held against the base."""
    levers: Levers | None = None


def show(situation: Situation) -> None:
    """Bars lever by lever; each can be loaded into the sliders."""
    st.markdown(f"### {say('levers.title')}")
    if not situation.variants:
        st.info(say("levers.none"))
        return
    try:
        played = _played(situation)
        known = criteria(situation.scenario, played.scenarios.values())
    except ScenarioError as error:
        show_refusal(error)
        return
    with st.container():
        _tell_of_changes(situation)
    by = _criterion(list(known), usual_criterion(known))
    st.caption(say("levers.told", title=known[by].title, formula=known[by].formula))
    strip = st.empty()
    with st.container(key=RESULTS):
        place = st.empty()
        try:
            base = None
            for base in situation.desk.answers(situation.scenario, situation.replications):
                told = {"done": base.replications, "wanted": situation.replications}
                tell(strip, say("levers.playing_base", **told), situation.scenario, "rough")
            assert base is not None
            shown = -1
            for levers in _growing(situation, played, base):
                done, wanted = len(levers.what_ifs), len(played.scenarios)
                # Every line written is a chance for a click to stop the work.
                tell(strip, say("levers.playing", done=done, wanted=wanted), situation.scenario, "rough")
                if shown < done < wanted:
                    place.html(_bars(levers, by))
                    shown = done
        except TooMuchError as error:
            strip.empty()
            st.error(say("answers.too_much", contacts=round(error.contacts), most=error.most))
            return
        assert played.levers is not None
        tell(strip, *made_from(base, situation.replications))
        with place.container():
            _rows(situation, played.levers, by)
    for title, why in played.refused.items():
        st.caption(say("levers.refused", title=title, why=why))
    st.caption(_note(played.levers, by))


def _played(situation: Situation) -> Played:
    """What this session has of the levers of the scenario as it stands; the file's scenarios are read once.

    Raises
    ------
    ScenarioError
        If the scenario is refused as it stands.
    """
    base = situation.scenario
    of = (base.content_hash, base.seed, situation.replications, repr(dict(situation.variants)), spoken())
    former = st.session_state.get(PLAYED)
    if isinstance(former, Played) and former.of == of:
        return former
    played = Played(of)
    for name, overrides in situation.variants.items():
        title = situation.variant_titles[name]
        try:
            scenario = same_customers(base, situation.changed({**situation.view.overrides, **overrides}))
        except ScenarioError as error:
            played.refused[title] = "; ".join(problem.message for problem in error.problems)
            continue
        what = difference_in_customers(base, scenario)
        if what:
            played.refused[title] = say("levers.other_customers", what=what)
        else:
            played.scenarios[name] = scenario
    st.session_state[PLAYED] = played
    return played


def _growing(situation: Situation, played: Played, base: Experiment) -> Iterator[Levers]:
    """The levers, one more each time; those that are there already come together."""
    levers = played.levers or Levers.beside(base, played.scenarios.values())
    played.levers = levers
    yield levers
    there = {each.name for each in levers.what_ifs}
    for name, scenario in played.scenarios.items():
        if name in there:
            continue
        for experiment in situation.desk.answers(scenario, situation.replications):
            if experiment.replications == situation.replications:
                title, can = situation.variant_titles[name], situation.is_lever(name)
                levers = levers.and_what_if(name, title, experiment, can_be_done=can)
                played.levers = levers
            yield levers


def _tell_of_changes(situation: Situation) -> None:
    """What the levers come on top of."""
    changed = situation.view.overrides
    if not changed:
        st.caption(say("levers.on_plan"))
        return
    st.info(say("levers.on_changes", count=len(changed)))
    both = [
        situation.variant_titles[name] for name, each in situation.variants.items() if set(each).intersection(changed)
    ]
    if both:
        st.caption(say("levers.instead", titles="; ".join(both)))


def _criterion(known: list[RankedBy], usual: RankedBy) -> RankedBy:
    return st.selectbox(
        say("levers.by"),
        known,
        index=known.index(usual),
        key="levers by",
        format_func=lambda by: say(f"levers.ranked_by.{by}"),
    )


def _bars(levers: Levers, by: RankedBy) -> str:
    """All bars that there are."""
    return STYLE + "".join(
        f"<h4>{heading}</h4>{''.join(_row(levers, by, bar) for bar in bars)}" for heading, bars in _kinds(levers, by)
    )


def _rows(situation: Situation, levers: Levers, by: RankedBy) -> None:
    """The bars, each with its button, and the base's own number above."""
    criterion = levers.criteria[by]
    value = levers.of_base(by)
    told = estimate_text(value, criterion.unit, levers.base.scenario.currency)
    own = probability_text(value) if criterion.is_chance else told
    st.html(STYLE)
    st.markdown(say("levers.base", title=criterion.title, value=own))
    for heading, bars in _kinds(levers, by):
        st.markdown(f"#### {heading}")
        for bar in bars:
            row, button = st.columns([6, 1], vertical_alignment="center")
            row.html(_row(levers, by, bar))
            button.button(
                say("levers.load"),
                key=f"lever {bar.what_if.name}",
                help=say("levers.load_help", title=bar.what_if.title),
                on_click=situation.view.overrides.update,
                args=(situation.variants[bar.what_if.name],),
                width="stretch",
            )


def _note(levers: Levers, by: RankedBy) -> str:
    """What ranks and lines mean; a span of ranks only where there is one, with one of those that are seen."""
    spans = [bar.ranks for bar in lever_bars(levers, by)[0] if bar.ranks is not None and bar.ranks[0] < bar.ranks[1]]
    parts = [say("levers.ranks"), *(say("levers.ranks_open", ranks=rank_words(span)) for span in spans[:1])]
    return " ".join([*parts, say("levers.lines", confidence=percent(levers.confidence))])


def _row(levers: Levers, by: RankedBy, bar: LeverBar) -> str:
    return lever_row(bar, levers.criteria[by], levers.base.scenario.currency)


def _kinds(levers: Levers, by: RankedBy) -> list[tuple[str, list[LeverBar]]]:
    """What can be done and what may happen, each with its heading, where there is any."""
    can, may = lever_bars(levers, by)
    return [(heading, bars) for heading, bars in ((say("levers.can"), can), (say("levers.may"), may)) if bars]
