from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from commands import refused, ruuhka
from interrupted import interrupted
from small_scenarios import MAIL, PHONE, written
from typer.testing import CliRunner

from simulator.cli import console, play
from simulator.cli.options import Run
from simulator.cli.program import program
from simulator.engine import DEFAULT_ENGINE, ENGINES
from simulator.experiment.precision import parse_precision
from simulator.queueing import ErlangA, ErlangC
from simulator.report.staffing_file import staffing_csv
from simulator.scenario import load_scenario

COMMAND = [sys.executable, "-c", "from simulator.cli.program import main; main()"]


@pytest.fixture
def phone(tmp_path: Path) -> Path:
    return written(tmp_path)


# ---- What each command prints ----------------------------------------------------------------------------------------


def test_simulate_names_scenario_seed_replications_and_every_formula(phone: Path) -> None:
    output = ruuhka("simulate", phone, "--replications", "2", "--seed", "7").stdout
    for text in (
        "Small day",
        "Mon 1 Jun 2026 to Tue 2 Jun 2026",
        "2 replications, seed 7",
        "Queue times",
        "Worst half-hours",
        "Erlang A",
        "Service level = answered within T / offered",
        "Average speed of answer = wait of answered / answered",
        "95% confidence interval over 2 replications",
    ):
        assert text in output


def test_staffing_comes_from_a_file(phone: Path, tmp_path: Path) -> None:
    """That of one more agent gives what one more agent gives, and the run says where its agents are from."""
    plan = tmp_path / "plan.csv"
    plan.write_bytes(staffing_csv(load_scenario(phone, "more")))
    more, read = (
        json.loads(ruuhka("simulate", phone, *options, "--json").stdout)
        for options in (["--variant", "more"], ["--staffing", plan])
    )
    assert read["channels"] == more["channels"]
    assert f"staffing of {plan}" in " ".join(ruuhka("simulate", phone, "--staffing", plan).stdout.split())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("time,teem\n2026-06-01 09:00,4\n", 'There is no group "teem". Did you mean "team"?'),
        ("clock,team\n2026-06-01 09:00,4\n", 'There is no group "clock".'),
        ("time\n2026-06-01 09:00\n", "a column time and one for each group: team."),
        ("time,team\n2026-06-01 09:00,-4\n2026-06-01 09:30,4\n", '"-4": This is not a number from 0 up.'),
        ("", "The file is empty"),
        ("time;team\n2026-06-01 09:00;4\n", "separated by semicolons"),
    ],
)
def test_a_bad_staffing_file_is_refused(phone: Path, tmp_path: Path, content: str, told: str) -> None:
    plan = tmp_path / "plan.csv"
    plan.write_text(content, encoding="utf-8")
    message = refused("simulate", phone, "--staffing", plan)
    assert "plan.csv" in message
    assert told in message


def test_one_replication_has_no_interval_and_says_so(phone: Path) -> None:
    result = ruuhka("simulate", phone, "--replications", "1")
    assert result.exit_code == 0
    assert "± ?" in result.stdout
    assert "too few replications to tell" in result.stdout
    assert "inf" not in result.stdout
    document = json.loads(ruuhka("simulate", phone, "--replications", "1", "--json").stdout)
    asa = document["channels"]["phone"]["measures"]["asa"]
    assert asa["value"] > 0
    assert asa["low"] is None


@pytest.mark.parametrize(
    "change",
    [
        "channels.phone.demand.per_week=0",
        'channels.phone.hours="sun 09:00-11:00"',
        "groups.team.staffing={}",
        "horizon.days=1",
        "horizon.days=14",
        "horizon.days=28",
        'channels.phone.target.per="horizon"',
        'channels.phone.target.per="interval"',
        'channels.phone.target.definition="short abandons as met"',
    ],
)
def test_a_centre_with_little_in_it_is_shown_without_a_fault(phone: Path, change: str) -> None:
    for command in (("simulate", phone, "--replications", "2"), ("check", phone, "--intervals")):
        result = ruuhka(*command, "--set", change)
        assert result.exit_code == 0, result.output
        assert "nan" not in result.stdout
        json.loads(ruuhka(*[each for each in command if each != "--intervals"], "--set", change, "--json").stdout)


def test_deferred_channels_alone_and_beside_live_ones(tmp_path: Path) -> None:
    both = written(tmp_path, PHONE + MAIL, "both.toml")
    alone_text = (PHONE + MAIL).replace("[groups.team.skills.phone]\n", "")
    begin, end = alone_text.index("[channels.phone]"), alone_text.index("[groups.team]")
    alone = written(tmp_path, alone_text[:begin] + alone_text[end:], "alone.toml")
    for path, live in ((both, True), (alone, False)):
        output = ruuhka("simulate", path, "--replications", "2").stdout
        assert "Messages" in output
        assert ("Queue times" in output) == live
        assert ruuhka("compare", path, "base", "more", "--replications", "2").exit_code == 0
        assert ruuhka("check", path).exit_code == 0


def test_names_are_printed_as_they_are_written(tmp_path: Path) -> None:
    title = "A [red]fine[/red] [/] :smile: day"
    text = PHONE.replace("Small day", title).replace('kind = "live"', f'title = "{title}"\nkind = "live"')
    path = written(tmp_path, text.replace("One more agent", "[bold]one more"))
    for arguments in (
        ("simulate", path, "--replications", "2"),
        ("check", path),
        ("compare", path, "base", "more", "--replications", "2"),
    ):
        output = " ".join(ruuhka(*arguments).stdout.split())
        assert "A [red]fine[/red] [/] :smile: day" in output
        assert output.count("[red]fine") > 1
    assert "[bold]one more" in output


def test_a_long_name_is_wrapped_and_no_number_is_cut(tmp_path: Path) -> None:
    path = written(tmp_path, PHONE.replace('kind = "live"', f'title = "{"very " * 30}long"\nkind = "live"'))
    output = ruuhka("simulate", path, "--replications", "2").stdout
    assert "…" not in output
    assert "ASA" in output
    assert max(map(len, output.splitlines())) <= console.WIDTH


def test_compare_of_a_variant_that_changes_nothing_finds_nothing(phone: Path) -> None:
    document = json.loads(ruuhka("compare", phone, "base", "same", "--replications", "2", "--json").stdout)
    differences = document["differences"]["channels"]["phone"]
    assert differences["asa"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert all(each["value"] in (0.0, None) for each in differences.values())
    assert "the same" in ruuhka("compare", phone, "base", "same", "--replications", "2").stdout


def test_compare_gives_both_sides_one_seed_and_one_number_of_replications(tmp_path: Path) -> None:
    text = PHONE + '[variants.other_run]\n"simulation.seed" = 9\n"simulation.replications" = 5\n'
    result = ruuhka("compare", written(tmp_path, text), "base", "other_run", "--json")
    document = json.loads(result.stdout)
    assert [document[side]["run"]["seed"] for side in ("base", "other")] == [1, 1]
    assert [document[side]["run"]["replications"] for side in ("base", "other")] == [3, 3]


def test_compare_shows_both_promises_where_the_variants_promise_differently(tmp_path: Path) -> None:
    text = PHONE + '[variants.easier]\n"channels.phone.target.definition" = "answered"\n'
    output = ruuhka("compare", written(tmp_path, text), "base", "easier", "--replications", "2").stdout
    level, of_answered = (
        next(line for line in output.splitlines() if f"  {name}  " in line)
        for name in ("Service level", "Service level of answered")
    )
    assert "the same" in level
    assert "the same" in of_answered


@pytest.mark.parametrize("change", ['"horizon.days" = 3', '"horizon.interval" = "15 min"'])
def test_variants_that_cannot_meet_the_same_customers_are_refused(tmp_path: Path, change: str) -> None:
    path = written(tmp_path, f"{PHONE}[variants.odd]\n{change}\n")
    assert "base and odd cannot be compared" in refused("compare", path, "base", "odd")


def test_check_tells_load_and_formula(phone: Path) -> None:
    output = ruuhka("check", phone).stdout
    assert "Erlang A (M/M/n+M, interval by interval)" in output
    assert "peak load (erlangs)" in output
    document = json.loads(ruuhka("check", phone, "--json").stdout)
    # 80 contacts in 2 hours of 5 minutes each: 10/3 erlangs in the 4 open half-hours of each day.
    load = np.array(document["channels"]["phone"]["offered_load"])
    assert np.sort(load)[-8:] == pytest.approx(10 / 3)
    assert load.sum() == pytest.approx(8 * 10 / 3)


def test_patience_that_check_tells_is_that_of_all_contacts_together(tmp_path: Path) -> None:
    """A quarter waits a minute and three quarters five: four minutes are the mean."""
    mixed = PHONE.replace(
        "[channels.phone.demand]",
        """mix = { short = "25 %", long = "75 %" }
[channels.phone.topics.short]
patience = { mean = "1 min" }
[channels.phone.topics.long]
patience = { mean = "5 min" }
[channels.phone.demand]""",
    )
    topics = """[topics]
short = "Short"
long = "Long"
"""
    assert "customers wait 4:00 on average" in ruuhka("check", written(tmp_path, mixed + topics)).stdout


def test_erlang_agrees_with_the_formulas_both_ways() -> None:
    asked = ("erlang", "--calls-per-hour", "100", "--aht", "5 min", "--json")
    a = json.loads(ruuhka(*asked, "--agents", "10", "--patience", "2 min").stdout)
    queue = ErlangA(servers=10, arrival_rate=100 / 3600, mean_handling_time=300, mean_patience=120)
    assert a["formula"] == "Erlang A"
    assert a["service_level"] == queue.service_level(20)
    assert a["asa"] == queue.asa
    c = json.loads(ruuhka(*asked, "--target", "80 %", "--within", "30 s").stdout)
    levels = [
        ErlangC(servers=c["agents"] - fewer, arrival_rate=100 / 3600, mean_handling_time=300).service_level(30)
        for fewer in (0, 1)
    ]
    assert c["formula"] == "Erlang C"
    assert levels[0] >= 0.8 > levels[1]
    assert c["service_level"] == levels[0]


def test_erlang_without_agents_prints_json_and_a_table() -> None:
    nobody = ("erlang", "--calls-per-hour", "100", "--aht", "5 min", "--agents", "0", "--patience", "2 min")
    document = json.loads(ruuhka(*nobody, "--json").stdout)
    assert document["abandonment_ratio"] == 1
    assert document["asa"] is None
    assert "Erlang A" in ruuhka(*nobody).stdout


# ---- --until ---------------------------------------------------------------------------------------------------------


def test_until_goes_on_until_the_half_width_is_reached(phone: Path) -> None:
    result = ruuhka("simulate", phone, "--until", "phone=12 %", "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 0
    assert document["run"]["precision_reached"] is True
    attained = document["channels"]["phone"]["target"]["attained"]
    assert (attained["high"] - attained["low"]) / 2 <= 0.12


def test_until_gives_up_with_exit_code_1_and_still_shows_what_it_has(phone: Path) -> None:
    arguments = ("simulate", phone, "--until", "phone.asa=0.001 s", "--max-replications", "4")
    result = ruuhka(*arguments)
    assert result.exit_code == 1
    assert "4 replications" in result.stdout
    assert "not reached" in result.stdout
    document = json.loads(ruuhka(*arguments, "--json").stdout)
    assert document["run"]["precision_reached"] is False


@pytest.mark.parametrize(
    ("text", "measure", "half_width"),
    [
        ("phone=1 %", "service_level_offered", 0.01),
        (" phone.asa = 0.5 s ", "asa", 0.5),
        ("phone.asa=1 min", "asa", 60),
        ("phone.arrived=5", "arrived", 5),
        ("mail=2 %", "within_due", 0.02),
        ("mail.time_to_finish=1 h", "time_to_finish", 3600),
    ],
)
def test_every_form_of_until(tmp_path: Path, text: str, measure: str, half_width: float) -> None:
    scenario = load_scenario(written(tmp_path, PHONE + MAIL))
    precision = parse_precision(text, scenario)
    assert precision.measure == measure
    assert precision.half_width == pytest.approx(half_width)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("phone", "write CHANNEL=HALF-WIDTH"),
        ("", "write CHANNEL=HALF-WIDTH"),
        ("fone=1 %", 'Did you mean "phone"?'),
        ("phone.aza=1 s", 'Did you mean "asa"?'),
        ("phone.within_due=1 %", 'no measure "within_due" of live channels'),
        ("phone.occupancy=1 %", 'no measure "occupancy"'),
        ("phone.asa=1", "not a length of time"),
        ("phone=", "not a share"),
        ("phone=0 %", "above 0"),
        ("phone.arrived=nan", "above 0 and finite"),
        ("phone.arrived=inf", "above 0 and finite"),
        ("phone.arrived=few", "few"),
    ],
)
def test_a_wrong_until_is_refused_in_words(phone: Path, text: str, complaint: str) -> None:
    message = refused("simulate", phone, "--until", text)
    assert message.startswith(f'--until "{text}": ')
    assert complaint in message


# ---- Bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["simulate", "no-such.toml"], "There is no such file"),
        (["check", "."], "This is a folder"),
        (["simulate", "{file}", "--variant", "mor"], 'Did you mean "more"?'),
        (["compare", "{file}", "base", "mor"], 'Did you mean "more"?'),
        (["compare", "{file}", "base"], "Missing argument"),
        (["simulate", "{file}", "--set", "channels.phone.patiense=3"], "patiense"),
        (["simulate", "{file}", "--set", "phone"], 'has no "="'),
        (["simulate", "{file}", "--replications", "0"], "--replications"),
        (["simulate", "{file}", "--replications", "many"], "--replications"),
        (["simulate", "{file}", "--workers", "0"], "--workers"),
        (["simulate", "{file}", "--max-replications", "1"], "--max-replications"),
        (["simulate", "{file}", "--engine", "fast"], "there is reference"),
        (["simulate", "{file}", "--no-such-option"], "No such option"),
        (["simulation"], "No such command"),
        (["erlang", "--aht", "5 min", "--calls-per-hour", "10"], "--agents"),
        (["erlang", "--aht", "5", "--calls-per-hour", "10", "--agents", "3"], "--aht"),
        (["erlang", "--aht", "0 s", "--calls-per-hour", "10", "--agents", "3"], "--aht"),
        (["erlang", "--aht", "5 min", "--calls-per-hour", "nan", "--agents", "3"], "--calls-per-hour"),
        (["erlang", "--aht", "5 min", "--calls-per-hour", "-1", "--agents", "3"], "--calls-per-hour"),
        (["erlang", "--aht", "5 min", "--calls-per-hour", "1e12", "--target", "80 %"], "erlangs"),
        (["erlang", "--aht", "5 min", "--calls-per-hour", "100", "--agents", "3"], "at least 9 agents"),
        (["erlang", "--aht", "5 min", "--calls-per-hour", "100", "--target", "100 %"], "--target 100 %"),
        (["erlang", "--aht", "5 min", "--calls-per-hour", "100", "--target", "80"], "--target"),
    ],
)
def test_bad_input_is_refused_in_words(phone: Path, arguments: list[str], complaint: str) -> None:
    assert complaint in refused(*[argument.format(file=phone) for argument in arguments])


# ---- --out -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def no_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts have tests of their own, and take long."""
    import simulator.charts

    for name in ("write_page", "write_png"):
        monkeypatch.setattr(simulator.charts, name, lambda _experiment, path, *_change: path.write_text("chart"))


@pytest.mark.usefixtures("no_charts")
def test_out_is_written_once_and_replaced_only_when_asked(phone: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "results"
    first = ruuhka("simulate", phone, "--replications", "2", "--out", out)
    assert first.exit_code == 0
    assert str(out) in first.stdout.replace("\n", "")
    assert sorted(path.name for path in out.parent.iterdir()) == ["results"]
    assert "--force" in refused("simulate", phone, "--out", out)
    again = ruuhka("simulate", phone, "--replications", "3", "--out", out, "--force", "--json")
    json.loads(again.stdout)
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["replications"] == 3
    (out / "mine.txt").write_text("notes")
    assert "mine.txt" in refused("simulate", phone, "--out", out, "--force")
    assert (out / "mine.txt").exists()


@pytest.mark.parametrize("place", [".", "small.toml", "small.toml/results", "..", "full"])
def test_odd_places_for_results_are_refused_before_the_work(
    phone: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(phone.parent)
    (phone.parent / "full").mkdir()
    (phone.parent / "full" / "precious.txt").write_text("mine")
    assert refused("simulate", "no-such.toml", "--out", place, "--force").startswith(f"--out {place}: ")
    assert (phone.parent / "full" / "precious.txt").exists()


def test_a_folder_that_may_not_be_written_into_is_refused(
    phone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda _path, mode: not mode & os.W_OK)  # as it is for anybody but root
    assert "you may not write into" in refused("simulate", phone, "--out", tmp_path / "results")


# ---- As a program ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["simulate", "compare"])
def test_the_help_names_the_engines_there_are_and_the_default_one(command: str) -> None:
    text = " ".join(ruuhka(command, "--help").stdout.split()).partition("Engine that plays: ")[2]
    named = dict(re.findall(r"(\w+) \(([^)]+)\)", text))
    assert named.keys() == set(ENGINES)
    assert [name for name, words in named.items() if "default" in words] == [DEFAULT_ENGINE]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_terminal_of_any_encoding_gets_its_output(phone: Path, encoding: str) -> None:
    result = CliRunner(charset=encoding).invoke(program, ["check", str(phone)])
    assert result.exit_code == 0, result.output
    text = result.stdout_bytes.decode(encoding)
    assert "By formula" in text
    assert ("█" if encoding == "utf-8" else "1881") in text


def test_who_stops_reading_is_no_error(phone: Path) -> None:
    for arguments in (["check", phone], ["check", phone, "--json"]):
        process = subprocess.Popen([*COMMAND, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.close()
        _, errors = process.communicate(timeout=120)
        assert (process.returncode, errors) == (0, b""), arguments


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["tables", "json"])
def test_a_full_disk_ends_in_one_line(phone: Path, options: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        process = subprocess.run(
            [*COMMAND, "check", str(phone), *options], stdout=full, stderr=subprocess.PIPE, text=True, timeout=120
        )
    assert process.returncode == 2
    assert process.stderr == "ruuhka: the output cannot be written: No space left on device.\n"


CTRL_C_IS_HEARD = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
"""Whatever started the tests: a shell that puts a program into the background has it ignore Ctrl-C."""
FOREVER = (
    CTRL_C_IS_HEARD
    + """
from simulator.cli import play
from simulator.cli.program import main

def run(scenario, **options):
    progress = options["on_progress"]

    def heard(done, wanted):
        if done == 1:
            print("ready", flush=True)
        progress(done, wanted)

    return plainly(scenario, **{**options, "on_progress": heard})

plainly, play.run = play.run, run
main()
"""
)
"""The program; it says when it has played its first replication."""


def test_ctrl_c_ends_in_one_line_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = written(tmp_path, PHONE.replace("per_week = 160", "per_week = 4000"))
    options = ("--replications", "100000", "--workers", "1", "--out")
    stopped = interrupted(FOREVER, "simulate", str(path), *options, str(tmp_path / "results"))
    assert stopped == (130, "", "ruuhka: stopped.\n")
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


HALF_MADE = """
from simulator.cli.failures import explained

class HalfMade:
    def __init__(self):
        raise KeyboardInterrupt
        self.whole = True

    def __del__(self):
        self.whole

with explained():
    HalfMade()
"""
IN_A_CALLBACK = """
import ctypes
from simulator.cli.failures import explained

@ctypes.CFUNCTYPE(None)
def callback():
    raise KeyboardInterrupt

with explained():
    callback()
    AFTERWARDS
"""


@pytest.mark.parametrize(
    "code",
    [
        HALF_MADE,
        IN_A_CALLBACK.replace("AFTERWARDS", "pass"),
        IN_A_CALLBACK.replace("AFTERWARDS", "raise RuntimeError"),
        IN_A_CALLBACK.replace("AFTERWARDS", "while True: pass"),
    ],
    ids=["half made", "in a callback", "in a callback, then an error", "in a callback, then work"],
)
def test_ctrl_c_while_a_library_compiles(code: str) -> None:
    command = [sys.executable, "-c", CTRL_C_IS_HEARD + code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=40, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "ruuhka: stopped.\n")


class Screen(io.StringIO):
    """What somebody sees who watches stderr."""

    def isatty(self) -> bool:
        return True


def test_who_watches_sees_a_bar_with_time_left_after_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, clock = Screen(), [0.0]
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr("simulator.cli.console.time.monotonic", lambda: clock[0])
    with console.progress("Simulating") as report:
        report(1, 40)
        assert screen.getvalue() == ""
        clock[0] = 2.1
        report(2, 40)
        report(10, 40)
    shown = screen.getvalue()
    assert "Simulating" in shown
    assert "/40" in shown
    assert re.search(r"-:--:--|[0-9]:[0-9]{2}:[0-9]{2}", shown)


def test_where_nobody_watches_no_progress_is_printed(phone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "SHOWN_AFTER", 0.0)
    assert ruuhka("simulate", phone).stderr == ""


@pytest.mark.parametrize(
    ("engine", "kept", "folder", "told"),
    [
        ("compiled", False, Path("cache"), "for this machine, once"),
        ("compiled", False, None, "NUMBA_CACHE_DIR"),
        ("compiled", True, Path("cache"), None),
        ("reference", False, Path("cache"), None),
    ],
)
def test_who_watches_is_told_before_the_first_replication_that_the_engine_compiles(
    phone: Path, monkeypatch: pytest.MonkeyPatch, engine: str, kept: bool, folder: Path | None, told: str | None
) -> None:
    monkeypatch.setattr("simulator.jit.is_compiled", lambda: kept)
    monkeypatch.setattr("simulator.jit.cache_directory", lambda: folder)
    scenario = load_scenario(phone)

    def shown(screen: io.StringIO, *, silent: bool = False) -> str:
        """What stderr has got when the first replication is to start."""
        seen: list[str] = []
        monkeypatch.setattr("sys.stderr", screen)
        monkeypatch.setattr(play, "run", lambda *_, **__: seen.append(screen.getvalue()))
        play.play(scenario, Run(engine=engine), silent=silent)
        return seen[0]

    text = shown(Screen())
    assert told in text if told else text == ""
    assert shown(Screen(), silent=True) == ""
    assert shown(io.StringIO()) == ""  # nobody watches


def test_a_bug_of_ours_is_not_explained_away(phone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> dict[str, object]:
        raise ZeroDivisionError

    monkeypatch.setattr("simulator.cli.options.overrides", broken)
    assert isinstance(ruuhka("check", phone).exception, ZeroDivisionError)
