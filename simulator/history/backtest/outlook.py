"""What a back-test would have said beforehand of each cell: a distribution, from luck alone and with the model's error.

Replications differ by luck: who calls for how long, who hangs up. That the model is not the truth they do not show. How
far off it is can be seen on training days that are played without having been trained on, and what is seen there
is added to the luck: a cross-conformal predictive distribution (Vovk, Shen, Manokhin and Xie 2019, *Nonparametric
predictive distributions based on conformal prediction*; Vovk 2015, *Cross-conformal predictors*), with errors in units
of what they would be expected to be (Lei, G'Sell, Rinaldo, Tibshirani and Wasserman 2018, section 5.2). If the days to
come are like the training days, a 90 % band of it holds about 90 % of what comes. That is not proven as it is of one
model and days that it has not seen: the errors are those of several models, each of fewer days than the one tested.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, sqrt
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.backtest.figures import SERVICE_LEVEL, Sum, met

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.backtest.cells import Cells
    from simulator.history.backtest.figures import Figure

    Floats = NDArray[np.float64]

BAND = 0.9
"""The share of what comes that a band is to hold."""
LEAST_ERRORS = 19
"""Fewest cells that say anything of the outer twentieths: of 19, and the one to come, the lowest is one of 20."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Of one figure, for each cell. Columns have shape [cell]; nan where a figure has no value."""

    observed: Floats
    simulated: Floats
    """Median over the replications, and nothing corrected in it."""
    low: Floats
    high: Floats
    """Ends of the band."""

    @property
    def judged(self) -> NDArray[np.bool_]:
        """Whether there is something to compare."""
        return ~(np.isnan(self.observed) | np.isnan(self.low))

    @property
    def held(self) -> NDArray[np.bool_]:
        """Whether the band holds what happened."""
        return (self.low <= self.observed) & (self.observed <= self.high)


@dataclass(frozen=True, slots=True)
class ModelError:
    """How far off the model is with one figure in cells of one kind, beyond luck."""

    errors: Floats
    """Observed less simulated median on the level scale, in units of the expected size, in rising order."""
    spread: float
    """Standard deviation of the error on the level scale, luck taken off."""

    @classmethod
    def seen(cls, figure: Figure, cells: Cells) -> ModelError | None:
        """From cells that were played without having been trained on; None: too few."""
        middle, luck = _levels(figure, cells)
        error = figure.levelled(cells.observed) - middle
        known = ~np.isnan(error)
        if known.sum() < LEAST_ERRORS:
            return None
        error, luck = error[known], luck[known]
        around = error - np.median(error)
        spread = sqrt(max(float(np.mean(around**2) - np.mean(luck**2)), 0.0))
        size = np.hypot(luck, spread)
        # Where every replication and every day came to the same, there is no error to measure.
        return cls(np.sort(np.where(size > 0, error / np.where(size > 0, size, 1.0), 0.0)), spread)

    def quantile(self, share: float) -> float:
        """Of the error of a cell to come: so many of n + 1 are not above it."""
        count = len(self.errors)
        # Outwards: of so few errors the ends are taken that hold at least as much.
        rank = floor((count + 1) * share + 1e-9) if share < 0.5 else ceil((count + 1) * share - 1e-9)
        return float(self.errors[min(max(rank, 1), count) - 1])


def outlook(figure: Figure, cells: Cells, error: ModelError | None = None, band: float = BAND) -> Outlook:
    """What was simulated of each cell, and what it lets expect.

    Parameters
    ----------
    error
        The model's; None: the band is of luck alone, quantiles over the replications.
    band
        The share that the band is to hold, as much left out below as above.
    """
    tail = (1.0 - band) / 2.0
    drawn = figure.of(cells.simulated)
    lowest, middle, highest = (_quantile(drawn, share) for share in (tail, 0.5, 1.0 - tail))
    if error is not None:
        level, luck = _levels(figure, cells)
        size = np.hypot(luck, error.spread)
        count = _expected(cells, figure.denominator)
        lowest, highest = (figure.restored(level + size * error.quantile(share), count) for share in (tail, 1.0 - tail))
    return Outlook(figure.of(cells.observed), middle, lowest, highest)


def chance_of_target(cells: Cells, share: float, error: ModelError | None = None) -> Floats:
    """[cell] P(target met): that of all offered the share answered in time is the target's or more.

    Parameters
    ----------
    share
        Of the target.
    error
        The model's, of the service level; None: the share of replications that meet it, of those in which anybody
        arrives; nan where nobody does in any of them.
    """
    if error is None:
        some = cells.simulated[..., Sum.OFFERED] > 0
        with np.errstate(invalid="ignore"):
            chance: Floats = (some & met(cells.simulated, share)).sum(axis=1) / some.sum(axis=1)
        return chance
    level, luck = _levels(SERVICE_LEVEL, cells)
    size = np.hypot(luck, error.spread)
    offered = _expected(cells, Sum.OFFERED)
    # The fewest that meet it; the bound lies half a contact below.
    fewest = np.ceil(share * offered - 1e-9)
    bound = np.log(fewest / (offered - fewest + 1.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        needed = np.where(size > 0, (bound - level) / size, np.where(bound > level, np.inf, -np.inf))
    below = np.searchsorted(error.errors, needed)
    count = len(error.errors)
    return np.where(np.isnan(level), np.nan, (count - below + 0.5) / (count + 1.0))


def _expected(cells: Cells, each: Sum) -> Floats:
    """[cell] Median of a count over the replications, at least 1. What really came is not known beforehand."""
    expected: Floats = np.maximum(np.median(cells.simulated[:, :, each], axis=1), 1.0)
    return expected


def _levels(figure: Figure, cells: Cells) -> tuple[Floats, Floats]:
    """[cell] Median and standard deviation over the replications, on the level scale."""
    levels = figure.levelled(cells.simulated)
    known = ~np.isnan(levels)
    count = known.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, levels, 0.0).sum(axis=1) / count
        squares = np.where(known, (levels - mean[:, None]) ** 2, 0.0).sum(axis=1)
        spread = np.where(count > 1, np.sqrt(squares / (count - 1)), np.where(count == 1, 0.0, np.nan))
    return _quantile(levels, 0.5), spread


def _quantile(values: Floats, share: float) -> Floats:
    """[cell] Quantile over the replications (axis 1) that have a value; nan where none has.

    At rank share * (n + 1) of n values (Weibull's plotting position), so that between two of them lies one more of the
    same kind as often as they say.
    """
    ordered = np.sort(values, axis=1)  # nan last
    last = np.sum(~np.isnan(values), axis=1) - 1
    position = np.clip(share * (last + 2) - 1.0, 0.0, np.maximum(last, 0))
    below = np.floor(position).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(last, 0))
    low, high = (np.take_along_axis(ordered, each[:, None], axis=1)[:, 0] for each in (below, above))
    quantile: Floats = low + (high - low) * (position - below)
    return quantile
