"""What who watches a search for a plan is told of it."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from simulator.report.plan import stage_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.planning.staffing.cuts import Stage


def best_told(tell: Callable[[str], None], currency: str, of: str = "") -> Callable[[Stage], None]:
    """What tells of each stage of a search which plan is the best so far, and for how long has been searched.

    Parameters
    ----------
    of
        What goes before the words: what is searched for.
    """
    began, best = time.monotonic(), (math.inf, math.inf)

    def told(stage: Stage) -> None:
        nonlocal best
        if (stage.short, stage.cost) <= best:
            best = stage.short, stage.cost
            tell(f"{time.monotonic() - began:.0f} s, {of}{stage_words(stage, currency)}")

    return told
