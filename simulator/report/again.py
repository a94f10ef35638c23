"""What customers do who are not content: they balk, leave without a sign, are called back, come again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.language import NOTHING
from simulator.measures import MEASURES
from simulator.report.tables import new_table
from simulator.words import estimate_text

if TYPE_CHECKING:
    from rich.table import Table

    from simulator.experiment import Experiment

COMING_AGAIN = (
    *("redials", "repeat_share", "chasers", "balked_share", "silent_share", "silent_hours"),
    *("callbacks_booked", "callback_wait"),
)


def measures_of_customers(experiment: Experiment) -> list[str]:
    """Those of these measures that say anything in this experiment."""
    return [name for name in COMING_AGAIN if np.nansum(experiment.estimate(name, ("channel",)).value) > 0]


def customers_table(experiment: Experiment) -> Table | None:
    """By channel what its customers do beside waiting; None if they do nothing else."""
    names = measures_of_customers(experiment)
    if not names:
        return None
    table = new_table("Customers who do not just wait", "channel", *(MEASURES[name].title.lower() for name in names))
    estimates = {name: experiment.estimate(name, ("channel",)) for name in names}
    for c, channel in enumerate(experiment.scenario.channels):
        cells = []
        for name, estimate in estimates.items():
            applies = MEASURES[name].channels in (None, channel.kind) and estimate[c].value > 0
            cells.append(estimate_text(estimate[c], MEASURES[name].unit) if applies else NOTHING)
        if any(cell != NOTHING for cell in cells):
            table.add_row(channel.title, *cells)
    return table
