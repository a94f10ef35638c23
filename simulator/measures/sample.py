"""Many replications of one scenario, each summed up, and their measures all at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, get_args

import numpy as np

from simulator.measures.measure import add_up
from simulator.measures.yardstick import Period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.measures.measure import Axis, Measure, Table
    from simulator.measures.summary import Summary

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """Replications by one yardstick; they are the first axis of all that is asked of them."""

    summaries: tuple[Summary, ...]

    def sums(self, measure: Measure, by: Sequence[Axis] = ()) -> tuple[Floats, Floats]:
        """[replication, *by] Numerator and denominator, as `sums` gives them for each replication.

        Raises
        ------
        ValueError
            If the measure does not have these axes.
        """
        cells = self._by_period if set(by).intersection(get_args(Period)) else self._of_horizon
        return add_up(measure, self.summaries[0].yardstick, cells, by)

    def _by_period(self, table: Table, row: int) -> Floats:
        """[replication, channel (topic and class) or group, period] Not kept: it may be large."""
        return np.array([getattr(summary, table)[row] for summary in self.summaries])

    def _of_horizon(self, table: Table, row: int) -> Floats:
        """[replication, channel (topic and class) or group, 1] Added up over the horizon."""
        if table not in self._totals:
            self._totals[table] = np.array([getattr(summary, table).sum(axis=-1) for summary in self.summaries])
        return self._totals[table][:, row, ..., None]

    @cached_property
    def _totals(self) -> dict[Table, Floats]:
        """[replication, tally, channel (topic and class) or group] Sums over the horizon: few, and asked for again."""
        return {}
