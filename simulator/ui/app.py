"""The whole page: what every session sees around the page that it has chosen. `streamlit run app.py` starts here."""

from __future__ import annotations

import gc
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from inspect import isgeneratorfunction

import streamlit as st

from simulator.demand import check_demand
from simulator.language import LANGUAGES, say, speaking
from simulator.scenario import ScenarioError
from simulator.ui import link, screen, sidebar
from simulator.ui.desk import Desk
from simulator.ui.handles import take_moves
from simulator.ui.library import Library, workspace
from simulator.ui.look import dress
from simulator.ui.pages import (
    batches,
    compare,
    contracts,
    files,
    history,
    levers,
    number,
    plan,
    staffing,
    surface,
    volumes,
    what_if,
)
from simulator.ui.refusal import show_refusal
from simulator.ui.situation import Situation
from simulator.ui.view import View
from simulator.ui.window import choose_window

FIRST_SCENARIO = "black-friday"
VIEW = "view"

Show = Callable[[Situation], Iterator[None] | None]
"""Shows a page. One that works in steps shows what was asked for first, then yields: what stands beside it comes after
that, so that figures need not wait for dozens of sliders."""

PAGES: tuple[tuple[str, str, Show], ...] = (
    ("what_if", ":material/tune:", what_if.show),
    ("surface", ":material/grid_on:", surface.show),
    ("levers", ":material/leaderboard:", levers.show),
    ("compare", ":material/compare_arrows:", compare.show),
    ("plan", ":material/event_available:", plan.show),
    ("staffing", ":material/calendar_month:", staffing.show),
    ("contracts", ":material/handshake:", contracts.show),
    ("volumes", ":material/show_chart:", volumes.show),
    ("history", ":material/history:", history.show),
    ("batches", ":material/dataset:", batches.show),
    ("number", ":material/function:", number.show),
    ("files", ":material/folder:", files.show),
)
"""Name, symbol and what shows it."""


def main() -> None:
    """Show the page to one session, once for each of its moves."""
    st.set_page_config("ruuhka", ":material/support_agent:", layout="wide")
    dress()
    with speaking(_language()):
        _main()
    _settle()


def _main() -> None:
    situations: list[Situation] = []
    begun: list[Iterator[None]] = []
    shows = {
        st.Page(
            partial(_show, show, situations, begun), title=say(f"pages.{name}"), icon=icon, url_path=name, default=not k
        ): show
        for k, (name, icon, show) in enumerate(PAGES)
    }
    # Before anything that takes long: a run that is broken off before this point forgets which page was asked for.
    chosen = st.navigation(list(shows), position="top")
    library = Library(workspace())
    view = _view(library)
    take_moves(view)
    if view.opened is None and not library.titles():
        # As whoever installed the package finds it: no scenario comes with it.
        with st.sidebar:
            sidebar.choose_language()
        st.markdown(f"### {say('page.nothing_here')}")
        st.markdown(say("page.where_scenarios_are", option="`ruuhka app --workspace`"))
        st.text(str(library.folder.absolute()))
        files.open_scenario(view)
        return
    try:
        opened = view.opened or library.open(view.name)
        base = opened.reader.scenario()
    except ScenarioError as error:
        _choose(view, library)
        show_refusal(error)
        return
    situation = Situation(view, opened, library, base, desk(), screen.chart_width())
    situations.append(situation)
    try:
        # Every page asks for it; what is refused is told once, for all of them.
        check_demand(situation.scenario)
    except ScenarioError as error:
        _beside(situation)
        show_refusal(error)
        st.info(say("page.undo_it"))
        return
    if isgeneratorfunction(shows[chosen]):
        chosen.run()
        _beside(situation)
        for steps in begun:
            deque(steps, maxlen=0)
    else:
        _beside(situation)
        chosen.run()


@st.cache_resource(show_spinner=False)
def _settle() -> None:
    """Once the first session has seen its page: Streamlit looks for garbage after each move of anybody.

    A hundred milliseconds and more of that went into all the code that has been loaded, which is no garbage.
    """
    gc.collect()
    gc.freeze()


def _show(show: Show, situations: list[Situation], begun: list[Iterator[None]]) -> None:
    steps = show(situations[0])
    if steps is not None:
        next(steps, None)
        begun.append(steps)


def _choose(view: View, library: Library) -> None:
    """What is at the side of every page, whatever becomes of it."""
    with st.sidebar:
        sidebar.choose_language()
        sidebar.choose_scenario(view, library)


def _beside(situation: Situation) -> None:
    """All that is at the side, and the link of what is looked at."""
    view, now = situation.view, {knob.path: knob for knob in situation.knobs}
    with suppress(ScenarioError):
        # Values that the scenario refuses may be anything, which no slider can stand at.
        check_demand(situation.scenario)
        now |= situation.knobs_now
    _choose(view, situation.library)
    with st.sidebar:
        # Each in a place of its own: a slider that another thing pushes down is gone for an instant, and where that
        # instant meets the end of a run, the browser forgets where it was moved to.
        with st.container():
            sidebar.choose_variant(view, situation.variants, situation.variant_titles)
        with st.container():
            sidebar.show_changes(view, now)
        with st.container():
            choose_window(situation)
        sidebar.show_levers(view, situation.knobs, now)
    st.query_params.from_dict(link.query(view.name, view.overrides, _language(), own=view.opened is not None))


@st.cache_resource
def desk() -> Desk:
    """The one desk of this process."""
    return Desk()


def _language() -> str:
    """The language of this session; at first that of its link."""
    if sidebar.SPOKEN not in st.session_state:
        asked = st.query_params.get("lang")
        st.session_state[sidebar.SPOKEN] = asked if asked in LANGUAGES else next(iter(LANGUAGES))
    spoken: str = st.session_state[sidebar.SPOKEN]
    return spoken


def _view(library: Library) -> View:
    """What this session looks at; at first what its link says."""
    if VIEW not in st.session_state:
        names = list(library.titles())
        name = st.query_params.get("scenario", FIRST_SCENARIO)
        overrides, refused = link.read_overrides(st.query_params.get_all("set"))
        awaited = None
        if name not in names:
            awaited = (name, overrides) if "scenario" in st.query_params else None
            if names:
                name, overrides = FIRST_SCENARIO if FIRST_SCENARIO in names else names[0], {}
        elif link.OWN in st.query_params:
            awaited = name, overrides
        st.session_state[VIEW] = View(name, overrides=overrides, refused=refused, awaited=awaited)
    view: View = st.session_state[VIEW]
    if view.refused:
        st.warning(say("page.link_refused", what=_quoted(", ".join(view.refused))))
    titles = library.titles()
    if view.awaited is not None and titles:  # otherwise the page says that there is none at all
        awaited_name = _quoted(view.awaited[0][:80])
        if view.awaited[0] == view.name:
            st.warning(say("page.link_same_name", name=awaited_name))
        else:
            shown = titles.get(view.name, view.name)
            st.warning(say("page.link_missing", name=awaited_name, shown=_quoted(shown)))
    return view


def _quoted(text: str) -> str:
    """What somebody wrote into a link or a file, for a text that is read as Markdown."""
    return re.sub(r"([^\w\s])", r"\\\1", text)
