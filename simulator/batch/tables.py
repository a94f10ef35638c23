"""The result of a case as a table: one row for each measure, channel or group, and interval, with its uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from simulator.batch.outputs import ALL, UNITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.batch.readings import Block, Columns, Readings
    from simulator.experiment.estimate import Estimate
    from simulator.scenario import Scenario

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
    names: dict[str, list[str]] = {
        "measure": list(ALL),
        "channel": [channel.name for channel in scenario.channels],
        "group": [group.name for group in scenario.groups],
        "interval": [scenario.calendar.local_datetime(edge).isoformat() for edge in scenario.calendar.edges.tolist()],
    }
    parts = [_rows(block, columns.estimate(block, readings, replications)) for block in columns.blocks]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    arrays = {
        "case": pa.array(np.full(len(rows["value"]), case, dtype=np.int32)),
        "unit": _named(rows["measure"], [UNITS[name] for name in ALL]),
        **{name: _named(rows[name], said) for name, said in names.items()},
        **{name: pa.array(rows[name], mask=~np.isfinite(rows[name])) for name in ("value", "low", "high")},
    }
    table = pa.table([arrays[name] for name in SCHEMA.names], schema=SCHEMA)
    return table, _wide(table, set(columns.outputs.summary))


def empty_table() -> pa.Table:
    """The table of a case that could not be played."""
    return SCHEMA.empty_table()


def _rows(block: Block, estimate: Estimate) -> dict[str, NDArray[Any]]:
    """The numbers of a block, each with its place on every axis, -1 where it has none."""
    known = ~np.isnan(estimate.value)
    places = dict(zip(("measure", *block.along), np.nonzero(known), strict=True))
    nowhere = np.full(np.count_nonzero(known), -1)
    places["measure"] = np.array([ALL.index(name) for name in block.measures])[places["measure"]]
    numbers = {name: getattr(estimate, name)[known] for name in ("value", "low", "high")}
    return {name: places.get(name, nowhere) for name in ("measure", "channel", "group", "interval")} | numbers


def _named(places: NDArray[np.int64], names: Sequence[str]) -> pa.Array:
    """Text by its place; none where the place is -1."""
    indices = pa.array(places, mask=places < 0, type=pa.int32())
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, type=pa.string())).dictionary_decode()


def _wide(table: pa.Table, wanted: set[str]) -> Wide:
    """The measures of the horizon that the summary shows, side by side."""
    row: Wide = {}
    # Rows of intervals come last.
    of_horizon = table.slice(0, table["interval"].null_count)
    for each in of_horizon.to_pylist():
        if each["measure"] in wanted:
            about = each["channel"] or each["group"]
            name = f"{about}.{each['measure']}" if about else each["measure"]
            row |= {name: each["value"], f"{name}.low": each["low"], f"{name}.high": each["high"]}
    return row
