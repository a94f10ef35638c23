"""What is kept of a case: measures of the horizon, some by interval too, and the few of the wide summary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from simulator.measures import MEASURES, PERCENTS, Duration
from simulator.scenario.errors import Problem, ScenarioError, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.scenario.batch_tables import OutputsTable

QUANTILES = {
    f"{duration.name.lower()}_p{percent}": (duration, percent) for duration in Duration for percent in PERCENTS
}
"""Quantiles of durations by channel: "wait_p90" and so on."""
OF_TARGETS = ("within_target", "target_met")
"""By channel: the share of contacts that keep the channel's target, and P(a period of the target meets it)."""
VIRTUAL = "virtual_service_level"
ALL = (*MEASURES, *OF_TARGETS, VIRTUAL, *QUANTILES)
"""What can be kept of the horizon, in the order in which it is."""
UNITS = (
    {name: measure.unit for name, measure in MEASURES.items()}
    | dict.fromkeys((*OF_TARGETS, VIRTUAL), "share")
    | dict.fromkeys(QUANTILES, "seconds")
)
BY_INTERVAL = tuple(measure.name for measure in MEASURES.values() if measure.about != "centre")
"""What can be kept interval by interval."""
USUAL = (
    *("arrived", "offered", "answered", "served", "abandoned", "open", "overdue", "asa", "mean_wait"),
    *("abandonment_ratio", "lost_share", "within_due", "time_to_finish", "net_deflection", "offered_load"),
    *("occupancy", "utilisation", "paid_hours", "overtime_hours", "cost", "total_cost", "lost_orders"),
    *("lost_order_value", "within_target", "target_met", "wait_p50", "wait_p90"),
    *("time_to_finish_p50", "time_to_finish_p90"),
)
"""Kept of the horizon where a batch does not say; all would take longer than a small case takes to play."""
INTERVALS = ("arrived", "mean_wait", "abandonment_ratio", "agents", "occupancy")
SUMMARY = (
    *("arrived", "mean_wait", "wait_p90", "abandonment_ratio", "within_due", "within_target", "target_met"),
    *("occupancy", "total_cost", "lost_order_value"),
)


@dataclass(frozen=True, slots=True)
class Outputs:
    """Names of measures, each in the order of `ALL`."""

    measures: tuple[str, ...] = USUAL
    """Of the horizon; those of the summary are among them."""
    intervals: tuple[str, ...] = INTERVALS
    summary: tuple[str, ...] = SUMMARY

    @classmethod
    def of(cls, table: OutputsTable) -> Outputs:
        """What the table of a batch file asks for.

        Raises
        ------
        ScenarioError
            If there is no such measure.
        """
        problems = []
        found: dict[str, tuple[str, ...]] = {}
        for name, known, usual in (
            ("measures", ALL, USUAL),
            ("intervals", BY_INTERVAL, INTERVALS),
            ("summary", ALL, SUMMARY),
        ):
            said: Sequence[str] | Literal["all"] | None = getattr(table, name)
            wanted = known if said == "all" else usual if said is None else said
            problems += [
                Problem(
                    unknown("measure", each, known, where=" of intervals" if name == "intervals" else ""),
                    ("outputs", name),
                )
                for each in wanted
                if each not in known
            ]
            found[name] = tuple(each for each in known if each in wanted)
        if problems:
            raise ScenarioError(problems)
        kept = {*found["measures"], *found["summary"]}
        return cls(tuple(each for each in ALL if each in kept), found["intervals"], found["summary"])
