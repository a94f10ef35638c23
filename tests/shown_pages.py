"""Pages of the what-if app, shown to a test as to a session."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from streamlit.testing.v1 import AppTest

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_SCRIPT = """
from simulator.ui import app
app.PAGES = tuple(sorted(app.PAGES, key=lambda page: page[0] != "{page}"))
app.main()
"""
"""The page in question stands first, where the app starts."""


def shown(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, page: str, language: str = "en", **query: str | list[str]
) -> AppTest:
    """The page as it first shows the one scenario, `small`, of a workspace; it must not raise."""
    monkeypatch.setenv("RUUHKA_WORKSPACE", str(workspace))
    app = AppTest.from_string(_SCRIPT.format(page=page), default_timeout=120)
    app.query_params["scenario"] = "small"
    app.query_params["lang"] = language
    for name, value in query.items():
        app.query_params[name] = value
    return again(app)


def again(app: AppTest) -> AppTest:
    """Run it once more, as after a click."""
    app.run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def lever(app: AppTest, path: str) -> Any:
    """The widget of a field as it stands in the page now."""
    key = app.session_state["view"].handles[path].key
    (found,) = [each for each in app if getattr(each, "key", None) == key]
    return found


def html(app: AppTest) -> str:
    """All HTML of the page's own."""
    return "".join(element.proto.body for element in app.get("html"))


def texts(app: AppTest) -> str:
    """What its HTML says, without the marks."""
    plain = re.sub(r"<style>.*?</style>", "", html(app), flags=re.DOTALL)
    return re.sub(r"[ \n]+", " ", unescape(re.sub(r"<[^>]*>", " ", plain)))
