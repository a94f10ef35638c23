"""The whole page: what every session sees around the page that it has chosen. `streamlit run app.py` starts here."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from simulator.language import LANGUAGES, say, speaking
from simulator.scenario import ScenarioError
from simulator.ui import link, screen, sidebar
from simulator.ui.desk import Desk
from simulator.ui.library import Library, workspace
from simulator.ui.look import dress
from simulator.ui.pages import compare, files, levers, number, staffing, surface, volumes, what_if
from simulator.ui.refusal import show_refusal
from simulator.ui.situation import Situation, check_demand
from simulator.ui.view import View
from simulator.ui.window import choose_window

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.scenario.knobs import Knob

FIRST_SCENARIO = "black-friday"
VIEW = "view"

PAGES: tuple[tuple[str, str, Callable[[Situation], None]], ...] = (
    ("what_if", ":material/tune:", what_if.show),
    ("surface", ":material/grid_on:", surface.show),
    ("levers", ":material/leaderboard:", levers.show),
    ("compare", ":material/compare_arrows:", compare.show),
    ("staffing", ":material/calendar_month:", staffing.show),
    ("volumes", ":material/show_chart:", volumes.show),
    ("number", ":material/function:", number.show),
    ("files", ":material/folder:", files.show),
)
"""Name, symbol and what shows it."""


def main() -> None:
    """Show the page to one session, once for each of its moves."""
    st.set_page_config("ruuhka", ":material/support_agent:", layout="wide")
    dress()
    with st.sidebar:
        _take_language_from_link()
        language = sidebar.choose_language()
    with speaking(language):
        _main(language)


def _main(language: str) -> None:
    situations: list[Situation] = []
    # Before anything that takes long: a run that is broken off before this point forgets which page was asked for.
    chosen = st.navigation(
        [
            st.Page(
                partial(_show, show, situations), title=say(f"pages.{name}"), icon=icon, url_path=name, default=not k
            )
            for k, (name, icon, show) in enumerate(PAGES)
        ],
        position="top",
    )
    library = Library(workspace())
    view = _view(library)
    if view.opened is None and not library.titles():
        # As whoever installed the package finds it: no scenario comes with it.
        st.markdown(f"### {say('page.nothing_here')}")
        st.markdown(say("page.where_scenarios_are", option="`ruuhka app --workspace`"))
        st.text(str(library.folder.absolute()))
        files.open_scenario(view)
        return
    with st.sidebar:
        sidebar.choose_scenario(view, library)
    try:
        opened = view.opened or library.open(view.name)
        base = opened.reader.scenario()
    except ScenarioError as error:
        show_refusal(error)
        return
    situation = Situation(view, opened, library, base, desk(), screen.chart_width())
    refused = None
    now: dict[str, Knob] = {}
    try:
        now |= situation.knobs_now
        # Every page asks for it; what is refused is told once, for all of them.
        check_demand(situation.scenario)
    except ScenarioError as error:
        refused = error
    with st.sidebar:
        sidebar.choose_variant(view, situation.variants, situation.variant_titles)
        sidebar.show_changes(view, {knob.path: knob for knob in situation.knobs} | now)
        choose_window(situation)
        sidebar.show_levers(view, situation.knobs, now)
    st.query_params.from_dict(link.query(view.name, view.overrides, language))
    if refused is not None:
        show_refusal(refused)
        st.info(say("page.undo_it"))
        return
    situations.append(situation)
    chosen.run()


def _show(show: Callable[[Situation], None], situations: list[Situation]) -> None:
    show(situations[0])


@st.cache_resource
def desk() -> Desk:
    """The one desk of this process."""
    return Desk()


def _take_language_from_link() -> None:
    if "language" not in st.session_state:
        asked = st.query_params.get("lang", "en")
        st.session_state["language"] = asked if asked in LANGUAGES else "en"


def _view(library: Library) -> View:
    """What this session looks at; at first what its link says."""
    if VIEW not in st.session_state:
        names = list(library.titles())
        name = st.query_params.get("scenario", FIRST_SCENARIO)
        overrides, refused = link.read_overrides(st.query_params.get_all("set"))
        if name not in names and names:
            refused.append(name[:80])
            name, overrides = FIRST_SCENARIO if FIRST_SCENARIO in names else names[0], {}
        st.session_state[VIEW] = View(name, overrides=overrides, refused=refused)
    view: View = st.session_state[VIEW]
    if view.refused:
        # Escaped, for it is what somebody wrote into a link, and the warning reads Markdown.
        what = re.sub(r"([^\w\s])", r"\\\1", ", ".join(view.refused))
        st.warning(say("page.link_refused", what=what))
    return view
