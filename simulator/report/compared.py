"""What `ruuhka compare` prints: both sides, the paired difference, and whether it is more than noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group as Lines
from rich.text import Text

from simulator.experiment import CONFIDENCE, Comparison, Estimate
from simulator.measures import MEASURES, PERCENTS, Duration
from simulator.report.numbers import NOTHING, estimate_text, value_text
from simulator.report.tables import new_table
from simulator.report.words import horizon_words, run_words

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from simulator.measures import Unit

NINE_IN_TEN = PERCENTS.index(90)
LIVE_MEASURES = ("asa", "abandonment_ratio", "lost_share")
GROUP_MEASURES = ("occupancy", "overtime_hours", "paid_hours", "cost")


def compared(comparison: Comparison, names: tuple[str, str], change: str = "") -> RenderableType:
    """The whole report of one comparison."""
    base = comparison.base
    scenario = base.scenario
    head = Text.assemble((f"{names[0]} and {names[1]}", "bold"))
    head.append(f"\n{names[0]}: {scenario.title}\n{names[1]}: {comparison.other.scenario.title}")
    head.append(f"\n{horizon_words(scenario.calendar)}\n{run_words(base)}, the same customers on both sides")
    if change:
        head.append(f"\n{change}")
    foot = Text(
        f"difference = {names[1]} - {names[0]}, replication by replication; ± is half of its {CONFIDENCE:.0%} "
        "confidence interval. Where that interval holds 0 there is no clear difference.",
        style="dim",
    )
    return Lines(head, Text(), channels_table(comparison, names), Text(), groups_table(comparison, names), Text(), foot)


def channels_table(comparison: Comparison, names: tuple[str, str]) -> Table:
    """Channel by channel."""
    base, other = comparison.base, comparison.other
    table = new_table("Channels", "channel", "measure", *names, "difference", "", texts=2)
    met = comparison.target_met()
    waits, finish = comparison.wait_quantiles(Duration.WAIT), comparison.wait_quantiles(Duration.TIME_TO_FINISH)
    for c, channel in enumerate(base.scenario.channels):
        targets = (base.targets[c], other.targets[c])
        measure = targets[0].measure
        live = channel.kind == "live"
        quantile = (waits if live else finish)[c, NINE_IN_TEN]
        which = Duration.WAIT if live else Duration.TIME_TO_FINISH
        sides = [side.wait_quantiles(which)[c, NINE_IN_TEN] for side in (base, other)]
        rows: list[tuple[str, Estimate, Estimate, Estimate, Unit]] = [
            ("9 in 10 wait" if live else "9 in 10 finished in", sides[0], sides[1], quantile, "seconds"),
            (measure.title, *(t.attained for t in targets), comparison.difference(measure, ("channel",))[c], "share"),
            ("P(target met)", targets[0].met, targets[1].met, met[c], "share"),
        ]
        for name in LIVE_MEASURES if live else ():
            each = [side.estimate(name, ("channel",))[c] for side in (base, other)]
            difference = comparison.difference(name, ("channel",))[c]
            rows.append((MEASURES[name].title, *each, difference, MEASURES[name].unit))
        for place, (title, first, second, difference, unit) in enumerate(rows):
            table.add_row(
                "" if place else channel.title,
                title,
                value_text(float(first.value), unit, 1),
                value_text(float(second.value), unit, 1),
                estimate_text(difference, unit, signed=True),
                verdict(difference),
            )
    return table


def groups_table(comparison: Comparison, names: tuple[str, str]) -> Table:
    """All groups together: they may differ in number."""
    table = new_table("Agents, all groups", "measure", *names, "difference", "")
    currency = comparison.base.scenario.currency
    for name in GROUP_MEASURES:
        measure = MEASURES[name]
        first, second = (side.estimate(name) for side in (comparison.base, comparison.other))
        difference = comparison.difference(name)
        table.add_row(
            measure.title,
            value_text(float(first.value), measure.unit, 1 if measure.unit != "currency" else 0, currency),
            value_text(float(second.value), measure.unit, 1 if measure.unit != "currency" else 0, currency),
            estimate_text(difference, measure.unit, currency, signed=True),
            verdict(difference),
        )
    return table


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
