"""`ruuhka fit`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.cli.backtest import calls_of, parse_target
from simulator.cli.console import output, status
from simulator.cli.failures import DONE, BadInputError
from simulator.cli.play import announce_compiling
from simulator.durable import write_durably
from simulator.engine import DEFAULT_ENGINE
from simulator.history.backtest.window import parse_window
from simulator.history.errors import ReportError
from simulator.history.fitted import (
    Wishes,
    calls_fields,
    country_of,
    fit_calls,
    holidays_of,
    level_of,
    of_days,
    scenario_text,
)
from simulator.report.fitted.document import fit_document
from simulator.report.fitted.report import fit_report
from simulator.report.json_output import printed
from simulator.scenario.fields import NAME_PATTERN
from simulator.scenario.units import parse_duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.history.fitted import CallsFit, Level, SourcedField
    from simulator.history.logs import Calls

NONE = "none"
_START = 0.9
"""Availability to begin with."""


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


def fit_command(
    history: Sequence[Path],
    mapping: Path | None,
    out: Path,
    report: Path | None,
    wanted: Wanted,
    *,
    force: bool,
    as_json: bool,
) -> int:
    """Fit a scenario to a history, write it, and show what was found; returns the exit code.

    Raises
    ------
    BadInputError
        If the history, an option or a file that is to be written is refused.
    """
    for option, path in (("--out", out), ("--report", report)):
        _check_target(option, path, force=force)  # before the work is done
    try:
        calls = _of_days(calls_of(history, mapping), wanted.days)
        wishes = _wishes(calls, wanted)
        if wanted.play and not as_json:
            announce_compiling(DEFAULT_ENGINE)
        with status("Fitting", silent=as_json) as tell:
            try:
                fit = fit_calls(calls, wishes, tell)
            except ValueError as error:
                raise BadInputError(f"{history[0]}: {error}") from None
            level = None
            if wanted.play:
                tell("playing the scenario")
                level = level_of(fit, _START)
    except ReportError as error:
        raise BadInputError(str(error)) from None
    fields = calls_fields(fit, level.availability if level else 1.0)
    _write(fit, level, fields, out, report)
    if as_json:
        print(printed(fit_document(fit, level, fields)))
        return DONE
    console = output()
    console.print(fit_report(fit.observed, level, fields))
    console.print(
        f"\nThe scenario is in {out}" + (f", the pictures are in {report}." if report else "."), soft_wrap=True
    )
    return DONE


def _check_target(option: str, path: Path | None, *, force: bool) -> None:
    if path is None:
        return
    if path.is_dir() or not path.parent.is_dir():
        raise BadInputError(f"{option} {path}: name a file in a folder that is there.")
    if path.exists() and not force:
        raise BadInputError(f"{option} {path}: there is such a file; --force replaces it.")


def _of_days(calls: Calls, text: str | None) -> Calls:
    if text is None:
        return calls
    try:
        window = parse_window(text)
    except ValueError as error:
        raise BadInputError(f"--days {error}") from None
    kept = of_days(calls, window.first, window.last)
    if not len(kept):
        raise BadInputError(f"--days {text}: there is not one call on these days.")
    return kept


def _wishes(calls: Calls, wanted: Wanted) -> Wishes:
    """What the options ask for.

    Raises
    ------
    BadInputError
        If an option is none of what is allowed.
    """
    from datetime import date

    if not re.fullmatch(NAME_PATTERN.strip("^$"), wanted.channel):
        raise BadInputError(f'--channel "{wanted.channel}": use letters a-z, digits, - and _, at most 60.')
    try:
        interval = parse_duration(wanted.interval)
        if interval < 300 or 86_400 % interval:
            raise ValueError
    except ValueError:
        message = f'--interval "{wanted.interval}": it must divide the day, such as 15 min, 30 min or 1 h.'
        raise BadInputError(message) from None
    first, last = (date.fromordinal(int(day)) for day in (calls.day.min(), calls.day.max()))
    country = wanted.holidays
    if country is None:
        country = country_of(calls.timezone, first, last) or NONE
    target = parse_target(wanted.target)
    wishes = Wishes(
        channel=wanted.channel,
        holidays=None if country == NONE else country,
        interval=int(interval),
        groups=wanted.groups,
        answered=target.share,
        within=target.within,
    )
    try:
        holidays_of(wishes.holidays).between(first, last)
    except ValueError as error:
        raise BadInputError(f"--holidays: {error}") from None
    return wishes


def _write(fit: CallsFit, level: Level | None, fields: Sequence[SourcedField], out: Path, report: Path | None) -> None:
    """Write scenario, page and document, each whole or not at all.

    Raises
    ------
    BadInputError
        If one cannot be written.
    """
    try:
        write_durably(out, scenario_text(fields).encode())
        if report is not None:
            from simulator.charts.goodness.page import fit_page  # the drawing is slow to import

            write_durably(report, fit_page(fit, level, fields).encode())
            document = printed(fit_document(fit, level, fields)) + "\n"
            write_durably(report.with_suffix(".json"), document.encode())
    except OSError as error:
        raise BadInputError(f"{error.filename or out}: it cannot be written: {error.strerror or error}.") from None
