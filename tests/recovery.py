"""How often known parameters lie inside the intervals that are fitted to data simulated from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.history.estimators import Fitted

REPETITIONS = 100
AT_LEAST = 95
"""Of 100 data sets, in so many a 95 % interval must hold the truth."""
WIDEST = 8.0
"""Standard deviations of what is found that an interval may usually span. One of 95 % alone spans 3.9, one of five that
hold together 5.2; what is much wider than that always holds the truth and says nothing."""


def check_recovery(fitted: Callable[[np.random.Generator], Mapping[str, Fitted]], truth: Mapping[str, float]) -> None:
    """Fit 100 data sets, and check the intervals of each parameter, all intervals together, and what is found.

    Each interval must hold the truth in at least 95 data sets. That all of them do at once must not be significantly
    rarer than 95 %. What is found must lie around the truth, to within four standard errors and 1 %, and intervals must
    not be wider than what is found varies.
    """
    found: dict[str, list[float]] = {name: [] for name in truth}
    inside = dict.fromkeys(truth, 0)
    together = 0
    width: dict[str, list[float]] = {name: [] for name in truth}
    for seed in range(REPETITIONS):
        figures = fitted(np.random.default_rng([seed, 9]))
        holds = {name: figures[name].low <= value <= figures[name].high for name, value in truth.items()}
        together += all(holds.values())
        for name in truth:
            inside[name] += holds[name]
            found[name].append(figures[name].value)
            width[name].append(figures[name].high - figures[name].low)
    assert min(inside.values()) >= AT_LEAST, inside
    assert stats.binomtest(together, REPETITIONS, 0.95, alternative="less").pvalue > 0.001, together
    for name, value in truth.items():
        error = float(np.std(found[name])) / REPETITIONS**0.5
        assert abs(np.mean(found[name]) - value) <= 4.0 * error + 0.01 * abs(value), name
        assert np.median(width[name]) <= WIDEST * np.std(found[name]), name
