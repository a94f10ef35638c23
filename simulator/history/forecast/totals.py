"""Day totals ahead: two state space models of statsmodels on the logarithm of a day's contacts, and their mean.

Both regress on the terms of the calendar. One lets what remains come back to a constant (an autoregression of order 1,
for a centre with busy and quiet spells); the other lets the level itself wander (a local level, for a centre that grows
or shrinks). Which of them holds is rarely known from a few months, and the mean of forecasts is seldom worse than the
better of them (Bates and Granger, The combination of forecasts, Operational Research Quarterly 20, 1969). Days without
contacts are missing to the Kalman filter: neither weekends nor a hole in the file need be filled.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.history.forecast.terms import MAY_HELP

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.forecast.terms import Term, Terms

    Floats = NDArray[np.float64]

_MOST_STEPS = 200
"""Of the search for the largest likelihood; where it is not enough, what was found serves."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The logarithm of day totals ahead, as normal."""

    mean: Floats
    """[day ahead]"""
    sd: Floats
    """[day ahead] As the models see it."""
    terms: tuple[Term, ...]
    """Those used."""


def totals_ahead(log_total: Floats, terms: Terms) -> Totals:
    """Forecast the days after the known ones.

    Parameters
    ----------
    log_total
        [day] Of the known days, every calendar day; nan where there were no contacts.
    terms
        Of the known days and of those after them.

    Notes
    -----
    A term that may help is left out unless its effects, in the first model, are together larger than twice their
    number (Wald's statistic; Akaike's criterion for one term more). The standard deviation of the mean of both is at
    most the mean of their standard deviations, which is what is given; and no day is surer than chance alone would let
    it be, as a Poisson count of its mean.
    """
    known = len(log_total)
    used = terms.told_apart(~np.isnan(log_total))
    spells = _fitted(log_total, used, wandering=False)
    for term in MAY_HELP:
        if term in used.terms and not _helps(spells, used, term):
            used = used.without(term)
            spells = _fitted(log_total, used, wandering=False)
    level = _fitted(log_total, used, wandering=True)
    ahead = [each.get_forecast(len(used.columns) - known, **_exog(used.columns[known:])) for each in (spells, level)]
    mean = np.mean([each.predicted_mean for each in ahead], axis=0)
    sd = np.mean([np.sqrt(np.maximum(each.var_pred_mean, 0.0)) for each in ahead], axis=0)
    return Totals(mean, np.maximum(sd, np.exp(-mean / 2)), tuple(dict.fromkeys(used.terms)))


def _helps(fit: Any, terms: Terms, term: Term) -> bool:
    """Whether the columns of a term tell more than they cost."""
    places = np.flatnonzero([each == term for each in terms.terms]) - len(terms.terms)
    effect = fit.smoothed_state[places, -1]
    covariance = fit.smoothed_state_cov[np.ix_(places, places)][:, :, -1]
    return bool(effect @ np.linalg.solve(covariance, effect) > 2 * len(places))


def _fitted(log_total: Floats, terms: Terms, *, wandering: bool) -> Any:
    """The model that fits best, as statsmodels has it; effects of terms are states, so that their error is known."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    form = {"level": "local level"} if wandering else {"level": "fixed intercept", "autoregressive": 1}
    exog = _exog(terms.columns[: len(log_total)])
    model = UnobservedComponents(log_total, mle_regression=False, **form, **exog)
    with warnings.catch_warnings():
        for kind in (UserWarning, RuntimeWarning):  # no convergence, poor starts, overflow far from the maximum
            warnings.simplefilter("ignore", kind)
        return model.fit(disp=False, maxiter=_MOST_STEPS)


def _exog(columns: Floats) -> dict[str, Floats]:
    return {"exog": columns} if columns.shape[1] else {}
