"""`ruuhka fit`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from simulator.cli.backtest import parse_target
from simulator.cli.console import output, status
from simulator.cli.failures import DONE, NOT_REACHED, BadInputError
from simulator.cli.play import announce_compiling
from simulator.durable import write_durably
from simulator.engine import DEFAULT_ENGINE
from simulator.history.backtest.window import parse_window
from simulator.history.errors import ReportError
from simulator.history.fitted_scenario import FitError, Wishes, fit_history, scenario_text
from simulator.history.fitted_scenario.country import holidays_of
from simulator.history.importing.imported import read_imported
from simulator.report.fitted.document import fit_document
from simulator.report.fitted.report import fit_report
from simulator.report.json_output import printed
from simulator.scenario.fields import NAME_PATTERN
from simulator.scenario.units import DAY, parse_duration

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.history.fitted_scenario import FittedScenario

_SHORTEST_INTERVAL = 300
_ANY_DAY = date(2026, 1, 1)
"""To ask whether there is such a country of holidays."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options ask for, as written."""

    days: str | None
    channel: str
    holidays: str | None
    interval: str
    groups: int
    target: str
    play: bool
    """Whether the scenario is played until customers wait as they did."""


def fit_command(history: Path, out: Path, report: Path | None, wanted: Wanted, *, force: bool, as_json: bool) -> int:
    """Fit a scenario to a history, write it, and show what was found; returns the exit code.

    Raises
    ------
    BadInputError
        If the history, an option or a file that is to be written is refused.
    """
    files = (("--out", out), *(("--report", path) for path in _report_files(report)))
    for number, (option, path) in enumerate(files):  # before the work is done
        _check_target(option, path, force=force)
        if path.resolve() in {other.resolve() for _, other in files[:number]}:
            message = "scenario, page and its document (.json beside the page) would be one file; name different ones."
            raise BadInputError(f"{option} {path}: {message}")
    wishes, days = _wishes(wanted), _days(wanted.days)
    try:
        imported = read_imported(history)
        if wanted.play and not as_json:
            announce_compiling(DEFAULT_ENGINE)
        with status("Fitting", silent=as_json) as tell:
            fit = fit_history(imported, wishes, days, play=wanted.play, on_stage=tell)
    except ReportError as error:
        raise BadInputError(str(error)) from None
    except FitError as error:
        asked = f", --days {wanted.days}" if days else ""
        raise BadInputError(f"{history}{asked}: {error}") from None
    _write(fit, out, report)
    attained = fit.level is None or fit.level.reached
    code = DONE if attained else NOT_REACHED
    if as_json:
        print(printed(fit_document(fit)))
        return code
    console = output()
    console.print(fit_report(fit))
    pictures = f"; the pictures are in {report}" if report else ""
    caution = "" if attained else " Its customers do not wait as the team's did: mend it before you plan with it."
    console.print(f"\nThe scenario is in {out}{pictures}.{caution}", soft_wrap=True)
    return code


def _report_files(report: Path | None) -> tuple[Path, ...]:
    """The page and, beside it, the document."""
    return () if report is None else (report, report.with_suffix(".json"))


def _check_target(option: str, path: Path, *, force: bool) -> None:
    if path.is_dir() or not path.parent.is_dir():
        raise BadInputError(f"{option} {path}: name a file in a folder that is there.")
    if path.exists() and not force:
        raise BadInputError(f"{option} {path}: there is such a file; --force replaces it.")


def _days(text: str | None) -> tuple[date, date] | None:
    if text is None:
        return None
    try:
        window = parse_window(text)
    except ValueError as error:
        raise BadInputError(f"--days {error}") from None
    return window.first, window.last


def _wishes(wanted: Wanted) -> Wishes:
    """What the options ask for.

    Raises
    ------
    BadInputError
        If an option is none of what is allowed.
    """
    if not re.fullmatch(NAME_PATTERN.strip("^$"), wanted.channel):
        raise BadInputError(f'--channel "{wanted.channel}": use letters a-z, digits, - and _, at most 60.')
    try:
        interval = parse_duration(wanted.interval)
        if interval < _SHORTEST_INTERVAL or DAY % interval:
            raise ValueError
    except ValueError:
        message = f'--interval "{wanted.interval}": it must divide the day, such as 15 min, 30 min or 1 h.'
        raise BadInputError(message) from None
    target = parse_target(wanted.target)
    try:
        holidays_of(wanted.holidays).between(_ANY_DAY, _ANY_DAY)
    except ValueError as error:
        raise BadInputError(f"--holidays: {error}") from None
    return Wishes(
        channel=wanted.channel,
        holidays=wanted.holidays,
        interval=int(interval),
        groups=wanted.groups,
        answered=target.share,
        within=target.within,
    )


def _write(fit: FittedScenario, out: Path, report: Path | None) -> None:
    """Write scenario, page and document, each whole or not at all.

    Raises
    ------
    BadInputError
        If one cannot be written.
    """
    files = [("--out", out, scenario_text(fit.fields))]
    if report is not None:
        from simulator.charts.goodness.page import fit_page  # the drawing is slow to import

        documents = fit_page(fit), f"{printed(fit_document(fit))}\n"
        files += [("--report", *file) for file in zip(_report_files(report), documents, strict=True)]
    for option, path, text in files:
        try:
            write_durably(path, text.encode())
        except OSError as error:
            message = f"{option} {path}: it cannot be written: {error.strerror or error}."
            raise BadInputError(message) from None
