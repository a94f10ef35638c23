"""What `ruuhka simulate` prints: queue times per channel, when it is worst, what the agents did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.console import Group as Lines
from rich.text import Text

from simulator.experiment import CONFIDENCE
from simulator.experiment.estimate import symmetric_estimate
from simulator.experiment.formula import FormulaFigures, formula_figures
from simulator.experiment.volumes import COUNTED, volumes_beside_file
from simulator.experiment.worst import worst_intervals
from simulator.measures import MEASURES, PERCENTS, Duration
from simulator.report.numbers import NOTHING, estimate_text, probability_text, sparkline, time_text, value_text
from simulator.report.tables import new_table
from simulator.report.words import day_words, horizon_words, run_words, step_words, target_words
from simulator.scenario.units import format_duration

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from simulator.experiment import Experiment

MEDIAN, NINE_IN_TEN = PERCENTS.index(50), PERCENTS.index(90)
WORST = 8
"""How many of the worst intervals are shown."""


def simulated(experiment: Experiment, change: str = "") -> RenderableType:
    """The whole report of one experiment; `change` says what differs from the scenario file."""
    scenario = experiment.scenario
    head = Text.assemble((scenario.title, "bold"), f"\n{horizon_words(scenario.calendar)}\n{run_words(experiment)}")
    if change:
        head.append(f"\n{change}")
    parts: list[RenderableType] = [head]
    for table in (
        live_table(experiment),
        deferred_table(experiment),
        bot_table(experiment),
        days_table(experiment),
        worst_table(experiment),
        groups_table(experiment),
        formula_table(experiment),
        volumes_table(experiment),
    ):
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
        "channel",
        "contacts",
        "typical",
        "9 in 10",
        "ASA",
        "service level",
        "P(met)",
        "abandoned",
        "lost",
    )
    offered = experiment.estimate("arrived", ("channel",))
    waits = experiment.wait_quantiles(Duration.WAIT)
    asa, gave_up, lost = (
        experiment.estimate(name, ("channel",)) for name in ("asa", "abandonment_ratio", "lost_share")
    )
    for c in live:
        target = experiment.targets[c]
        table.add_row(
            scenario.channels[c].title,
            value_text(float(offered.value[c]), "count"),
            time_text(float(waits.value[c, MEDIAN])),
            time_text(float(waits.value[c, NINE_IN_TEN])),
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
        "channel",
        "contacts",
        "finished in",
        "9 in 10",
        "in time",
        "P(met)",
        "left over",
        "work left",
        "oldest",
    )
    arrived = experiment.estimate("arrived", ("channel",))
    times = experiment.wait_quantiles(Duration.TIME_TO_FINISH)
    items, work, oldest = experiment.backlog_at_end()
    for c in deferred:
        target = experiment.targets[c]
        table.add_row(
            scenario.channels[c].title,
            value_text(float(arrived.value[c]), "count"),
            time_text(float(times.value[c, MEDIAN])),
            time_text(float(times.value[c, NINE_IN_TEN])),
            estimate_text(target.attained, "share"),
            probability_text(target.met),
            estimate_text(items[c], "count"),
            estimate_text(work[c], "hours"),
            time_text(float(oldest.value[c])),
        )
    return table


def bot_table(experiment: Experiment) -> Table | None:
    """What the bots keep from the agents."""
    scenario = experiment.scenario
    bots = [c for c, channel in enumerate(scenario.channels) if channel.bot is not None]
    if not bots:
        return None
    table = new_table("Bot", "channel", "met the bot", "containment", "net deflection")
    measures = [experiment.estimate(name, ("channel",)) for name in ("bot_share", "containment", "net_deflection")]
    for c in bots:
        table.add_row(scenario.channels[c].title, *(estimate_text(measure[c], "share") for measure in measures))
    return table


def days_table(experiment: Experiment) -> Table | None:
    """P(target met) day by day, with the mean wait as bars."""
    scenario = experiment.scenario
    calendar = scenario.calendar
    daily = [result for result in experiment.targets if result.target.period == "day"]
    if not daily or calendar.days < 2 or calendar.days > 14:
        return None
    table = new_table("P(target met) by day", "channel", *(day_words(calendar, day) for day in range(calendar.days)))
    for result in daily:
        met = result.met_by_period.value
        table.add_row(
            scenario.channels[result.channel].title,
            *(NOTHING if np.isnan(share) else f"{100 * share:.0f} %" for share in met),
        )
    wait = experiment.estimate("mean_wait", ("channel", "hour")).value
    hour_day = np.asarray(calendar.day_of_interval)[experiment.hours]
    for c, channel in enumerate(scenario.channels):
        if channel.kind == "live":
            top = float(np.nanmax(wait[c], initial=0.0))
            bars = [sparkline(wait[c, hour_day == day], top).strip() or NOTHING for day in range(calendar.days)]
            table.add_row(f"wait, {channel.title}", *bars)
    return table


def worst_table(experiment: Experiment) -> Table | None:
    """The intervals in which most customers are let down."""
    scenario = experiment.scenario
    worst = worst_intervals(experiment, WORST)
    if not worst:
        return None
    table = new_table(
        f"Worst {step_words(scenario.calendar)}s: most customers not served within the target",
        "when",
        "channel",
        "let down",
        "of",
        "mean wait",
        "80 % of futures",
        "agents",
        "load (erlangs)",
        texts=2,
    )
    for place in worst:
        table.add_row(
            scenario.calendar.label(place.interval),
            scenario.channels[place.channel].title,
            estimate_text(place.let_down, "count"),
            value_text(place.offered, "count", 1),
            estimate_text(place.mean_wait, "seconds"),
            f"{time_text(place.low)}–{time_text(place.high)}",
            value_text(place.agents, "agents"),
            value_text(place.load, "erlang", 1),
        )
    return table


def groups_table(experiment: Experiment) -> Table:
    """What the agents did and what they cost."""
    scenario = experiment.scenario
    names = ("occupancy", "utilisation", "concurrency", "overtime_hours", "cost")
    measures = [(MEASURES[name], experiment.estimate(name, ("group",))) for name in names]
    table = new_table("Agents", "group", "hours on duty", *(measure.title.lower() for measure, _ in measures))
    staffed = experiment.estimate("staffed_hours", ("group",))
    for g, group in enumerate(scenario.groups):
        cells = (estimate_text(estimate[g], measure.unit, scenario.currency) for measure, estimate in measures)
        table.add_row(group.title, value_text(float(staffed.value[g]), "hours"), *cells)
    return table


def formula_table(experiment: Experiment) -> Table | None:
    """Simulation beside Erlang A, where that applies, and why they differ."""
    scenario = experiment.scenario
    known = [each for each in formula_figures(scenario) if isinstance(each, FormulaFigures)]
    if not known:
        return None
    table = new_table(
        "Checked by formula: Erlang A, interval by interval", "channel", "measure", "simulated", "formula", texts=2
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
                value_text(value, measure.unit, 1),
            )
        table.caption = f"The formula differs: {'; '.join(figures.differences)}."
        table.caption_justify = "left"
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
    table.caption_justify = "left"
    return table


def footnotes(experiment: Experiment) -> Text:
    """What the numbers mean: promises, formulas, confidence."""
    scenario = experiment.scenario
    lines = ["Targets: " + "; ".join(f"{channel.title} {target_words(channel)}" for channel in scenario.channels) + "."]
    shown = {result.measure.name: result.measure for result in experiment.targets}
    shown |= {name: MEASURES[name] for name in ("asa", "abandonment_ratio", "lost_share", "occupancy", "utilisation")}
    if any(channel.bot is not None for channel in scenario.channels):
        shown |= {name: MEASURES[name] for name in ("bot_share", "containment", "net_deflection")}
    lines += [f"{measure.title} = {measure.formula}." for measure in shown.values()]
    lines.append(
        f"± is half of a {CONFIDENCE:.0%} confidence interval over {experiment.replications} replications, [–] the "
        "interval itself. Typical and 9 in 10 are the median and the 90 % quantile within a replication, averaged. "
        "P(met) is the probability that a period meets its target."
    )
    return Text("\n".join(lines), style="dim")
