"""What becomes of moves: none is lost where a run is broken off, and the widget that was moved stays as it is."""

from __future__ import annotations

import threading
from itertools import count
from typing import TYPE_CHECKING, Any

from shown_pages import again, lever, shown
from small_scenarios import written
from streamlit.runtime.scriptrunner import StopException
from streamlit.runtime.state.safe_session_state import SafeSessionState

from simulator.language import LANGUAGES
from simulator.ui.sidebar import LANGUAGE

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from streamlit.testing.v1 import AppTest

EXTRA = "groups.team.extra_agents"


def broken_off(app: AppTest, place: int) -> bool:
    """Run the page until it asks for the session's state for the nth time; False if it does not ask so often.

    There Streamlit ends a run if there is something newer to do.
    """
    asked, look_up, tester = count(), SafeSessionState.__getitem__, threading.current_thread()

    def ended(self: SafeSessionState, key: str) -> Any:
        if threading.current_thread() is not tester and next(asked) == place:
            raise StopException
        return look_up(self, key)

    SafeSessionState.__getitem__ = ended  # type: ignore[method-assign]
    try:
        app.run()
    finally:
        SafeSessionState.__getitem__ = look_up  # type: ignore[method-assign]
    return next(asked) > place


def test_a_move_is_not_lost_wherever_the_next_thing_breaks_its_run_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "staffing")
    for place in count():
        moved = place % 2 + 1
        lever(app, EXTRA).set_value(float(moved))
        if not broken_off(app, place):
            break
        again(app)
        assert app.session_state["view"].overrides == {EXTRA: moved}, place
        assert lever(app, EXTRA).value == moved, place
    assert place > 10


def test_a_widget_is_another_one_only_where_something_else_moves_its_field(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "staffing")
    keys = [lever(app, EXTRA).key]
    for place in (1.0, 2.0):
        lever(app, EXTRA).set_value(place)
        again(app)
        keys.append(lever(app, EXTRA).key)
    assert len(set(keys)) == 1
    app.button(key="undo all").click()
    again(app)
    assert lever(app, EXTRA).value == 0
    keys.append(lever(app, EXTRA).key)
    app.button_group(key=LANGUAGE).set_value(list(LANGUAGES)[1])
    again(app)
    keys.append(lever(app, EXTRA).key)
    assert len(set(keys)) == 3
