"""A widget keeps its place in the page, whatever comes and goes beside it.

The browser takes what it shows from places that are numbered. A widget that others push to another number is gone for
an instant; if a run's end is told in that instant, the browser forgets where the widget was moved to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from shown_pages import again, lever, shown
from small_scenarios import MAIL, PHONE, written
from streamlit.testing.v1.element_tree import Block, Widget

from simulator.ui.app import PAGES
from simulator.ui.sidebar import FURTHER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from simulator.ui.view import View

LONGER = """
[variants.longer]
title = "Longer hours"
"channels.phone.hours" = "mon-fri 08:00-10:00, 11:00-12:00"
"groups.team.cost" = "31 EUR/h"
"""
EXTRA, HOURS = "groups.team.extra_agents", "channels.phone.hours"
EMPLOYER, RESERVE, COST = "groups.team.employer", "groups.team.reserve", "groups.team.cost"
"""Not there until they are asked for."""

Place = tuple[int, ...]


def places(app: AppTest) -> dict[str, Place]:
    """Key -> place of every widget that holds a value."""

    def within(block: Block, place: Place) -> Iterator[tuple[str, Place]]:
        for number, each in block.children.items():
            if isinstance(each, Block):
                yield from within(each, (*place, number))
            elif isinstance(each, Widget) and each.key and each.type != "button":
                yield each.key, (*place, number)

    return dict(within(app._tree, ()))


def view_of(app: AppTest) -> View:
    view: View = app.session_state["view"]
    return view


def ask_for(app: AppTest, *paths: str) -> None:
    app.session_state[FURTHER] = list(paths)


MOVES: dict[str, Callable[[AppTest], object]] = {
    "a lever moved": lambda app: lever(app, EXTRA).set_value(1.0),
    "another one": lambda app: lever(app, "overall.volume").set_value(10.0),
    "further ones": lambda app: ask_for(app, RESERVE, COST),
    "one with many words": lambda app: lever(app, HOURS).set_value("mon-fri 09:00-10:00, 10:30-11:00"),
    "one that stands before them": lambda app: ask_for(app, EMPLOYER, RESERVE, COST),
    "one no longer": lambda app: ask_for(app, RESERVE),
    "a window": lambda app: app.button(key="window add").click(),
    "what cannot be": lambda app: view_of(app).overrides.update({"channels.phone.handling_time.mean": "-1 min"}),
    "and back": lambda app: view_of(app).undo("channels.phone.handling_time.mean"),
    "another start": lambda app: app.selectbox(key="start from").select_index(2),
    "nothing any more": lambda app: app.button(key="undo all").click(),
}


@pytest.mark.parametrize("page", [name for name, *_ in PAGES])
def test_no_move_pushes_a_widget_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    written(tmp_path, PHONE + MAIL + LONGER)
    app = shown(monkeypatch, tmp_path, page)
    before, most = places(app), 0
    for name, move in MOVES.items():
        move(app)
        again(app)
        now = places(app)
        both = before.keys() & now.keys()
        assert {key: now[key] for key in both} == {key: before[key] for key in both}, name
        before, most = now, max(most, len(now))
    assert most >= 20
