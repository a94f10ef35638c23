"""Staffing and results for a spreadsheet: sheets of an xlsx workbook, and one long CSV table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulator.language import say
from simulator.measures import MEASURES, PERCENTS, Duration
from simulator.report.files import AGENTS_BY_INTERVAL, BY_INTERVAL, along, csv_bytes
from simulator.report.staffing_file import TIME, staffing_frame
from simulator.report.workbook import Column, Sheet, xlsx
from simulator.scenario.units import format_clock
from simulator.words import channel_target_words, confidence_words, horizon_words, run_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simulator.experiment import Estimate, Experiment
    from simulator.measures import Axis, Measure, Unit
    from simulator.scenario.model import Scenario

    _Axes = Mapping[Axis, tuple[str, Sequence[str]]]
    """What measures are split by: axis -> its name on the sheet, and those of its places."""

FORMATS: Mapping[Unit, str] = {
    "count": "#,##0.0",
    "share": "0.0%",
    "seconds": "#,##0.0",
    "hours": "#,##0.0",
    "erlang": "0.00",
    "agents": "0.00",
    "contacts per agent": "0.00",
    "contacts per enquiry": "0.00",
    "currency": "#,##0.00",
}


def staffing_xlsx(scenario: Scenario) -> bytes:
    """The staffing of all groups as a workbook."""
    return xlsx([staffing_sheet(scenario)])


def results_xlsx(experiment: Experiment, change: str = "") -> bytes:
    """Results as a workbook: by channel, day and interval, by group, with half-widths and formulas.

    `change` says what differs from the scenario file. Words are in the spoken language.
    """
    return xlsx(result_sheets(experiment, change))


def results_csv(experiment: Experiment) -> bytes:
    """The measures of the channels as one table: a row for each channel, period and measure.

    Periods are the horizon, each day and each interval.
    """
    scenario = experiment.scenario
    channels = [channel.name for channel in scenario.channels]
    days = [day.isoformat() for day in scenario.calendar.date_of_day]
    starts = local_times(scenario)
    of_channels = [measure for measure in MEASURES.values() if measure.about == "contacts"]
    frames = [
        along(experiment, of_channels, channel=channels).assign(period="horizon", start=days[0]),
        along(experiment, of_channels, channel=channels, day=days)
        .assign(period="day")
        .rename(columns={"day": "start"}),
        along(experiment, _by_interval(experiment), channel=channels, interval=starts)
        .assign(period="interval")
        .rename(columns={"interval": "start"}),
    ]
    whole = pd.concat(frames, ignore_index=True)
    whole["half_width"] = (whole["high"] - whole["low"]) / 2
    columns = ["channel", "period", "start", "measure", "unit", "value", "half_width", "low", "high"]
    return csv_bytes(whole[columns])


def result_sheets(experiment: Experiment, change: str = "") -> Iterator[Sheet]:
    """The sheets of `results_xlsx`."""
    scenario = experiment.scenario
    channels = [channel.title for channel in scenario.channels]
    groups = [group.title for group in scenario.groups]
    days = [day.isoformat() for day in scenario.calendar.date_of_day]
    starts = local_times(scenario)
    of_channels = [measure for measure in MEASURES.values() if measure.about == "contacts"]
    of_agents = [measure for measure in MEASURES.values() if measure.about == "agents"]
    of_centre = [measure for measure in MEASURES.values() if measure.about == "centre"]
    agents_by_interval = [MEASURES[name] for name in AGENTS_BY_INTERVAL]
    channel, day, interval, group = (say(f"sheets.column.{name}") for name in ("channel", "day", "interval", "group"))
    yield _about(experiment, change)
    yield _waits(experiment, channel, channels)
    yield _sheet(experiment, say("sheets.title.channels"), of_channels, {"channel": (channel, channels)})
    by_day: _Axes = {"channel": (channel, channels), "day": (day, days)}
    yield _sheet(experiment, say("sheets.title.days"), of_channels, by_day)
    by_interval: _Axes = {"channel": (channel, channels), "interval": (interval, starts)}
    yield _sheet(experiment, say("sheets.title.intervals"), _by_interval(experiment), by_interval)
    yield _sheet(experiment, say("sheets.title.groups"), of_agents, {"group": (group, groups)})
    by_group: _Axes = {"group": (group, groups), "interval": (interval, starts)}
    yield _sheet(experiment, say("sheets.title.group_intervals"), agents_by_interval, by_group)
    yield _sheet(experiment, say("sheets.title.centre"), of_centre, {})
    yield staffing_sheet(scenario)
    yield _formulas(scenario.currency)


def staffing_sheet(scenario: Scenario) -> Sheet:
    """Agents planned, a column for each group."""
    frame = staffing_frame(scenario)
    titles = [group.title for group in scenario.groups]
    columns = [Column(say("sheets.column.interval")), *(Column(title, "0") for title in titles)]
    numbers = zip(frame[TIME], *(frame.iloc[:, place + 1].tolist() for place in range(len(titles))), strict=True)
    return Sheet(say("sheets.title.staffing"), columns, list(numbers))


def _sheet(experiment: Experiment, title: str, measures: Sequence[Measure], axes: _Axes) -> Sheet:
    """Measures side by side, each with its half-width, along axes; rows in which nothing ever happens are left out."""
    estimates = [experiment.estimate(measure, tuple(axes)) for measure in measures]
    columns = [Column(name) for name, _ in axes.values()]
    for measure in measures:
        columns += _columns(measure.title, measure.unit, experiment.scenario.currency)
    figures = np.stack([part for each in estimates for part in (each.value, each.half_width)], axis=-1)
    happens = np.asarray(np.nan_to_num(figures).any(axis=-1))
    names = [values for _, values in axes.values()]
    rows = [
        [*(values[k] for values, k in zip(names, place, strict=True)), *figures[place].tolist()]
        for place in np.ndindex(*happens.shape)
        if happens[place]
    ]
    return Sheet(title, columns, rows, len(axes))


def _waits(experiment: Experiment, channel: str, channels: Sequence[str]) -> Sheet:
    """Quantiles of the wait, or of the time to finish, and what became of the target."""
    waits = experiment.wait_quantiles(Duration.WAIT)
    finished = experiment.wait_quantiles(Duration.TIME_TO_FINISH)
    columns = [Column(channel), Column(say("sheets.column.target"))]
    for percent in PERCENTS:
        columns += _columns(say("sheets.quantile", percent=str(percent)), "seconds", "")
    columns += _columns(say("sheets.attained"), "share", "")
    columns += [Column(say(f"sheets.met.{name}"), FORMATS["share"]) for name in ("value", "low", "high")]
    rows: list[list[str | float]] = []
    for c, each in enumerate(experiment.scenario.channels):
        quantiles = finished if each.kind == "deferred" else waits
        target = experiment.targets[c]
        figures = [part for place in range(len(PERCENTS)) for part in _figures(quantiles, (c, place))]
        met = (float(part) for part in (target.met.value, target.met.low, target.met.high))
        rows.append([channels[c], channel_target_words(each), *figures, *_figures(target.attained, ()), *met])
    return Sheet(say("sheets.title.waits"), columns, rows)


def _about(experiment: Experiment, change: str) -> Sheet:
    scenario = experiment.scenario
    facts = [
        (say("sheets.about.scenario"), scenario.title),
        (say("sheets.about.horizon"), horizon_words(scenario.calendar)),
        (say("sheets.about.run"), run_words(experiment)),
        (say("sheets.about.uncertainty"), say("sheets.about.half_widths", confidence=confidence_words())),
        (say("sheets.about.units"), say("sheets.about.seconds")),
    ]
    if change:
        facts.insert(1, (say("sheets.about.change"), change))
    if scenario.content_hash:
        facts.append((say("sheets.about.content"), scenario.content_hash))
    return Sheet(say("sheets.title.about"), [Column(say("sheets.about.what")), Column("")], facts)


def _formulas(currency: str) -> Sheet:
    columns = [Column(say(f"sheets.column.{name}")) for name in ("measure", "unit", "formula", "name")]
    rows = [
        (measure.title, _unit(measure.unit, currency), measure.formula, measure.name) for measure in MEASURES.values()
    ]
    return Sheet(say("sheets.title.formulas"), columns, rows)


def _columns(title: str, unit: Unit, currency: str) -> list[Column]:
    """The columns of a figure and of its half-width."""
    words = _unit(unit, currency)
    whole = say("sheets.figure", measure=title, unit=words) if words else title
    return [Column(whole, FORMATS[unit]), Column(f"± {whole}", FORMATS[unit])]


def _unit(unit: Unit, currency: str) -> str:
    if unit == "currency":
        return currency
    return "" if unit == "count" else say(f"sheets.unit.{unit}")


def _figures(estimate: Estimate, place: tuple[int, ...]) -> tuple[float, float]:
    return float(estimate.value[place]), float(estimate.half_width[place])


def _by_interval(experiment: Experiment) -> list[Measure]:
    """The measures that are worth a figure for each interval."""
    targets = {result.measure.name for result in experiment.targets}
    return [MEASURES[name] for name in (*BY_INTERVAL, *sorted(targets))]


def local_times(scenario: Scenario) -> list[str]:
    """[interval] Local start, 2026-11-23 08:15."""
    calendar = scenario.calendar
    return [
        f"{calendar.date_of_day[day]} {format_clock(clock)}"
        for day, clock in zip(calendar.day_of_interval.tolist(), calendar.clock_of_interval.tolist(), strict=True)
    ]
