"""What is called the same can still be chosen apart: lists go by what they show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from shown_pages import again, shown
from small_scenarios import MAIL, PHONE, written

from simulator.ui.titles import told_apart

if TYPE_CHECKING:
    from pathlib import Path

ALIKE = (
    (PHONE + MAIL)
    .replace("[channels.mail]", '[channels.mail]\ntitle = "Phone"')
    .replace('title = "Nothing changed"', 'title = "One more agent"')
)
"""Two channels of one title, and two variants."""


def test_only_titles_that_are_the_same_have_their_name_behind_them() -> None:
    assert told_apart({"a": "Team", "b": "Team", "c": "Night"}) == {"a": "Team (a)", "b": "Team (b)", "c": "Night"}


@pytest.mark.parametrize(
    ("page", "key"),
    [
        ("compare", "compare channel"),
        ("surface", "surface channel"),
        ("volumes", "profile channel"),
        ("number", "number of"),
        ("compare", "start from"),
    ],
)
def test_no_list_shows_one_title_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, key: str) -> None:
    written(tmp_path, ALIKE)
    app = shown(monkeypatch, tmp_path, page)
    options = app.selectbox(key=key).options
    assert len(options) > 1
    assert len(set(options)) == len(options)


def test_a_kept_variant_and_one_of_the_file_with_its_title_are_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "compare", set=["groups.team.extra_agents=2"])
    app.session_state["view"].keep("One more agent")
    options = again(app).multiselect(key="compare").options
    assert {"One more agent", "One more agent (more)"} < set(options)
