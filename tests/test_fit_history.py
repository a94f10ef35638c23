"""A history becomes a scenario that is believed: what a simulated centre is like is found again, and it is played."""

from __future__ import annotations

import errno
import json
import tomllib
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING

import numpy as np
import pytest
from logged_centre import WEEKDAYS, Centre, logged_calls
from rich.console import Console
from typer.testing import CliRunner

from simulator.charts.goodness.page import fit_page
from simulator.cli import fit as fit_cli
from simulator.cli.program import program
from simulator.durable import write_durably
from simulator.history.estimators import Fitted
from simulator.history.estimators.redial import ReturnFit
from simulator.history.fitted_scenario import (
    CallsFit,
    FitError,
    FittedScenario,
    IntervalsFit,
    Level,
    Wishes,
    fit_history,
    scenario_of,
    scenario_text,
)
from simulator.history.fitted_scenario.demand_fields import busyness_fields
from simulator.history.fitted_scenario.erlang import LONGEST, SHORTEST, Cells, agents_of, fit_patience_by_formula
from simulator.history.fitted_scenario.from_calls import calls_fields
from simulator.history.importing.imported import Imported, write_imported
from simulator.history.importing.mapping_file import read_mapping
from simulator.history.importing.read_history import read_history
from simulator.language import LANGUAGES, speaking
from simulator.queueing.abandonment import ErlangA
from simulator.report.fitted.document import fit_document
from simulator.report.fitted.report import figures_table, fitted_values, reported_table
from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from pathlib import Path

    from rich.table import Table

CENTRE = Centre()
WEEKS = 4


@pytest.fixture(scope="module")
def history() -> Imported:
    return Imported(calls=logged_calls(CENTRE, WEEKS))


@pytest.fixture(scope="module")
def fit(history: Imported) -> FittedScenario:
    return fit_history(history, Wishes())


def found_in(fit: FittedScenario) -> CallsFit:
    assert isinstance(fit.found, CallsFit)
    return fit.found


# ---- Calls -----------------------------------------------------------------------------------------------------------


def test_the_fitted_scenario_says_what_the_centre_is(fit: FittedScenario) -> None:
    scenario = scenario_of(fit.fields)
    (phone,) = scenario.channels
    assert [topic.title for topic in scenario.topics] == ["Orders", "Returns"]
    assert str(phone.hours) == "mon-fri 09:00-17:00"
    for kind in phone.types:
        assert kind.handling_time.mean == pytest.approx(CENTRE.handling, rel=0.04)
        assert kind.handling_time.cv == pytest.approx(CENTRE.handling_cv, rel=0.06)
        assert kind.patience is not None
        assert kind.patience.mean == pytest.approx(CENTRE.patience, rel=0.3)
    weekdays = np.array([each.value for each in found_in(fit).demand.volumes[0].weekdays])
    np.testing.assert_allclose(weekdays[:5], np.array(WEEKDAYS) / sum(WEEKDAYS), atol=0.03)
    assert weekdays[5:].tolist() == [0.0, 0.0]


def test_customers_of_the_fitted_scenario_wait_as_those_of_the_history_did(fit: FittedScenario) -> None:
    seen, level = found_in(fit).observed, fit.level
    assert level is not None
    assert level.reached
    assert level.mean_wait == pytest.approx(seen.mean_wait, rel=0.2)
    assert level.unanswered == pytest.approx(seen.unanswered, rel=0.35)
    assert level.in_time == pytest.approx(seen.in_time, abs=0.06)
    assert 0.8 < level.availability < 1.25


def test_the_file_is_read_as_it_was_meant_and_says_where_every_value_is_from(
    fit: FittedScenario, tmp_path: Path
) -> None:
    file = tmp_path / "fitted.toml"
    file.write_text(scenario_text(fit.fields), encoding="utf-8")
    scenario = load_scenario(file)
    assert scenario.content_hash == scenario_of(fit.fields).content_hash
    sources = tomllib.loads(file.read_text(encoding="utf-8"))["sources"]
    for path in ("channels.phone.handling_time", "channels.phone.patience", "channels.phone.demand.per_week", "groups"):
        assert path in sources


def test_without_playing_there_is_no_level_and_all_else_is_the_same(history: Imported, fit: FittedScenario) -> None:
    plain = fit_history(history, Wishes(), play=False)
    assert plain.level is None
    said = {field.path: field.value for field in fit.fields if field.path[0] == "channels"}
    assert {field.path: field.value for field in plain.fields if field.path[0] == "channels"} == said


def test_only_the_days_that_are_asked_for_are_fitted_to(history: Imported, fit: FittedScenario) -> None:
    calls = history.calls
    assert calls is not None
    seen = found_in(fit).observed
    first_weeks = (seen.first_day, seen.first_day + (seen.last_day - seen.first_day) * 0.7)
    days = first_weeks[0], first_weeks[1]
    part = fit_history(history, Wishes(), days, play=False)
    kept = (calls.day >= days[0].toordinal()) & (calls.day <= days[1].toordinal())
    alone = fit_history(replace(history, calls=calls.where(kept)), Wishes(), play=False)
    assert scenario_text(part.fields) == scenario_text(alone.fields)
    assert found_in(part).observed.contacts == int(kept.sum()) < seen.contacts


def returning(known: bool) -> ReturnFit:
    """One in four comes back after ten minutes; or it is anybody's guess."""
    share = Fitted(0.25, 0.2 if known else 0.0, 0.3 if known else 0.99, 1000, "made")
    delay = Fitted(600.0, 500.0, 700.0, 1000, "made")
    return ReturnFit(share, delay, Fitted(0.0, 0.0, 0.0, 1000, "made"), 250, beyond_chance=known, watched=28_800.0)


def test_value_and_interval_of_those_who_come_back_are_of_the_same_share(fit: FittedScenario) -> None:
    found = replace(found_in(fit), redial=returning(True), repeat=returning(True))
    said = {field.path[-1]: field for field in calls_fields(found, 0.9)}
    assert said["redial"].value == {"share": "25 %", "delay": "10 min"}
    assert said["redial"].comment == "share 95 %: 20 % to 30 %"
    assert said["repeat"].value == {"resolved": "75 %", "delay": "10 min"}
    assert said["repeat"].comment == "resolved 95 %: 70 % to 80 %"


def test_coming_back_that_chance_explains_is_left_out_and_the_file_says_so(fit: FittedScenario) -> None:
    found = replace(found_in(fit), redial=returning(False), repeat=returning(False))
    fields = calls_fields(found, 0.9)
    scenario = scenario_of(fields)
    assert "redial" not in scenario_text(fields).partition("\n[sources]")[0]
    told = scenario.sources["channels.phone"]
    assert "redial is left out" in told
    assert "repeat is left out" in told
    level = {field.path[-1]: field.value for field in fields}["per_week"]
    alone = replace(found, redial=None, repeat=None)
    assert level == {field.path[-1]: field.value for field in calls_fields(alone, 0.9)}["per_week"]
    assert "not known" in words_of(figures_table(fields))


@pytest.mark.parametrize(
    ("first", "channel", "topics"),
    [((True, False), 2, {1: 1}), ((False, False), 1, {}), ((True, True), 1, {})],
    ids=["one of two", "none", "all"],
)
def test_a_queue_that_goes_before_others_has_priority(
    first: tuple[bool, bool], channel: int, topics: dict[int, int], fit: FittedScenario
) -> None:
    """Agents take the lowest number first."""
    found = found_in(fit)
    fields = calls_fields(replace(found, trained=replace(found.trained, goes_first=np.array(first))), 1.0)
    phone = tomllib.loads(scenario_text(fields))["channels"]["phone"]
    assert phone.get("priority", 1) == channel
    own = [each["priority"] for each in phone.get("topics", {}).values() if "priority" in each]
    assert own == list(topics.values())
    ranks = [kind.priority for kind in scenario_of(fields).channels[0].types]
    assert ranks == ([1, 2] if first == (True, False) else [1, 1])


@pytest.mark.parametrize("availability", [0.8, 1.5])
def test_a_wait_that_is_not_attained_is_said_behind_the_shrinkage_and_in_its_source(
    availability: float, fit: FittedScenario
) -> None:
    missed = Level(availability, mean_wait=22.5, unanswered=0.0, in_time=1.0, reached=False)
    found = found_in(fit)
    found = replace(found, observed=replace(found.observed, mean_wait=39.4))
    fields = calls_fields(found, availability, missed)
    sources = scenario_of(fields).sources
    lines = [line for line in scenario_text(fields).splitlines() if line.startswith("shrinkage")]
    assert len(lines) == sum(field.path[-1] == "staffing" for field in fields)
    for line in lines:
        assert "not attained: customers of the scenario wait 22.5 s on average, the team's waited 39.4 s" in line
    for name in ("groups", "groups.team-1.shrinkage"):
        assert "not attained" in sources[name]
    assert "not attained" not in scenario_text(calls_fields(found, availability, replace(missed, reached=True)))


@pytest.mark.parametrize(("high", "known"), [(86_400.0, False), (7200.0, True)], ids=["a day", "two hours"])
def test_a_memory_of_anything_from_none_to_a_day_is_not_known_and_left_out(
    high: float, known: bool, fit: FittedScenario
) -> None:
    (volume,) = found_in(fit).demand.volumes
    memory = Fitted(3600.0, 0.0, high, 20, "made")
    busyness = ("channels", "phone", "busyness")
    others = [field for field in fit.fields if field.path[:3] != busyness]
    fields = [*others, *busyness_fields(busyness, replace(volume, interval_memory=memory))]
    scenario = scenario_of(fields)
    written = scenario_text(fields).partition("\n[sources]")[0]
    assert ("interval_memory" in written) == known
    assert ("interval_memory is left out" in scenario.sources.get("channels.phone.busyness", "")) == (not known)
    (row,) = (row for row in fitted_values(fields) if row.field.endswith("interval_memory"))
    assert row.value == ("1 h" if known else "not known")


def words_of(table: Table) -> str:
    console = Console(width=200, file=StringIO(), record=True)
    console.print(table)
    return console.export_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_every_source_and_stands_alone(language: str, fit: FittedScenario) -> None:
    with speaking(language):
        page = fit_page(fit)
    assert all(
        field.source.partition(";")[0] in page for field in fit.fields if field.source and "'" not in field.source
    )
    assert "http://" not in page.partition("<script>")[0]


def test_the_document_is_json_with_every_field(fit: FittedScenario) -> None:
    document = json.loads(json.dumps(fit_document(fit), allow_nan=False))
    assert document["kind"] == "calls"
    assert len(document["scenario"]) == len(fit.fields)
    assert document["found"]["observed"]["contacts"] == found_in(fit).observed.contacts


@pytest.mark.parametrize(
    ("imported", "days", "complaint"),
    [
        (Imported(), None, "it holds nothing"),
        (Imported(calls=logged_calls(Centre(calls_a_day=20.0), 1)), None, "two weeks"),
    ],
    ids=["nothing", "one week"],
)
def test_a_history_that_says_too_little_is_refused(imported: Imported, days: None, complaint: str) -> None:
    with pytest.raises(FitError, match=complaint):
        fit_history(imported, Wishes(), days)


# ---- Interval reports ------------------------------------------------------------------------------------------------


def test_agents_and_patience_are_those_of_which_erlang_a_gives_the_report() -> None:
    rates = np.array([0.02, 0.05, 0.08])
    queues = [
        ErlangA(servers=servers, arrival_rate=rate, mean_handling_time=240.0, mean_patience=400.0)
        for rate, servers in zip(rates.tolist(), (6, 13, 19), strict=True)
    ]
    lost = np.array([queue.abandonment_ratio for queue in queues])
    cells = Cells(rates, lost, np.array([queue.asa for queue in queues]), 1000.0 * (1 - lost))
    patience = fit_patience_by_formula(cells, 240.0)
    assert patience is not None
    assert patience.mean.value == pytest.approx(400.0, rel=0.01)
    assert not patience.at_bound
    for queue in queues:
        agents, asa = agents_of(queue.arrival_rate, queue.abandonment_ratio, 240.0, 400.0)
        assert agents == pytest.approx(queue.servers, abs=1e-6)
        assert asa == pytest.approx(queue.asa, rel=1e-6)


@pytest.mark.parametrize(("factor", "bound"), [(100.0, LONGEST), (0.001, SHORTEST)], ids=["too long", "too short"])
def test_waits_that_no_patience_explains_give_no_patience_and_the_file_says_so(
    factor: float, bound: float, tmp_path: Path
) -> None:
    """Waits a hundred times as long as belong to those who gave up; and a thousandth of them."""
    fit = fit_history(report_of(tmp_path, Centre(both=12, busy_cv=0.05), waits=factor), Wishes())
    assert isinstance(fit.found, IntervalsFit)
    (channel,) = fit.found.channels
    assert channel.patience is None
    assert channel.patience_beyond == bound
    (patience,) = (field for field in fit.fields if field.path[-1] == "patience")
    assert patience.value == "5 min"
    assert patience.source.startswith("assumption: Erlang A turned round finds no mean patience from 5 s to 2 h")
    (kind,) = scenario_of(fit.fields).channels[0].types
    assert kind.patience is not None
    assert kind.patience.mean == 300.0


def test_between_whole_agents_more_of_them_lose_fewer() -> None:
    shares = [0.2, 0.1, 0.05, 0.02, 0.01, 0.003]
    agents = [agents_of(0.05, share, 240.0, 300.0)[0] for share in shares]
    assert agents == sorted(agents)
    assert len(set(agents)) == len(agents)
    assert agents_of(0.0, 0.1, 240.0, 300.0) == (0.0, 0.0)


def report_of(path: Path, centre: Centre, *, waits: float = 1.0) -> Imported:
    """The interval report of a simulated log, through a file; its waits are so many times the true ones."""
    calls = logged_calls(centre, WEEKS)
    slot = calls.clock // 1800
    lines = ["date,time,queue,offered,answered,abandoned,AHT,ASA"]
    from datetime import date

    for day, time in np.unique(np.stack((calls.day, slot)), axis=1).T.tolist():
        here = (calls.day == day) & (slot == time)
        taken = here & calls.served
        offered, answered = int(here.sum()), int(taken.sum())
        aht = calls.worked[taken].mean() if answered else 0
        asa = waits * calls.waited[taken].mean() if answered else 0
        clock = f"{time // 2:02}:{time % 2 * 30:02}"
        lines.append(
            f"{date.fromordinal(day)},{clock},Phone,{offered},{answered},{offered - answered},{aht:.1f},{asa:.1f}"
        )
    (path / "report.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    mapping = path / "report.toml"
    mapping.write_text(
        'kind = "intervals"\ntimezone = "UTC"\n[columns]\ndate = "date"\ntime = "time"\nchannel = "queue"\n'
        'offered = "offered"\nanswered = "answered"\nabandoned = "abandoned"\nhandling_time = "AHT"\nasa = "ASA"\n',
        encoding="utf-8",
    )
    return read_history([path / "report.csv"], read_mapping(mapping), mapping.read_text(encoding="utf-8"))


def test_an_interval_report_becomes_a_scenario_too(tmp_path: Path) -> None:
    centre = Centre(both=12, busy_cv=0.05)
    fit = fit_history(report_of(tmp_path, centre), Wishes())
    assert isinstance(fit.found, IntervalsFit)
    (channel,) = fit.found.channels
    assert channel.handling == pytest.approx(centre.handling, rel=0.05)
    calls = logged_calls(centre, WEEKS)
    shown = words_of(reported_table(fit.found))
    assert f"{1 - calls.served.mean():.2%}" in shown
    assert channel.asa == pytest.approx(calls.waited[calls.served].mean(), rel=0.01)
    assert f"{channel.asa:.1f} s" in shown
    assert "not told" in shown.splitlines()[-1]
    assert "95.0%" in words_of(reported_table(replace(fit.found, channels=(replace(channel, in_time=0.95),))))
    assert channel.patience is not None
    assert channel.patience.value == pytest.approx(centre.patience, rel=0.5)
    assert channel.agents is not None
    assert channel.agents[:5].mean() == pytest.approx(centre.agents, abs=1.5)
    scenario = scenario_of(fit.fields)
    assert scenario.channels[0].types[0].handling_time.mean == pytest.approx(centre.handling, rel=0.05)
    assert "Erlang A" in scenario_text(fit.fields)
    assert "Phone" in fit_page(fit)


# ---- The command -----------------------------------------------------------------------------------------------------


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(program, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def folder(history: Imported, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("history")
    mapping = 'kind = "calls"\n'
    write_imported(path, replace(history, quality={"calls": {}}, mapping={"calls": mapping}))
    return path


def test_three_files_are_written_and_the_scenario_passes_the_check(folder: Path, tmp_path: Path) -> None:
    out, page = tmp_path / "fitted.toml", tmp_path / "fit.html"
    code, printed, complaint = run("fit", folder, "--out", out, "--report", page, "--no-play", "--channel", "calls")
    assert code == 0, complaint
    assert "Fitted" in printed
    assert "answered by nobody" in printed
    assert run("check", out)[0] == 0
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))["kind"] == "calls"


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_wait_that_is_not_attained_ends_with_exit_code_1_and_the_scenario_is_written(
    options: tuple[str, ...], folder: Path, fit: FittedScenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed = replace(fit, level=Level(1.5, mean_wait=22.5, unanswered=0.0, in_time=1.0, reached=False))
    monkeypatch.setattr("simulator.cli.fit.fit_history", lambda *_, **__: missed)
    out = tmp_path / "fitted.toml"
    code, printed, _ = run("fit", folder, "--out", out, *options)
    assert code == 1
    assert out.exists()
    assert options or "do not wait as the team's did" in printed.splitlines()[-1]


def test_json_is_one_document_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    code, printed, _ = run("fit", folder, "--out", tmp_path / "fitted.toml", "--no-play", "--json")
    assert code == 0
    assert json.loads(printed)["played"] is None


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--days", "yesterday"), "--days"),
        (("--days", "2031-01"), "not one contact"),
        (("--days", "2031-01"), "--days 2031-01: "),
        (("--holidays", "Suomi"), "--holidays: "),
        (("--channel", "my phone"), "--channel"),
        (("--interval", "7 min"), "--interval"),
        (("--holidays", "XX"), "XX"),
        (("--target", "soon"), "--target"),
        (("--report", "/nowhere/fit.html"), "--report"),
    ],
)
def test_an_option_that_cannot_be_is_refused(
    options: tuple[str, str], complaint: str, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "fitted.toml"
    code, printed, error = run("fit", folder, "--out", out, "--no-play", *options)
    assert code == 2
    assert complaint in error
    assert not printed
    assert not out.exists()


def test_a_file_that_cannot_be_written_is_named_with_its_option(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the name that the planner gave, not by that of the draft that is written first."""
    page = tmp_path / "fit.html"
    out = tmp_path / "fitted.toml"
    for option, refused in (("--out", out), ("--report", page)):

        def write(target: Path, content: bytes, refused: Path = refused) -> None:
            if target == refused:
                raise OSError(errno.ENOSPC, "No space left on device", f"{target}-a1b2.part")
            write_durably(target, content)

        monkeypatch.setattr(fit_cli, "write_durably", write)
        code, printed, error = run("fit", folder, "--out", out, "--report", page, "--no-play", "--force")
        assert (code, printed) == (2, "")
        assert error.startswith(f"{option} {refused}: it cannot be written: No space left")


def test_a_file_that_is_there_is_replaced_only_by_force(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "fitted.toml"
    out.write_text("mine", encoding="utf-8")
    code, _, error = run("fit", folder, "--out", out, "--no-play")
    assert code == 2
    assert "--force" in error
    assert out.read_text(encoding="utf-8") == "mine"
    assert run("fit", folder, "--out", out, "--no-play", "--force")[0] == 0
    assert out.read_text(encoding="utf-8") != "mine"


@pytest.mark.parametrize(
    ("out", "report"),
    [
        ("fitted.toml", "fitted.toml"),
        ("fitted.toml", "../folder/fitted.toml"),
        ("a.json", "a.html"),
        ("a.toml", "b.json"),
    ],
    ids=["the same", "the same by another way", "the document", "page and document"],
)
def test_two_files_that_would_be_one_are_refused_and_nothing_is_written(
    out: str, report: str, folder: Path, tmp_path: Path
) -> None:
    here = tmp_path / "folder"
    here.mkdir()
    (here / out).write_text("mine", encoding="utf-8")
    code, printed, error = run("fit", folder, "--out", here / out, "--report", here / report, "--no-play", "--force")
    assert code == 2
    assert "--report" in error
    assert "one file" in error
    assert not printed
    assert [(each.name, each.read_text(encoding="utf-8")) for each in here.iterdir()] == [(out, "mine")]


def test_the_document_beside_the_report_is_replaced_only_by_force(folder: Path, tmp_path: Path) -> None:
    mine = tmp_path / "fit.json"
    mine.write_text("mine", encoding="utf-8")
    code, _, error = run(
        "fit", folder, "--out", tmp_path / "fitted.toml", "--report", tmp_path / "fit.html", "--no-play"
    )
    assert code == 2
    assert f"--report {mine}" in error
    assert mine.read_text(encoding="utf-8") == "mine"


def test_a_folder_without_a_history_is_refused(tmp_path: Path) -> None:
    code, _, error = run("fit", tmp_path, "--out", tmp_path / "fitted.toml")
    assert code == 2
    assert str(tmp_path) in error
