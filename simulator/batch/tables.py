"""The result of a case as a table: one row for each measure, channel or group, and interval, with its uncertainty."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from simulator.batch.outputs import ALL, UNITS
from simulator.batch.readings import Columns, Readings, Room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.batch.outputs import Outputs
    from simulator.experiment import Experiment
    from simulator.scenario import Scenario
    from simulator.scenario.calendar import Calendar

SCHEMA = pa.schema(
    [
        pa.field("case", pa.int32(), nullable=False),
        pa.field("measure", pa.string(), nullable=False),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("channel", pa.string()),
        pa.field("group", pa.string()),
        pa.field("interval", pa.string()),
        pa.field("value", pa.float64(), nullable=False),
        pa.field("low", pa.float64()),
        pa.field("high", pa.float64()),
    ]
)
"""Of every case's table. `interval` is the local time at which it starts, empty for the whole horizon; `channel` and
`group` are empty where the measure is not about one. An interval that one replication cannot tell is empty."""

Wide = dict[str, float | None]
"""Column -> number: "phone.mean_wait", with ".low" and ".high"."""


def case_table(
    scenario: Scenario, columns: Columns, readings: Readings, replications: int, case: int
) -> tuple[pa.Table, Wide]:
    """The table of a case of so many replications, and its row of the wide summary.

    Rows with nobody to judge are left out.
    """
    found, where = columns.estimate(readings, replications), columns.layout.where
    known = ~np.isnan(found.value)
    places = {name: place[known] for name, place in where.items()}
    value, low, high = (part[known] for part in (found.value, found.low, found.high))
    channels, groups = ([each.name for each in part] for part in (scenario.channels, scenario.groups))
    arrays = {
        "case": _array(pa.int32(), np.full(len(value), case, dtype=np.int32)),
        "unit": _named(places["measure"], tuple(UNITS[name] for name in ALL)),
        "measure": _named(places["measure"], ALL),
        "channel": _named(places["channel"], channels),
        "group": _named(places["group"], groups),
        "interval": _named(places["interval"], _starts(scenario.calendar)),
        **{
            name: _array(pa.float64(), part, np.isfinite(part))
            for name, part in (("value", value), ("low", low), ("high", high))
        },
    }
    table = pa.Table.from_arrays([arrays[name] for name in SCHEMA.names], schema=SCHEMA)
    wide: Wide = {}
    for row in np.flatnonzero((places["interval"] < 0) & _is_shown(columns.outputs)[places["measure"]]).tolist():
        channel, group = int(places["channel"][row]), int(places["group"][row])
        about = channels[channel] if channel >= 0 else groups[group] if group >= 0 else None
        measure = ALL[places["measure"][row]]
        name = f"{about}.{measure}" if about else measure
        for end, part in (("", value), (".low", low), (".high", high)):
            wide[f"{name}{end}"] = float(part[row]) if np.isfinite(part[row]) else None
    return table, wide


def experiment_table(experiment: Experiment, outputs: Outputs, case: int) -> tuple[pa.Table, Wide]:
    """The table of an experiment as if it were a case, and its row of the wide summary."""
    columns = Columns(experiment.summaries[0].yardstick, outputs)
    readings = Readings(columns.layout.width, Room())
    readings.add(0, columns.rows(experiment.summaries))
    return case_table(experiment.scenario, columns, readings, experiment.replications, case)


@lru_cache(maxsize=10)
def _is_shown(outputs: Outputs) -> NDArray[np.bool_]:
    """[measure] Whether the summary has it."""
    return np.array([name in outputs.summary for name in ALL])


@lru_cache(maxsize=2)
def _starts(calendar: Calendar) -> tuple[str, ...]:
    """[interval] The local time at which it begins; cases of one scenario often have one calendar."""
    return tuple(calendar.local_datetime(edge).isoformat() for edge in calendar.edges.tolist())


def empty_table() -> pa.Table:
    """The table of a case that could not be played."""
    return SCHEMA.empty_table()


def _named(places: NDArray[np.int64], names: Sequence[str]) -> pa.Array:
    """Text by its place; none where the place is -1."""
    text = [name.encode() for name in names]
    ends = np.cumsum([0, *map(len, text)], dtype=np.int32)
    dictionary = pa.Array.from_buffers(pa.string(), len(text), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(text))])
    indices = _array(pa.int32(), places.astype(np.int32), places >= 0)
    return pa.DictionaryArray.from_arrays(indices, dictionary).dictionary_decode()


def _array(type_: pa.DataType, values: NDArray[Any], known: NDArray[np.bool_] | None = None) -> pa.Array:
    """Numbers, some of them unknown. From their bytes: `pa.array` would load pandas first, in every process."""
    validity = None if known is None or known.all() else pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(type_, len(values), [validity, pa.py_buffer(np.ascontiguousarray(values))])
