"""Commands start quickly: what a command does not need, it does not import. Counted in modules, not in seconds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from logged_centre import Centre, logged_calls
from small_prices import price_files
from small_scenarios import written

from simulator.batch import read_batch, run_batch
from simulator.cli.program import program
from simulator.engine import ENGINES
from simulator.history.importing.imported import Imported, write_imported

BATCH = 'scenarios = ["small.toml"]\n[run]\nreplications = 2\nengine = "reference"\n'
ERLANG = ("erlang", "--calls-per-hour", "100", "--aht", "5 min", "--agents", "10")
COMMANDS = {
    "--help": ("--help",),
    "--version": ("--version",),
    "simulate --help": ("simulate", "--help"),
    "app --help": ("app", "--help"),
    "erlang": ERLANG,
    "erlang --patience": (*ERLANG, "--patience", "2 min"),
    "check": ("check", "{file}", "--intervals"),
    "compare": ("compare", "{file}", "base", "more", "--replications", "2", "--engine", "reference"),
    "levers": ("levers", "{file}", "--replications", "2", "--engine", "reference"),
    "grid": (
        *("grid", "{file}", "--agents", "team=4,5", "--vary", "groups.team.shrinkage=0.1,0.2"),
        *("--replications", "2", "--engine", "reference"),
    ),
    "plan": ("plan", "{file}", "--replications", "2"),
    "price": ("price", "{shop}", "{contract}", "--futures", "2", "--levels", "1,1.5", "--no-mix"),
    "forecast": ("forecast", "{weeks}", "--horizon", "7 d"),
    "batch": ("batch", "{batch}", "--out", "{out}", "--workers", "1"),
    "batch --dry-run": ("batch", "{batch}", "--dry-run"),
    "import": ("import", "{report}", "--out", "{history}"),
    "import --show": ("import", "{report}", "--show"),
    "fit": ("fit", "{calls}", "--out", "{fitted}", "--no-play"),
    "backtest": ("backtest", "{calls}", "--replications", "2", "--no-error"),
    "results": ("results", "{results}"),
    "results QUERY": ("results", "{results}", "from wide"),
    **{f"simulate, {name}": ("simulate", "{file}", "--replications", "2", "--engine", name) for name in ENGINES},
}
WORKING = COMMANDS.keys() - {"--help", "--version", "simulate --help", "app --help"}
READING = {"results", "results QUERY"}
IMPORTING = {"import", "import --show"}
FITTING = {"backtest", "fit"}
"""Commands that read a history and fit distributions to it."""
FORECASTING = {"forecast"}
"""statsmodels loads pandas and nearly all of SciPy."""
PLAYING = WORKING - {"erlang", "erlang --patience", "check"} - READING - IMPORTING - FORECASTING
KEEPING = {"batch", "batch --dry-run", *READING}
"""Commands that make or read the Parquet file of a case."""
REPORT = "Date,Offered\n2026-11-23,12\n2026-11-24,14\n"
WEEKS = "Date,Offered\n" + "".join(f"2026-01-{day:02},{100 + day % 7 * 10 + day % 3}\n" for day in range(1, 32))
NONE_OF_THESE: set[str] = set()

MAY_LOAD = {
    "numpy": WORKING,
    "pydantic": WORKING,  # Typer reads options with it, `scenario` reads files
    "rich": WORKING,
    "holidays": WORKING - {"erlang", "erlang --patience", "backtest"} - IMPORTING,
    "scipy.special": WORKING - {"erlang"} - IMPORTING,
    "scipy.optimize": {"plan"} | FITTING | FORECASTING,  # HiGHS; likelihoods
    "scipy.stats": FITTING | FORECASTING,
    "statsmodels": FORECASTING,
    "simpy": PLAYING - {"simulate, compiled", "plan"} - FITTING,
    "numba": PLAYING | READING,  # for `measures`, whichever engine plays
    "platformdirs": PLAYING | READING,
    "pandas": KEEPING
    | IMPORTING
    | FITTING
    | FORECASTING,  # loaded by pyarrow; for others --out alone needs it, as the rest
    "pyarrow": KEEPING | IMPORTING | FITTING | FORECASTING,
    "openpyxl": {"plan"} | READING,  # which may write workbooks; `import` loads it when it reads one
    "dask": NONE_OF_THESE,  # nor distributed, which loads it, but for `batch --dask`
    "distributed": NONE_OF_THESE,
    "duckdb": READING,
    "altair": NONE_OF_THESE,
    "vl_convert": NONE_OF_THESE,
    "streamlit": NONE_OF_THESE,  # but `app`, when it runs
}
"""Package that takes long to import -> commands that may; whoever runs another has not asked for what it does."""


def loaded(*arguments: str, first: str = "") -> set[str]:
    """The modules that a run of the command has imported by its end."""
    imports = "import sys\nfrom simulator.cli.program import main"
    code = f"{first}\n{imports}\ntry:\n    main()\nfinally:\n    print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return set(result.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_imports_no_slow_package_that_it_does_not_need(command: str, tmp_path: Path) -> None:
    places = {"file": written(tmp_path), "batch": written(tmp_path, BATCH, "batch.toml"), "out": tmp_path / "out"}
    places["shop"], places["contract"], _ = price_files(tmp_path)
    places["report"], places["history"] = written(tmp_path, REPORT, "report.csv"), tmp_path / "history"
    places["weeks"] = written(tmp_path, WEEKS, "weeks.csv")
    if command in FITTING:
        places["calls"], places["fitted"] = tmp_path / "calls", tmp_path / "fitted.toml"
        write_imported(places["calls"], Imported(calls=logged_calls(Centre(calls_a_day=60.0, agents=4, both=4), 3)))
    if command in READING:
        run_batch(read_batch(places["batch"]), tmp_path / "results")
        places["results"] = tmp_path / "results"
    found = loaded(*(argument.format(**places) for argument in COMMANDS[command]))
    assert "simulator.cli.program" in found
    assert [package for package, commands in MAY_LOAD.items() if package in found and command not in commands] == []


def test_an_import_at_the_top_would_be_noticed() -> None:
    assert "simpy" in loaded("--help", first="import simpy")


def test_every_command_is_in_the_table() -> None:
    commands = {
        command.name or command.callback.__name__ for command in program.registered_commands if command.callback
    }
    assert commands == {arguments[0] for arguments in COMMANDS.values()} - {"--help", "--version"}
