"""The page of batches: it finds results in the workspace, and shows the numbers that are in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from shown_pages import again, html, shown, texts
from small_batches import SIX, batch_file
from small_scenarios import MAIL, PHONE, written
from test_batch_run import CLASHING, FINE

from simulator.batch import read_batch, run_batch
from simulator.batch.results import Results
from simulator.charts.cases import CasePoint, cases_chart
from simulator.language import LANGUAGES, say, speaking
from simulator.ui.pages import batches
from simulator.ui.stores import Stores

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

VARIED = SIX.replace('scenarios = ["small.toml"]\n', 'scenarios = ["small.toml"]\nvariants = ["base", "more"]\n')


def played(workspace: Path, text: str = SIX, scenario: str = PHONE + MAIL, place: str = "results/six") -> Results:
    """Results in a workspace with one scenario."""
    written(workspace, scenario)
    folder = workspace / "batches"
    folder.mkdir(exist_ok=True)
    batch = read_batch(batch_file(folder, text, scenario))
    run_batch(batch, workspace / place)
    return Results.of(workspace / place)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[list[CasePoint]]:
    """The points of each chart that the page draws."""
    seen: list[list[CasePoint]] = []

    def draw(points: list[CasePoint], *args: Any, **named: Any) -> Any:
        seen.append(points)
        return cases_chart(points, *args, **named)

    monkeypatch.setattr(batches, "cases_chart", draw)
    return seen


def choose(app: AppTest, key: str, value: object) -> AppTest:
    app.selectbox(key=key).select(value)
    return again(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_a_table_a_chart_and_two_cases_in_both_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, drawn: list[list[CasePoint]]
) -> None:
    results = played(tmp_path)
    app = shown(monkeypatch, tmp_path, "batches", language)
    assert not app.error
    rows = results.query(
        "select team.agents, handling, phone_mean_wait from wide as team order by handling, team.agents"
    ).rows()
    (points,) = drawn[-1:]
    assert [(point.at, point.line[0], point.value) for point in points] == [
        (agents, str(handling), wait) for agents, handling, wait in rows
    ]
    told = texts(app)
    assert all(point.words in told for point in points)
    with speaking(language):
        assert say("batches.told", title="Six small cases", done=6, count=6) in [each.value for each in app.caption]
        for name in ("first", "second", "difference"):
            assert say(f"batches.column.{name}") in told
        assert [getattr(each, "label", "") for each in app.get("download_button")] == [
            say("batches.take.csv"),
            say("batches.take.xlsx"),
        ]


def test_axes_measures_and_values_are_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawn: list[list[CasePoint]]
) -> None:
    results = played(tmp_path, VARIED)
    app = shown(monkeypatch, tmp_path, "batches")
    name = "results/six"
    choose(app, f"batches measure {name}", "arrived")
    choose(app, f"batches about {name} arrived", "mail")
    choose(app, f"batches rows {name}", "handling")
    choose(app, f"batches columns {name} handling", "variant")
    choose(app, f"batches only {name} agents", 0)
    rows = results.query(
        "select handling, variant, mail_arrived from wide where agents = -1 order by variant, handling"
    ).rows()
    assert [(point.at, point.line, point.value) for point in drawn[-1]] == list(rows)
    app.multiselect(key=f"batches filter {name} handling").select(1)
    again(app)
    assert {point.at for point in drawn[-1]} == {6}
    choose(app, f"batches only {name} agents", batches.EVERY)
    assert say("batches.mean") in [each.value for each in app.caption]
    assert {point.words.partition(" ±")[1] for point in drawn[-1]} == {""}
    choose(app, f"batches columns {name} handling", batches.ONE_LINE)
    assert {point.line for point in drawn[-1]} == {""}


def test_two_cases_are_compared_in_every_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = played(tmp_path)
    app = shown(monkeypatch, tmp_path, "batches")
    table = html(app).rpartition("<table>")[2]
    assert table.count("<tr>") == len(results.measures) + 1
    choose(app, "batches second results/six", 0)
    table = html(app).rpartition("<table>")[2]
    assert 'class="clear"' not in table
    assert table.count('class="noise"') == len(results.measures)


def test_what_failed_is_told_and_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played(tmp_path, CLASHING, FINE)
    app = shown(monkeypatch, tmp_path, "batches")
    assert [each.label for each in app.expander if each.label == say("batches.failed", count=1)]
    assert any(each.value.startswith("4: channels.phone.hours") for each in app.main.text)
    assert len(app.selectbox(key="batches first results/six").options) == 3


def test_a_batch_at_work_is_shown_as_far_as_it_is_and_then_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class StoppedError(Exception):
        pass

    def stop(progress: object) -> None:
        if getattr(progress, "done", 0) == 2:
            raise StoppedError

    written(tmp_path)
    batch = read_batch(batch_file(tmp_path))
    with pytest.raises(StoppedError):
        run_batch(batch, tmp_path / "six", on_done=stop)
    app = shown(monkeypatch, tmp_path, "batches")
    title = "Six small cases"
    assert say("batches.told", title=title, done=2, count=6) in [each.value for each in app.caption]
    run_batch(batch, tmp_path / "six")
    assert say("batches.told", title=title, done=6, count=6) in [each.value for each in again(app).caption]


def test_results_without_anything_to_compare_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = played(tmp_path, 'scenarios = ["small.toml"]\n')
    app = shown(monkeypatch, tmp_path, "batches")
    assert [each.value for each in app.info] == [say("batches.one_case")]
    for file in results.files:
        file.unlink()
    assert [each.value for each in again(app).info] == [say("batches.nothing")]


def test_results_of_another_format_are_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = played(tmp_path)
    file = results.store.path / "manifest.json"
    file.write_text(file.read_text().replace('"format": 1', '"format": 99'))
    app = shown(monkeypatch, tmp_path, "batches")
    assert len(app.error) == 1
    assert "format 99" in app.error[0].value


def test_without_results_the_page_says_how_to_make_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "batches")
    assert [each.value for each in app.info] == [say("batches.none")]
    assert "ruuhka batch" in app.code[0].value


def test_results_are_found_within_the_workspace_and_nowhere_else(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    played(workspace, place="results/a/deep")
    played(workspace, place="b")
    played(workspace, place="results/too/deep/by/far")
    played(tmp_path, place="beside")
    (workspace / "other").mkdir()
    (workspace / "other" / "manifest.json").write_text("{}")  # results of one simulation have one, too
    stores = Stores(workspace)
    assert sorted(stores.names()) == ["b", "results/a/deep"]
    assert stores.names()[0] == "b"  # the last that was played
    for name in ("../beside", "other", "", "results/too/deep/by/far"):
        with pytest.raises(KeyError):
            stores.open(name)
