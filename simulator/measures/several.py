"""Several measures of many replications at once: as `add_up` gives them one by one, in a fraction of the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.measures.measure import ELAPSED
from simulator.measures.prices import Price, prices
from simulator.measures.tallies import ROW, CentreTally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.measures.measure import Measure, Tallies
    from simulator.measures.summary import Summary
    from simulator.measures.yardstick import Yardstick

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def several_sums(
    measures: Sequence[Measure], summaries: Sequence[Summary], period: Literal["horizon", "interval"]
) -> tuple[Floats, Floats]:
    """Numerators and denominators of measures that are all of contacts, by channel, or all of agents, by group.

    Returns
    -------
    [replication, measure, channel or group], with the interval as one more axis where that is the period. The same to
    the last bit as `Sample.sums`, starting backlog and all.

    Raises
    ------
    ValueError
        If a measure is of the whole centre, or they are not all about the same.
    """
    about = {measure.about for measure in measures}
    if len(about) != 1 or "centre" in about:
        msg = f"Measures of {' and '.join(sorted(about))} have not the same axes."
        raise ValueError(msg)
    of_contacts = about == {"contacts"}
    yardstick = summaries[0].yardstick
    tables = [summary.by_interval if of_contacts else summary.agents for summary in summaries]
    if period == "horizon":
        table = np.array([each.sum(axis=-1) for each in tables])
    else:
        asked = [each for measure in measures for each in (measure.numerator, measure.denominator)]
        rows = sorted({ROW[tally] for each in asked if isinstance(each, dict) for tally in each if tally in ROW})
        table = np.zeros((len(tables), *tables[0].shape[:-1], len(yardstick.day)))
        for place, each in enumerate(tables):
            table[place, rows] = each[rows, :, : len(yardstick.day)]
    lengths = yardstick.elapsed(period)
    numerator = _added_up([measure.numerator for measure in measures], measures, table, yardstick)
    denominator = _added_up(
        [measure.denominator if isinstance(measure.denominator, dict) else {} for measure in measures],
        measures,
        table,
        yardstick,
    )
    for place, measure in enumerate(measures):
        if measure.unit == "hours":
            numerator[:, place] /= 3600.0
        if measure.denominator is None:
            denominator[:, place] = 1.0
        elif measure.denominator == ELAPSED:
            denominator[:, place] = lengths if period == "interval" else lengths[0]
    return numerator, denominator


def _added_up(every: Sequence[Tallies], measures: Sequence[Measure], table: Floats, yardstick: Yardstick) -> Floats:
    """[replication, measure, channel or group, ...] First terms of all of them, plus their second terms, and so on."""
    entities = table.shape[2]
    most = max(map(len, every))
    row = np.zeros((most, len(every)), dtype=np.int64)
    weight = np.zeros((most, len(every), entities))
    for place, (tallies, measure) in enumerate(zip(every, measures, strict=True)):
        counts = 1.0 if measure.channels is None else yardstick.live == (measure.channels == "live")
        for term, (tally, price) in enumerate(tallies.items()):
            assert not isinstance(tally, CentreTally)
            row[term, place] = ROW[tally]
            weight[term, place] = (prices(price, yardstick) if isinstance(price, Price) else price) * counts
    if not most:
        return np.zeros((len(table), len(every), *table.shape[2:]))
    weight = weight.reshape(*weight.shape, *[1] * (table.ndim - 3))
    total: Floats = table[:, row[0]] * weight[0]
    for term in range(1, most):
        total += table[:, row[term]] * weight[term]
    return total
