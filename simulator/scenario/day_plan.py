"""One day's staffing as the clock windows that a scenario file writes."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from simulator.scenario.units import format_clock

if TYPE_CHECKING:
    from collections.abc import Sequence


def windows_of_day(agents: Sequence[int], interval: int) -> dict[str, int]:
    """Agents of each interval of a day's clock as windows of equal numbers: "08:00-12:00" = 12; none where nobody is.

    Parameters
    ----------
    agents
        From midnight to midnight.
    interval
        Seconds.
    """
    windows: dict[str, int] = {}
    for number, places in groupby(range(len(agents)), key=lambda place: agents[place]):
        run = list(places)
        if number:
            windows[f"{format_clock(run[0] * interval)}-{format_clock((run[-1] + 1) * interval)}"] = int(number)
    return windows
