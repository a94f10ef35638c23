"""What is told of a back-test: on the terminal, on the page, in the document and in tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from lived_days import CALLS_OF_A_DAY, StandIn, lived_calls
from rich.console import Console
from test_backtest import TEST, stand_in, whole

from simulator.history.backtest import Target
from simulator.language import LANGUAGES, speaking
from simulator.report.backtest.document import backtest_document
from simulator.report.backtest.files import tables, write_backtest
from simulator.report.backtest.page import backtest_page
from simulator.report.backtest.report import backtest_report
from simulator.report.backtest.tables import agreement_table
from simulator.report.json_output import printed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days are played as they came about."""
    stand_in(monkeypatch, StandIn())


@pytest.mark.usefixtures("right")
def test_the_page_says_the_same_in_every_language_and_needs_no_network() -> None:
    test = whole()
    pages = {}
    for language in LANGUAGES:
        with speaking(language):
            pages[language] = backtest_page(test)
        assert pages[language].count("<section>") == 5
        assert "default-src 'none'" in pages[language]
        assert f'<html lang="{language}">' in pages[language]
    assert len(set(pages.values())) == len(LANGUAGES)


@pytest.mark.usefixtures("right")
def test_without_the_error_the_page_says_that_bands_are_of_luck_alone() -> None:
    test = whole(folds=0)
    assert "bands are of luck alone" in backtest_page(test)
    assert test.agreement("day", "mean_wait").held is None
    assert json.loads(printed(backtest_document(test)))["chances"]["day"]["with_error"] is None


@pytest.mark.usefixtures("right")
def test_files_hold_every_cell_and_agree_with_each_other(tmp_path: Path) -> None:
    test = whole(target=Target(0.7, 15.0))
    write_backtest(test, tmp_path, ["log.csv"])
    frames = dict(tables(test))
    days = frames["days"]
    assert len(days) == 20 * 4
    document = json.loads((tmp_path / "backtest.json").read_text(encoding="utf-8"))
    of_wait = days[days["figure"] == "mean_wait"]
    told = [each["figures"]["mean_wait"]["observed"] for each in document["days"]]
    assert of_wait["observed"].tolist() == pytest.approx(told)
    assert frames["half_hours"].groupby(["day", "figure"])["offered"].sum().unique().tolist() == [CALLS_OF_A_DAY]
    assert (frames["days"]["low"] <= frames["days"]["high"]).all()
    assert document["run"]["target"] == {"share": 0.7, "within": 15.0}
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "manifest.json") == sorted(
        json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["files"]
    )
    chances = frames["chances"]
    assert (chances.groupby(["cut", "chances"])["cells"].sum().loc["day"] == 20).all()


@pytest.mark.parametrize(("reached", "words"), [(True, "have the size"), (False, "not even with it")])
def test_it_is_told_whether_the_training_days_have_their_size(
    monkeypatch: pytest.MonkeyPatch, reached: bool, words: str
) -> None:
    """On the terminal, on the page and in the document."""
    stand_in(monkeypatch, StandIn(size_reached=reached))
    test = whole(folds=0)
    console = Console(width=200)
    with console.capture() as captured:
        console.print(backtest_report(test))
    for told in (captured.get(), backtest_page(test)):
        assert "87.5 % of the time" in told
        assert words in told
    document = json.loads(printed(backtest_document(test)))
    assert document["learnt"] == {"availability": 0.875, "size_reached": reached}


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("factor", [0.2, 1.0])
def test_no_interval_is_broken_on_a_terminal(monkeypatch: pytest.MonkeyPatch, width: int, factor: float) -> None:
    stand_in(monkeypatch, StandIn(factor))
    console = Console(width=width)
    with console.capture() as captured:
        console.print(backtest_report(whole()))
    tables_ = captured.get().split("How well it agrees")[1].split("A band of luck alone")[0]
    assert "[" in tables_
    assert all(line.count("[") == line.count("]") for line in tables_.splitlines())


@pytest.mark.usefixtures("right")
def test_a_ratio_is_told_with_the_cells_that_it_is_of() -> None:
    """Half-hours in which everybody was answered have no ratio of the unanswered."""
    test = whole(folds=0)
    found = test.agreement("half_hour", "unanswered")
    positive = test.outlook("half_hour", "unanswered").observed > 0
    assert found.cells == len(positive)
    assert 0 < positive.sum() < found.cells
    document = json.loads(printed(backtest_document(test)))["agreement"]["half_hour"]["unanswered"]
    assert (document["cells"], document["ratio"]["cells"]) == (found.cells, positive.sum())
    frame = dict(tables(test))["agreement"]
    of_it = frame[(frame["cut"] == "half_hour") & (frame["figure"] == "unanswered")].set_index("compared_by")["cells"]
    assert (of_it["rank_correlation"], of_it["ratio"]) == (found.cells, positive.sum())
    shown = [row for row in agreement_table(test).rows if row[:2] == ("Half-hours of a day", "Unanswered")]
    assert [(row[2], row[5]) for row in shown] == [(str(found.cells), str(positive.sum()))]


@pytest.mark.usefixtures("right")
def test_a_day_is_told_as_it_was() -> None:
    test, calls = whole(), lived_calls(60)
    of_day = calls.where(calls.day == TEST.first.toordinal())
    day = json.loads(printed(backtest_document(test)))["days"][0]
    assert day["day"] == TEST.first.isoformat()
    assert day["figures"]["mean_wait"]["observed"] == pytest.approx(of_day.waited.mean())
    assert day["figures"]["unanswered"]["observed"] == pytest.approx(1 - of_day.served.mean())
    assert day["met"] == bool((of_day.served & (of_day.waited <= 20)).mean() >= 0.8)
