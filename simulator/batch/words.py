"""What measures of a batch are called on screens, in the spoken language."""

from __future__ import annotations

from simulator.batch.outputs import OF_TARGETS, QUANTILES, VIRTUAL
from simulator.language import say
from simulator.measures import MEASURES


def measure_title(name: str) -> str:
    """The title of whatever can be kept; of what this version does not know, its name."""
    if name in MEASURES:
        return MEASURES[name].title
    if name in QUANTILES:
        duration, percent = QUANTILES[name]
        return say(f"batches.quantile.{duration.name.lower()}", percent=percent)
    return say(f"batches.measure.{name}") if name in (*OF_TARGETS, VIRTUAL) else name
