"""`ruuhka backtest`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.cli.console import output, progress
from simulator.cli.failures import DONE, BadInputError
from simulator.cli.play import announce_compiling
from simulator.engine import DEFAULT_ENGINE
from simulator.experiment import usable_processors
from simulator.history.backtest import (
    FOLDS,
    REPLICATIONS,
    BackTestError,
    Target,
    backtest,
    parse_window,
    windows_of,
)
from simulator.history.errors import ReportError
from simulator.report.backtest.document import backtest_document
from simulator.report.backtest.report import backtest_report
from simulator.report.folder import ResultFolderError, check_result_folder, result_folder
from simulator.report.json_output import printed
from simulator.scenario.units import parse_duration, parse_share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.cli.options import Run
    from simulator.history.backtest import BackTest, Window
    from simulator.history.backtest.day import Arrivals
    from simulator.history.logs import Calls

ARRIVALS: tuple[Arrivals, ...] = ("real", "forecast")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options ask for, as written."""

    train: str | None
    test: str | None
    target: str
    arrivals: str
    error: bool
    """Whether the model's error is looked at."""


def backtest_command(
    history: Sequence[Path],
    mapping: Path | None,
    wanted: Wanted,
    how: Run,
    out: Path | None,
    *,
    force: bool,
    as_json: bool,
) -> int:
    """Play days that are over and show how they compare with what happened; returns the exit code.

    Raises
    ------
    BadInputError
        If the history, an option or the folder for results is refused.
    """
    target, arrivals = parse_target(wanted.target), _arrivals(wanted.arrivals)
    asked = [_window(option, text) for option, text in (("--train", wanted.train), ("--test", wanted.test))]
    try:
        if out is not None:
            check_result_folder(out, force=force)  # before the work is done
        calls = calls_of(history, mapping)
        train, test = windows_of(calls, *asked)
        if not as_json:
            announce_compiling(DEFAULT_ENGINE)
        with progress("Playing days", silent=as_json) as report:
            played = backtest(
                calls,
                train,
                test,
                target,
                arrivals=arrivals,
                replications=how.replications or REPLICATIONS,
                seed=1 if how.seed is None else how.seed,
                workers=how.workers or usable_processors(),
                folds=FOLDS if wanted.error else 0,
                on_day=report,
            )
        if out is not None:
            write(played, out, history, force=force)
    except ResultFolderError as error:
        msg = f"--out {error}"
        raise BadInputError(msg) from None
    except ReportError as error:
        raise BadInputError(str(error)) from None
    except BackTestError as error:
        msg = f"--train, --test: {error}"
        raise BadInputError(msg) from None
    if as_json:
        print(printed(backtest_document(played)))
        return DONE
    console = output()
    console.print(backtest_report(played))
    if out is not None:
        console.print(f"Page (HTML), JSON, every cell (CSV) and manifest are in {out}.", soft_wrap=True)
    return DONE


def calls_of(history: Sequence[Path], mapping: Path | None) -> Calls:
    """The calls of a folder that `ruuhka import` wrote, or of log files that a mapping explains.

    What became of the rows of files is told on the standard error stream if not all of them were kept.

    Raises
    ------
    BadInputError
        If it is neither, or there are no calls in it.
    ReportError
        If the folder, a log or the mapping is refused.
    """
    from simulator.history.importing.imported import read_imported
    from simulator.history.importing.mapping_file import kind_of, read_mapping
    from simulator.history.importing.quality_document import document_of_quality
    from simulator.history.logs.mapping import CallMapping
    from simulator.history.logs.read_calls import read_calls
    from simulator.report.imported import rows_words

    if mapping is None:
        if len(history) > 1 or not history[0].is_dir():
            msg = (
                f"{history[0]}: name one folder that ruuhka import wrote, or files of a log with --mapping, a file "
                "that says what their columns hold."
            )
            raise BadInputError(msg)
        calls = read_imported(history[0]).calls
        if calls is None:
            msg = f"{history[0]}: it holds no calls, one by one; only these can be back-tested."
            raise BadInputError(msg)
        return calls
    explained = read_mapping(mapping)
    if not isinstance(explained, CallMapping):
        msg = f'--mapping {mapping}: it is of the kind "{kind_of(explained)}"; only "calls" can be back-tested.'
        raise BadInputError(msg)
    calls, quality = read_calls([(path.name, path) for path in history], explained)
    if quality.kept < quality.read:
        print(f"{rows_words(document_of_quality(quality))} ruuhka import says why.", file=sys.stderr)
    return calls


def write(test: BackTest, out: Path, history: Sequence[Path], *, force: bool) -> None:
    """Write page, JSON, tables and manifest, all or nothing.

    Raises
    ------
    ResultFolderError
        If they cannot be written there.
    """
    from simulator.report.backtest.files import write_backtest

    with result_folder(out, force=force) as folder:
        write_backtest(test, folder, [path.name for path in history])


def parse_target(text: str) -> Target:
    """Read "80/20" or "80 % / 20 s".

    Raises
    ------
    BadInputError
        If it is no target.
    """
    share, slash, within = (part.strip() for part in text.partition("/"))
    try:
        if not slash:
            raise ValueError
        target = Target(
            parse_share(share if share.endswith("%") else f"{share} %"),
            parse_duration(f"{within} s" if within.replace(".", "", 1).isdigit() else within),
        )
    except ValueError:
        msg = f'--target "{text}": write percent, from 0 to 100, and seconds, as in 80/20.'
        raise BadInputError(msg) from None
    return target


def _arrivals(text: str) -> Arrivals:
    found = next((each for each in ARRIVALS if each == text), None)
    if found is None:
        msg = f'--arrivals "{text}": there is {" and ".join(ARRIVALS)}.'
        raise BadInputError(msg)
    return found


def _window(option: str, text: str | None) -> Window | None:
    try:
        return None if text is None else parse_window(text)
    except ValueError as error:
        msg = f"{option} {error}"
        raise BadInputError(msg) from None
