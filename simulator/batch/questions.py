"""Questions that are worth asking of the results of any batch, in SQL that runs on these."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.batch.results import MeasureColumn, Results

PREFERRED = ("mean_wait", "wait_p90", "within_target", "target_met", "total_cost")
"""Measures to show an example of, the first that is there."""
SURE = 0.9


class Question(NamedTuple):
    """What somebody may want to know."""

    words: str
    sql: str


def questions(results: Results) -> Iterator[Question]:
    """A few, made of the axes and measures that are there."""
    if results.failed:
        yield Question("Which cases failed, and why?", "select case_number, error from cases where error is not null")
    measure = next(filter(None, (_column(results, name) for name in PREFERRED)), None)
    if measure is None:
        return
    axes = [axis.name for axis in results.axes] or ["case_number"]
    numbers = f"{measure.name}, {measure.low}, {measure.high}"
    yield Question(
        f"{measure.name} of each case, lowest first",
        f"select {', '.join(axes)}, {numbers} from wide order by {measure.name}",
    )
    met, cost = _column(results, "target_met"), _column(results, "total_cost")
    if met is not None and cost is not None:
        yield Question(
            f"The five cheapest cases that meet the target of {met.about} nine times in ten",
            f"select {', '.join(axes)}, {cost.name}, {met.name} from wide where {met.name} >= {SURE} "
            f"order by {cost.name} limit 5",
        )
    if len(axes) > 1:
        rows, columns = axes[-2:]
        yield Question(
            f"{measure.name} by {rows} and {columns}, a row by a column",
            f"pivot wide on {columns} using avg({measure.name}) group by {rows} order by {rows}",
        )
    yield Question(
        "When in the day the wait is longest, in any case",
        "select channel, clock, max(value) as longest from results where measure = 'mean_wait' and clock is not null "
        "group by channel, clock order by longest desc limit 10",
    )


def _column(results: Results, measure: str) -> MeasureColumn | None:
    """The first column of a measure."""
    return next((each for each in results.measures if each.measure == measure), None)
