"""What a session opens, saves and links to: by plain names, whole or not at all, and nothing beyond its own folder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_scenarios import PHONE, written

from simulator.scenario import ScenarioError, load_scenario, read_source
from simulator.scenario.overrides import parse_override
from simulator.ui.library import Library, SavingError
from simulator.ui.link import MOST_OVERRIDES, override_text, query, read_overrides
from simulator.ui.opened import FolderFiles, Opened
from simulator.ui.view import MOST_KEPT, View

if TYPE_CHECKING:
    from pathlib import Path

OUTSIDE = ("../secret.csv", "/etc/passwd", "sub/inside.csv", "..\\secret.csv", "small.toml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with one scenario, one volume file, and things beside it that are nobody's business."""
    place = tmp_path / "workspace"
    (place / "sub").mkdir(parents=True)
    written(place)
    rows = "".join(f"2026-06-0{day} {clock},7\n" for day in range(1, 8) for clock in ("09:00", "10:00"))
    for path in (place / "volumes.csv", place / "sub" / "inside.csv", tmp_path / "secret.csv"):
        path.write_text("time,contacts\n" + rows, encoding="utf-8")
    return place


def demand(file: str) -> dict[str, object]:
    """Overrides that take the volume from a file, as a link may ask for."""
    return {"channels.phone.demand": {"file": file, "use": "typical week"}}


def test_a_scenario_of_the_library_may_name_the_files_beside_it(folder: Path) -> None:
    opened = Library(folder).open("small")
    assert opened.reader.scenario(None, demand("volumes.csv")).content_hash != opened.reader.scenario().content_hash
    assert list(FolderFiles(folder)) == ["volumes.csv"]


@pytest.mark.parametrize("file", OUTSIDE)
def test_no_override_reaches_a_file_elsewhere(folder: Path, file: str) -> None:
    opened = Library(folder).open("small")
    with pytest.raises(ScenarioError, match="No file of this name"):
        opened.reader.scenario(None, demand(file))


@pytest.mark.parametrize("name", ["../workspace/small", "/etc/passwd", "small.toml", "", "nobody"])
def test_a_scenario_is_opened_by_its_name_alone(folder: Path, name: str) -> None:
    with pytest.raises(ScenarioError, match="There is no scenario"):
        Library(folder).open(name)


def test_a_changed_file_is_read_again(folder: Path) -> None:
    library = Library(folder)
    assert library.titles() == {"small": "Small day"}
    before = library.open("small").reader.scenario()
    written(folder, PHONE.replace("Small day", "Another day"))
    written(folder, PHONE.replace("Small day", "Third"), "third.toml")
    assert library.titles() == {"small": "Another day", "third": "Third"}
    assert library.open("small").reader.scenario().title != before.title


def test_scenarios_of_one_title_are_told_apart_by_their_names(folder: Path) -> None:
    written(folder, PHONE, "again.toml")
    written(folder, PHONE.replace("Small day", "Third"), "third.toml")
    assert Library(folder).titles() == {"again": "Small day (again)", "small": "Small day (small)", "third": "Third"}


def test_what_is_saved_is_what_was_simulated(folder: Path) -> None:
    library = Library(folder)
    overrides = {"groups.team.extra_agents": 2, "channels.phone.patience.mean": "90 s"}
    opened = library.open("small")
    library.save("busier", opened.saved(overrides))
    saved = load_scenario(folder / "busier.toml")
    assert saved.content_hash == opened.reader.scenario(None, overrides).content_hash
    with pytest.raises(SavingError, match='There is a scenario "busier" already'):
        library.save("busier", PHONE)
    library.save("busier", PHONE, replace=True)
    assert load_scenario(folder / "busier.toml").title == "Small day"


@pytest.mark.parametrize("name", ["../up", "/tmp/x", "a/b", "", ".hidden", "a" * 61, "ä", "con\0"])
def test_nothing_is_saved_under_a_name_that_is_none(folder: Path, name: str) -> None:
    before = sorted(path.name for path in folder.parent.rglob("*"))
    with pytest.raises(SavingError, match="is no name"):
        Library(folder).save(name, PHONE)
    assert sorted(path.name for path in folder.parent.rglob("*")) == before


def test_a_folder_that_cannot_be_written_to_is_told_and_nothing_is_left(folder: Path) -> None:
    with pytest.raises(SavingError, match="cannot be written"):
        Library(folder / "nowhere").save("new", PHONE)
    (folder / "taken.toml").mkdir()
    with pytest.raises(SavingError, match="cannot be written"):
        Library(folder).save("taken", PHONE, replace=True)
    assert not [path for path in folder.iterdir() if path.name.startswith(".taken")]


def test_overrides_and_files_become_part_of_an_opened_scenario() -> None:
    opened = Opened.read("mine", PHONE.encode(), {})
    rows = "".join(f"2026-06-0{day} {clock},7\n" for day in range(1, 8) for clock in ("09:00", "10:00"))
    made = opened.with_files(demand("new.csv"), {"new.csv": ("time,contacts\n" + rows).encode()})
    assert made.reader.scenario().content_hash != opened.reader.scenario().content_hash
    assert 'file = "new.csv"' in made.saved({})
    assert opened.files == {}


VALUES = st.recursive(
    st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).map(lambda text: f"x{text}"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc -:", min_size=1), inner, max_size=3),
    max_leaves=6,
)


@given(value=VALUES)
def test_an_override_comes_back_from_its_link(value: object) -> None:
    path = 'groups.team.extra_in."2026-06-01 09:00-10:00"'
    assert parse_override(override_text(path, value)) == (path, value)
    assert read_overrides([override_text(path, value)]) == ({path: value}, [])


def test_a_link_carries_scenario_language_and_overrides() -> None:
    overrides = {"channels.phone.patience.mean": "90 s", "groups.team.extra_agents": -1}
    asked = query("small", overrides, "fi")
    assert asked["scenario"] == "small"
    assert asked["lang"] == "fi"
    assert read_overrides(asked["set"]) == (overrides, [])
    assert "set" not in query("small", {}, "en")


@pytest.mark.parametrize(
    "text", ["", "=", "a b=1", "x" * 6000 + "=1", "no value", '"open=1', "a.b=" + 30 * "[" + 30 * "]"]
)
def test_what_is_no_override_is_refused_and_the_others_are_taken(text: str) -> None:
    overrides, refused = read_overrides([text, "groups.team.extra_agents=1"])
    assert overrides == {"groups.team.extra_agents": 1}
    assert refused == [text[:80]]


def test_a_link_of_too_many_overrides_is_cut() -> None:
    overrides, refused = read_overrides(f"a.b{number}=1" for number in range(MOST_OVERRIDES + 5))
    assert (len(overrides), len(refused)) == (MOST_OVERRIDES, 5)


def test_a_view_lists_what_differs_and_nothing_else() -> None:
    view = View("small")
    view.set("groups.team.extra_agents", 2, 0)
    view.set("channels.phone.slots", 1, 1)
    assert view.overrides == {"groups.team.extra_agents": 2}
    assert [view.keep("two"), view.keep("two"), view.keep(" ")] == ["two", "two 2", "variant"]
    view.set("groups.team.extra_agents", 0, 0)
    assert view.overrides == {}
    assert view.kept["two"] == {"groups.team.extra_agents": 2}
    view.start_from(view.kept["two"])
    view.undo("groups.team.extra_agents")
    assert view.kept["two"] == {"groups.team.extra_agents": 2}
    for _ in range(MOST_KEPT):
        view.keep("many")
    assert len(view.kept) == MOST_KEPT
    assert "two" not in view.kept
    view.open("other")
    assert (view.overrides, view.kept) == ({}, {})


def test_the_workspace_of_the_checkout_has_the_shipped_scenarios() -> None:
    from simulator.ui.library import workspace

    titles = Library(workspace()).titles()
    assert "black-friday" in titles
    for name in titles:
        assert re.fullmatch("[a-z-]+", name)
        assert read_source(workspace() / f"{name}.toml").raw["channels"]
