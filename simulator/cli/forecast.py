"""`ruuhka forecast`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simulator.cli.console import output, progress
from simulator.cli.counted import Counted, counts_of_history
from simulator.cli.failures import DONE, BadInputError
from simulator.cli.options import share
from simulator.history.errors import ReportError
from simulator.history.forecast import (
    ForecastError,
    check_statsmodels,
    dated_volumes,
    forecast,
    forecast_overrides,
    forecast_sources,
    read_events,
)
from simulator.report.folder import ResultFolderError, check_result_folder, result_folder
from simulator.report.forecast.document import forecasts_document
from simulator.report.forecast.report import forecast_report
from simulator.report.json_output import printed
from simulator.scenario import ScenarioError
from simulator.scenario.named_files import named_files
from simulator.scenario.source import read_source
from simulator.scenario.units import DAY, parse_duration

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from simulator.history.estimators.counts import Counts
    from simulator.history.forecast import Event, Forecast
    from simulator.scenario.calendar import Holidays

NONE = "none"
TOGETHER = "all"
"""Name of the forecast of all channels as one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options ask for, as written."""

    timezone: str | None
    channels: Sequence[str]
    horizon: str
    step: str | None
    holidays: str | None
    events: Path | None
    confidence: str
    into: Path | None
    channel_into: str | None


def forecast_command(
    history: Sequence[Path],
    mapping: Path | None,
    wanted: Wanted,
    out: Path | None,
    *,
    force: bool,
    as_json: bool,
) -> int:
    """Forecast a history and show it; returns the exit code.

    Raises
    ------
    BadInputError
        If the history, an option, the events, the scenario or the folder for results is refused.
    """
    days, confidence = _horizon(wanted.horizon), _confidence(wanted.confidence)
    try:
        check_statsmodels()
        if out is not None:
            check_result_folder(out, force=force)  # before the work is done
        into = _channel_into(wanted, out)
        events = () if wanted.events is None else read_events(wanted.events)
        counted = counts_of_history(history, mapping, wanted.timezone, wanted.step, wanted.channels)
        holidays = _holidays(wanted.holidays, counted)
        with progress("Forecasting", silent=as_json) as report:
            forecasts = _forecasts(counted.counts, wanted.channels, days, holidays, events, confidence, report)
        if out is not None:
            write(forecasts, out, history, counted.timezone, wanted.into, into, force=force)
    except ResultFolderError as error:
        msg = f"--out {error}"
        raise BadInputError(msg) from None
    except (ReportError, ScenarioError, ForecastError) as error:
        raise BadInputError(str(error)) from None
    if as_json:
        print(printed({"kind": counted.kind, "left_aside": counted.left_aside} | forecasts_document(forecasts)))
        return DONE
    console = output()
    for each in forecasts:
        console.print(forecast_report(each))
    if told := counted.words():
        console.print(told)
    if out is not None:
        console.print(f"Page (HTML), JSON, days and intervals (CSV) and manifest are in {out}.", soft_wrap=True)
    return DONE


def write(
    forecasts: Sequence[Forecast],
    out: Path,
    history: Sequence[Path],
    timezone: str,
    scenario: Path | None,
    channel: str,
    *,
    force: bool,
) -> None:
    """Write page, JSON, tables and manifest, and the scenario with the forecast, all or nothing.

    Raises
    ------
    ResultFolderError
        If they cannot be written there.
    ScenarioError
        If the scenario with the forecast in it is refused.
    """
    from simulator.charts.forecast import forecast_charts
    from simulator.charts.standalone import standalone
    from simulator.report.forecast.files import write_forecasts
    from simulator.report.forecast.page import figures_html, page_title
    from simulator.scenario.saving import scenario_text

    names = [path.name for path in history]
    with result_folder(out, force=force) as folder:
        if scenario is not None:
            file = f"{channel}-forecast.csv"
            overrides = forecast_overrides(forecasts[0], channel, file)
            (folder / file).write_bytes(dated_volumes(forecasts[0], timezone))
            sources = forecast_sources(forecasts[0], channel, names)
            moved = _with_its_files(scenario, folder, overrides)
            text = scenario_text(scenario.read_text(encoding="utf-8"), moved, sources)
            (folder / scenario.name).write_text(text, encoding="utf-8")
            _check(folder / scenario.name, out)  # what is refused is not left behind
        page = standalone(page_title(forecasts), figures_html(forecasts), forecast_charts(forecasts))
        write_forecasts(forecasts, folder, page, names)


def _with_its_files(scenario: Path, folder: Path, overrides: Mapping[str, object]) -> dict[str, object]:
    """The overrides, and those of the files that other fields of a scenario name: they are copied into the folder."""
    moved = dict(overrides)
    taken: dict[str, Path] = {}
    for field, place in named_files(scenario, read_source(scenario).raw).items():
        if any(field.startswith(f"{changed}.") for changed in overrides):
            continue
        name, number = f"{scenario.stem}-{place.name}", 2
        while (folder / name).exists() and taken.get(name) != place:
            name, number = f"{scenario.stem}-{number}-{place.name}", number + 1
        if name not in taken:
            (folder / name).write_bytes(place.read_bytes())
            taken[name] = place
        moved[field] = name
    return moved


def _check(scenario: Path, out: Path) -> None:
    """Load a scenario of a folder that is about to become `out`, by which name problems know it.

    Raises
    ------
    ScenarioError
        If it is refused.
    """
    from simulator.scenario import load_scenario

    try:
        load_scenario(scenario)
    except ScenarioError as error:
        draft, known = str(scenario.parent), str(out)
        raise ScenarioError(
            replace(each, message=each.message.replace(draft, known), file=each.file.replace(draft, known))
            for each in error.problems
        ) from None


def _forecasts(
    counts: Counts,
    channels: Sequence[str],
    days: int,
    holidays: Holidays,
    events: Sequence[Event],
    confidence: float,
    report: Callable[[int, int], None],
) -> list[Forecast]:
    """One for each channel asked for, or one of all together."""
    wanted = [(name, [name]) for name in dict.fromkeys(channels)] or [(_together(counts), list(counts.names))]
    made: list[Forecast] = []
    for done, (name, together) in enumerate(wanted):

        def tell(origin: int, of: int, done: int = done) -> None:
            report(done * of + origin, len(wanted) * of)

        made.append(
            forecast(
                counts,
                days,
                channels=together,
                name=name,
                holidays=holidays,
                events=events,
                confidence=confidence,
                on_origin=tell,
            )
        )
    return made


def _together(counts: Counts) -> str:
    return counts.names[0] if len(counts.names) == 1 else TOGETHER


def _holidays(country: str | None, counted: Counted) -> Holidays:
    """Those asked for, or those of the country of the time zone."""
    from simulator.history.fitted_scenario.country import country_of, holidays_of

    first, last = counted.counts.dates[0], counted.counts.dates[-1]
    if country is None:
        country = country_of(counted.timezone, first, last) or NONE
    try:
        found = holidays_of(None if country == NONE else country)
        found.between(first, last)
    except ValueError as error:
        raise BadInputError(f"--holidays: {error}") from None
    return found


def _channel_into(wanted: Wanted, out: Path | None) -> str:
    """The channel of the scenario that gets the forecast; nothing if there is no scenario."""
    if wanted.into is None:
        return ""
    if out is None:
        raise BadInputError("--into: say in --out where the scenario is to be written.")
    if len(wanted.channels) > 1:
        raise BadInputError("--into: one forecast goes into a scenario; name one --channel, or none.")
    channels = read_source(wanted.into).raw.get("channels")
    names = list(channels) if isinstance(channels, dict) else []
    channel = wanted.channel_into if wanted.channel_into is not None or len(names) != 1 else names[0]
    if channel is None or channel not in names:
        msg = f"--as: say which channel of the scenario gets the forecast: {', '.join(names)}."
        raise BadInputError(msg)
    return channel


def _horizon(text: str) -> int:
    try:
        seconds = parse_duration(text)
    except ValueError as error:
        raise BadInputError(f"--horizon: {error}") from None
    if seconds % DAY or not seconds:
        msg = f'--horizon "{text}": write whole days, as in "4 wk" or "10 d".'
        raise BadInputError(msg)
    return int(seconds // DAY)


def _confidence(text: str) -> float:
    value = share("--confidence", text)
    if value is None or not 0 < value < 1:
        msg = f'--confidence "{text}": write more than 0 % and less than 100 %, as in "90 %".'
        raise BadInputError(msg)
    return value
