"""Service by class of customers: whether those who come first fare better, and what it costs the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.language import NOTHING
from simulator.measures import target_measure
from simulator.report.tables import new_table
from simulator.words import estimate_text

if TYPE_CHECKING:
    from rich.table import Table

    from simulator.experiment import Experiment


def classes_table(experiment: Experiment) -> Table | None:
    """By channel and class; None where all customers are ordinary.

    In time is by the channel's promise: answered within its target, or finished by the due time.
    """
    scenario = experiment.scenario
    classes = scenario.customer_classes
    if len(classes) == 1:
        return None
    table = new_table(
        "Classes of customers", "channel", "class", "contacts", "ASA", "in time", "abandoned", "lost of all"
    )
    arrived, asa, gave_up, lost = (
        experiment.estimate(name, ("channel", "customer_class"))
        for name in ("arrived", "asa", "abandonment_ratio", "lost_share")
    )
    for c, channel in enumerate(scenario.channels):
        live = channel.kind == "live"
        in_time = experiment.estimate(target_measure(channel.target, live=live), ("channel", "customer_class"))
        for k, customer_class in enumerate(classes):
            if arrived[c, k].value == 0:
                continue
            table.add_row(
                channel.title,
                customer_class.title,
                estimate_text(arrived[c, k], "count"),
                estimate_text(asa[c, k], "seconds") if live else NOTHING,
                estimate_text(in_time[c, k], "share"),
                estimate_text(gave_up[c, k], "share") if live else NOTHING,
                estimate_text(lost[c, k], "share") if live else NOTHING,
            )
    return table
