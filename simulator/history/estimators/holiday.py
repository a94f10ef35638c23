"""What is left of a day's contacts on a public holiday."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.history.estimators.estimate import Fitted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.estimators.day_levels import DayLevels

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_METHOD = "contacts on holidays over those expected, interval on a log scale"


def fit_holiday_factor(levels: DayLevels, ordinal: Ints, total: Floats, confidence: float = 0.95) -> Fitted | None:
    """Contacts on holidays over what was to be expected had they been ordinary days.

    Parameters
    ----------
    levels
        Of the ordinary days.
    ordinal, total
        [holiday] Ordinal of its date, and contacts.
    confidence
        Of the interval. It allows for chance, for the busyness of the holidays and for the levels' own error; with two
        holidays or more also for what holidays differ by, if that is more.

    Returns
    -------
    None if no holiday falls on a weekday with contacts.
    """
    from scipy.special import stdtrit

    expected = levels.expected_on(ordinal)
    total, expected = total[expected > 0.0], expected[expected > 0.0]
    if not len(total):
        return None
    number, whole = len(total), float(expected.sum())
    factor = float(total.sum()) / whole
    tail = 0.5 - confidence / 2.0
    if factor == 0.0:
        # The largest with which nothing would still come by chance.
        return Fitted(0.0, 0.0, float(-np.log(tail)) / whole, number, _METHOD, confidence)
    share = expected / whole
    of_model = 1.0 / total.sum() + levels.kappa * float(share @ share) + (levels.kappa + 1.0 / whole) / levels.days
    error, freedom = np.sqrt(of_model), levels.freedom
    if number > 1:
        between = ((total - factor * expected) ** 2).sum() * number / (number - 1) / total.sum() ** 2
        if between > of_model:
            error, freedom = np.sqrt(between), number - 1
    away = float(stdtrit(freedom, 1.0 - tail) * error)
    return Fitted(factor, factor * float(np.exp(-away)), factor * float(np.exp(away)), number, _METHOD, confidence)
