"""What `ruuhka simulate` prints: queue times per channel, when it is worst, what the agents did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Group as Lines
from rich.text import Text

from simulator.experiment import CONFIDENCE
from simulator.experiment.estimate import symmetric_estimate
from simulator.experiment.formula import FormulaFigures, formula_figures
from simulator.experiment.volumes import COUNTED, volumes_beside_file
from simulator.experiment.worst import worst_intervals
from simulator.language import NOTHING
from simulator.measures import MEASURES, PERCENTS, Duration, ratio
from simulator.report.customer_classes import classes_table
from simulator.report.customers import ENQUIRIES_EXPLAINED, customers_table, enquiries_table, measures_of_customers
from simulator.report.money import money_measures, money_table
from simulator.report.moved import diverted_table
from simulator.report.sparkline import sparkline
from simulator.report.tables import new_table
from simulator.scenario.units import format_duration
from simulator.words import (
    day_words,
    estimate_text,
    formula_words,
    grid_words,
    probability_text,
    replications_words,
    run_words,
    step_words,
    target_words,
    time_text,
    value_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from rich.console import RenderableType
    from rich.table import Table

    from simulator.experiment import Experiment

MEDIAN, NINE_IN_TEN = PERCENTS.index(50), PERCENTS.index(90)
OF_BOTS = ("bot_share", "containment", "bounce", "bot_resolved", "net_deflection")
OF_GROUPS = ("occupancy", "utilisation", "concurrency", "overtime_hours", "cost")
WORST = 8
"""How many of the worst intervals are shown."""
MOST_DAYS = 14
"""Longest horizon that is shown day by day."""
MOST_BARS = 12
"""Bars in a day."""


def simulated(experiment: Experiment, change: str = "") -> RenderableType:
    """The whole report of one experiment; `change` says what differs from the scenario file."""
    scenario = experiment.scenario
    head = Text.assemble((scenario.title, "bold"), f"\n{grid_words(scenario.calendar)}\n{run_words(experiment)}")
    if change:
        head.append(f"\n{change}")
    tables = (
        live_table(experiment),
        deferred_table(experiment),
        classes_table(experiment),
        bot_table(experiment),
        enquiries_table(experiment),
        customers_table(experiment),
        diverted_table(experiment),
        *days_tables(experiment),
        worst_table(experiment),
        groups_table(experiment),
        money_table(experiment),
        formula_table(experiment),
        volumes_table(experiment),
    )
    parts: list[RenderableType] = [head]
    for table in tables:
        if table is not None:
            parts += [Text(), table]
    parts += [Text(), footnotes(experiment)]
    return Lines(*parts)


def live_table(experiment: Experiment) -> Table | None:
    """Queue times where customers wait."""
    scenario = experiment.scenario
    live = [c for c, channel in enumerate(scenario.channels) if channel.kind == "live"]
    if not live:
        return None
    table = new_table(
        "Queue times",
        *("channel", "contacts", "typical", "9 in 10", "ASA", "service level", "P(met)", "abandoned", "lost of all"),
    )
    waits = experiment.wait_quantiles(Duration.WAIT)
    arrived, asa, gave_up, lost = (
        experiment.estimate(name, ("channel",)) for name in ("arrived", "asa", "abandonment_ratio", "lost_share")
    )
    for c in live:
        target = experiment.targets[c]
        table.add_row(
            scenario.channels[c].title,
            estimate_text(arrived[c], "count"),
            estimate_text(waits[c, MEDIAN], "seconds"),
            estimate_text(waits[c, NINE_IN_TEN], "seconds"),
            estimate_text(asa[c], "seconds"),
            estimate_text(target.attained, "share"),
            probability_text(target.met),
            estimate_text(gave_up[c], "share"),
            estimate_text(lost[c], "share"),
        )
    return table


def deferred_table(experiment: Experiment) -> Table | None:
    """Where customers leave a message."""
    scenario = experiment.scenario
    deferred = [c for c, channel in enumerate(scenario.channels) if channel.kind == "deferred"]
    if not deferred:
        return None
    table = new_table(
        "Messages",
        *("channel", "contacts", "typical", "9 in 10", "fell due", "in time", "P(met)", "left", "oldest"),
    )
    arrived = experiment.estimate("arrived", ("channel",))
    fell_due = experiment.estimate("fell_due", ("channel",))
    times = experiment.wait_quantiles(Duration.TIME_TO_FINISH)
    items, _, oldest = experiment.backlog()
    for c in deferred:
        target = experiment.targets[c]
        table.add_row(
            scenario.channels[c].title,
            estimate_text(arrived[c], "count"),
            estimate_text(times[c, MEDIAN], "seconds"),
            estimate_text(times[c, NINE_IN_TEN], "seconds"),
            estimate_text(fell_due[c], "count"),
            estimate_text(target.attained, "share"),
            probability_text(target.met),
            estimate_text(items[c, -1], "count"),
            estimate_text(oldest[c, -1], "seconds"),
        )
    return table


def bot_table(experiment: Experiment) -> Table | None:
    """What the bots keep from the agents."""
    scenario = experiment.scenario
    bots = [c for c, channel in enumerate(scenario.channels) if channel.bot is not None]
    if not bots:
        return None
    table = new_table("Bot", "channel", "met the bot", "containment", "bounced", "resolved", "net deflection")
    measures = [experiment.estimate(name, ("channel",)) for name in OF_BOTS]
    for c in bots:
        table.add_row(scenario.channels[c].title, *(estimate_text(measure[c], "share") for measure in measures))
    return table


def days_tables(experiment: Experiment) -> Sequence[Table]:
    """P(target met) day by day, with the mean wait through each day as bars; a table a week, of two weeks at most."""
    scenario = experiment.scenario
    calendar = scenario.calendar
    daily = [result for result in experiment.targets if result.target.period == "day"]
    if not daily or not 2 <= calendar.days <= MOST_DAYS:
        return []
    waits = waits_by_clock(experiment)
    tables = []
    for days in (range(first, min(first + 7, calendar.days)) for first in range(0, calendar.days, 7)):
        table = new_table("P(target met) by day", "channel", *(day_words(calendar, day) for day in days))
        for result in daily:
            cells = (probability_text(result.met_by_period[day]).replace(" [", "\n[") for day in days)
            table.add_row(scenario.channels[result.channel].title, *cells)
        for c, wait in waits.bars.items():
            top = float(np.nanmax(wait, initial=0.0))
            bars = (sparkline(wait[day], top) if np.isfinite(wait[day]).any() else NOTHING for day in days)
            table.add_row(f"wait, {scenario.channels[c].title}", *bars)
        tables.append(table)
    if waits.bars:
        tables[-1].caption = f"Bars: mean wait of all, a bar {waits.step} h, {waits.begin:02d} to {waits.end:02d} h."
    return tables


@dataclass(frozen=True, slots=True)
class WaitsByClock:
    """The mean wait through the days, on one clock for all days and channels."""

    begin: int
    end: int
    """Clock hours, from and to."""
    step: int
    """Hours of a bar."""
    bars: dict[int, NDArray[np.float64]]
    """Live channel with anybody who waited: [day, bar] mean wait in seconds; nan where nobody came."""


def waits_by_clock(experiment: Experiment) -> WaitsByClock:
    """Mean waits in at most `MOST_BARS` bars a day."""
    calendar = experiment.scenario.calendar
    day = np.asarray(calendar.day_of_interval)[experiment.hours]
    hour = np.asarray(calendar.clock_of_interval)[experiment.hours] // 3600
    sums = [part.sum(axis=0) for part in experiment.sums("mean_wait", ("channel", "hour"))]
    busy = np.flatnonzero(sums[1].sum(axis=0))
    if not busy.size:
        return WaitsByClock(0, 0, 1, {})
    begin, end = int(hour[busy].min()), int(hour[busy].max()) + 1
    step = -(-(end - begin) // MOST_BARS)
    shown = (hour >= begin) & (hour < end)
    cells = np.zeros((2, len(experiment.scenario.channels), calendar.days, -(-(end - begin) // step)))
    for total, part in zip(cells, sums, strict=True):
        # By bar and day first: one place may be added to more than once.
        np.add.at(total.T, ((hour[shown] - begin) // step, day[shown]), part[:, shown].T)
    waits = ratio(*cells)
    return WaitsByClock(begin, end, step, {c: wait for c, wait in enumerate(waits) if np.isfinite(wait).any()})


def worst_table(experiment: Experiment) -> Table | None:
    """The intervals in which most customers are let down."""
    scenario = experiment.scenario
    worst = worst_intervals(experiment, WORST)
    if not worst:
        return None
    table = new_table(
        f"Worst {step_words(scenario.calendar.interval)}s: most customers not served within the target",
        *("when", "channel", "let down", "of", "mean wait", "in 80 % of futures", "agents", "load (erlangs)"),
        texts=2,
    )
    for place in worst:
        table.add_row(
            scenario.calendar.label(place.interval),
            scenario.channels[place.channel].title,
            estimate_text(place.let_down, "count"),
            estimate_text(place.judged, "count"),
            estimate_text(place.mean_wait, "seconds"),
            f"{time_text(place.low)} to {time_text(place.high)}",
            estimate_text(place.agents, "agents"),
            estimate_text(place.load, "erlang"),
        )
    table.caption = "Chosen by these same replications: among intervals that are alike, the unlucky ones come first."
    return table


def groups_table(experiment: Experiment) -> Table:
    """What the agents did and what they cost."""
    scenario = experiment.scenario
    measures = [(MEASURES[name], experiment.estimate(name, ("group",))) for name in OF_GROUPS]
    hours = [("hours on duty", experiment.estimate("staffed_hours", ("group",)))]
    if any(group.absence or group.on_call for group in scenario.groups):
        hours.insert(0, ("hours planned", experiment.estimate("planned_hours", ("group",))))
    table = new_table(
        "Agents",
        "group",
        *(title for title, _ in hours),
        *(measure.title.lower() for measure, _ in measures),
    )
    for g, group in enumerate(scenario.groups):
        known = (estimate_text(estimate[g], "hours") for _, estimate in hours)
        cells = (estimate_text(estimate[g], measure.unit, scenario.currency) for measure, estimate in measures)
        table.add_row(group.title, *known, *cells)
    return table


def formula_table(experiment: Experiment) -> Table | None:
    """Simulation beside Erlang A or C, where one applies, and why they differ."""
    scenario = experiment.scenario
    known = [each for each in formula_figures(scenario) if isinstance(each, FormulaFigures)]
    if not known:
        return None
    names = " and ".join(sorted({each.name for each in known}))
    table = new_table(
        f"Checked by formula: {names}, interval by interval", "channel", "measure", "simulated", "formula", texts=2
    )
    for figures in known:
        target = experiment.targets[figures.channel]
        rows = (
            (target.measure, figures.service_level),
            (MEASURES["asa"], figures.asa),
            (MEASURES["abandonment_ratio"], figures.abandonment_ratio),
        )
        for place, (measure, value) in enumerate(rows):
            simulated_value = experiment.estimate(measure, ("channel",))[figures.channel]
            table.add_row(
                "" if place else scenario.channels[figures.channel].title,
                measure.title,
                estimate_text(simulated_value, measure.unit),
                value_text(value, measure.unit, 2 if measure.unit == "share" else 1),
            )
    table.caption = "\n".join(
        f"Why they differ, {scenario.channels[figures.channel].title}: {'; '.join(figures.differences)}."
        for figures in known
    )
    return table


def volumes_table(experiment: Experiment) -> Table | None:
    """Simulated volumes beside those of the file they come from."""
    scenario = experiment.scenario
    found = volumes_beside_file(scenario, experiment.seed)
    if not found:
        return None
    table = new_table(
        "Volumes beside their file: mean count, and index of dispersion (variance / mean among alike days)",
        *("channel", "count", "file mean", "simulated mean", "file dispersion", "simulated dispersion"),
        texts=2,
    )
    for volumes in found:
        rows = (
            ("per day", volumes.file_days, volumes.simulated_days),
            (f"per {format_duration(volumes.step)}", volumes.file_slots, volumes.simulated_slots),
        )
        for place, (name, file, simulated_side) in enumerate(rows):
            table.add_row(
                "" if place else scenario.channels[volumes.channel].title,
                name,
                *(
                    estimate_text(symmetric_estimate(value, error), "count")
                    for value, error in (
                        (file.mean, file.mean_error),
                        (simulated_side.mean, simulated_side.mean_error),
                        (file.index, file.index_error),
                        (simulated_side.index, simulated_side.index_error),
                    )
                ),
            )
    table.caption = f"Simulated: {COUNTED} replications of the volumes alone."
    return table


def footnotes(experiment: Experiment) -> Text:
    """What the numbers mean: promises, formulas, confidence."""
    channels = experiment.scenario.channels
    kinds = {channel.kind for channel in channels}
    shown = {result.measure.name: result.measure for result in experiment.targets}
    names = (
        *(("asa", "abandonment_ratio", "lost_share", "mean_wait", "offered_load") if "live" in kinds else ()),
        *(OF_BOTS if any(channel.bot is not None for channel in channels) else ()),
        *measures_of_customers(experiment),
        *OF_GROUPS,
    )
    shown |= {name: MEASURES[name] for name in names}
    shown |= {measure.name: measure for measure in money_measures(experiment.scenario)}
    lines = [
        "Targets: " + "; ".join(f"{channel.title} {target_words(channel)}" for channel in channels) + ".",
        formula_words(shown.values()),
        "Typical and 9 in 10: median and 90 % quantile of the wait (time to finish) within a "
        "replication, averaged. P(met): probability that a period meets its target.",
        f"± is half of a {CONFIDENCE:.0%} confidence interval over {replications_words(experiment.replications)}, "
        "[–] the interval itself. No ±: the same in every replication. ?: too few replications to tell.",
    ]
    if "deferred" in kinds:
        lines.insert(
            3,
            "In time is of those that fell due before the end; what falls due later is not judged, and a day of which "
            "nothing fell due shows –. Typical and 9 in 10 count every hour, nights included. Left and oldest: "
            "unfinished at the end.",
        )
    if enquiries_table(experiment) is not None:
        lines.insert(3, ENQUIRIES_EXPLAINED)
    if any(channel.backlog and channel.target.period != "horizon" for channel in channels):
        lines.insert(4, "Contacts and in time count the starting backlog; P(met) counts what arrives in its period.")
    return Text("\n".join(lines), style="dim")
