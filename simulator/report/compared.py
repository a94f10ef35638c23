"""What `ruuhka compare` prints: both sides, the paired difference, and whether it is more than noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group as Lines
from rich.text import Text

from simulator.experiment import CONFIDENCE, Comparison, Estimate
from simulator.language import NOTHING
from simulator.measures import MEASURES, PERCENTS, Duration
from simulator.report.money import money_measures
from simulator.report.tables import new_table
from simulator.words import estimate_text, formula_words, grid_words, probability_text, run_words, target_words

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from simulator.measures import Measure, Unit

NINE_IN_TEN = PERCENTS.index(90)
LIVE_MEASURES = ("asa", "abandonment_ratio", "lost_share")
GROUP_MEASURES = ("occupancy", "overtime_hours", "paid_hours", "cost")


def compared(comparison: Comparison, names: tuple[str, str], change: str = "") -> RenderableType:
    """The whole report of one comparison."""
    base = comparison.base
    scenario = base.scenario
    head = Text.assemble((f"{names[0]} and {names[1]}", "bold"))
    head.append(f"\n{names[0]}: {scenario.title}\n{names[1]}: {comparison.other.scenario.title}")
    head.append(f"\n{grid_words(scenario.calendar)}\n{run_words(base)}, the same customers on both sides")
    if change:
        head.append(f"\n{change}")
    tables = [channels_table(comparison, names), whole_table(comparison, names, "Agents, all groups", of_groups())]
    money = money_measures(base.scenario, comparison.other.scenario)
    if money:
        tables.append(whole_table(comparison, names, "Money", money))
    spaced = [part for table in tables for part in (Text(), table)]
    return Lines(head, *spaced, Text(), footnotes(comparison, names))


def channels_table(comparison: Comparison, names: tuple[str, str]) -> Table:
    """Channel by channel."""
    sides = (comparison.base, comparison.other)
    table = new_table("Channels", "channel", "measure", *names, "difference", "", texts=2)
    met = comparison.target_met()
    for c, channel in enumerate(comparison.base.scenario.channels):
        live = channel.kind == "live"
        duration = Duration.WAIT if live else Duration.TIME_TO_FINISH
        quantiles = (estimate_text(side.wait_quantiles(duration)[c, NINE_IN_TEN], "seconds") for side in sides)
        difference = comparison.wait_quantiles(duration)[c, NINE_IN_TEN]
        title = "9 in 10 wait" if live else "9 in 10 finished in"
        table.add_row(channel.title, title, *quantiles, *change_cells(difference, "seconds"))
        for measure in measures_of(comparison, c):
            values = (estimate_text(side.estimate(measure, ("channel",))[c], measure.unit) for side in sides)
            difference = comparison.difference(measure, ("channel",))[c]
            table.add_row("", measure.title, *values, *change_cells(difference, measure.unit))
        chances = (probability_text(side.targets[c].met) for side in sides)
        table.add_row("", "P(target met)", *chances, *change_cells(met[c], "share"))
    return table


def measures_of(comparison: Comparison, c: int) -> list[Measure]:
    """What is compared of a channel. Two variants may promise differently: then both promises are held against both."""
    channel = comparison.base.scenario.channels[c]
    promised = {side.targets[c].measure.name: side.targets[c].measure for side in (comparison.base, comparison.other)}
    others = LIVE_MEASURES if channel.kind == "live" else ()
    bot = ("net_deflection",) if channel.bot is not None else ()
    return [*promised.values(), *(MEASURES[name] for name in (*others, *bot))]


def of_groups() -> list[Measure]:
    """What is compared of all groups together: they may differ in number."""
    return [MEASURES[name] for name in GROUP_MEASURES]


def whole_table(comparison: Comparison, names: tuple[str, str], title: str, measures: list[Measure]) -> Table:
    """Measures of the whole centre."""
    table = new_table(title, "measure", *names, "difference", "")
    currency = comparison.base.scenario.currency
    for measure in measures:
        values = (
            estimate_text(side.estimate(measure), measure.unit, currency)
            for side in (comparison.base, comparison.other)
        )
        table.add_row(measure.title, *values, *change_cells(comparison.difference(measure), measure.unit, currency))
    return table


def footnotes(comparison: Comparison, names: tuple[str, str]) -> Text:
    """What the numbers mean: promises, formulas, confidence."""
    channels = comparison.base.scenario.channels
    promises = [
        "; ".join(f"{channel.title} {target_words(channel)}" for channel in side.scenario.channels)
        for side in (comparison.base, comparison.other)
    ]
    same = promises[0] == promises[1]
    targets = (
        f"Targets: {promises[0]}." if same else f"Targets of {names[0]}: {promises[0]}. {names[1]}: {promises[1]}."
    )
    shown = {measure.name: measure for c in range(len(channels)) for measure in measures_of(comparison, c)}
    money = money_measures(comparison.base.scenario, comparison.other.scenario)
    shown |= {measure.name: measure for measure in (*of_groups(), *money)}
    lines = (
        targets,
        formula_words(shown.values()),
        "9 in 10: 90 % quantile within a replication, averaged. P(target met): probability that a period meets its "
        "target. pp: percentage points.",
        f"difference = {names[1]} - {names[0]}, replication by replication; ± is half of a {CONFIDENCE:.0%} confidence "
        "interval, [–] the interval itself. Where that of the difference holds 0 there is no clear difference.",
    )
    return Text("\n".join(lines), style="dim")


def change_cells(difference: Estimate, unit: Unit, currency: str = "") -> tuple[str, str]:
    """A difference with its sign, and what to make of it."""
    return estimate_text(difference, unit, currency, signed=True), verdict(difference)


def verdict(difference: Estimate) -> str:
    """Whether a difference is more than noise, in words."""
    low, high = float(difference.low), float(difference.high)
    if low != low:
        return NOTHING
    if low > 0:
        return "more"
    if high < 0:
        return "less"
    return "the same" if low == high == 0 else "no clear difference"
