"""The result of a case as a table: one row for each measure, channel or group, and interval, with its uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from simulator.batch.outputs import ALL, OF_TARGETS, QUANTILES, UNITS, VIRTUAL
from simulator.experiment.estimate import Estimate, ratio_estimate
from simulator.measures import MEASURES, PERCENTS, Duration, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from simulator.batch.outputs import Outputs
    from simulator.experiment import Experiment
    from simulator.measures import Axis

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

_ALONG: dict[Subject, tuple[Axis, ...]] = {"contacts": ("channel",), "agents": ("group",), "centre": ()}
Wide = dict[str, float | None]
"""Column -> number: "phone.mean_wait", with ".low" and ".high"."""


class _Block(NamedTuple):
    """Estimates of several measures about the same things."""

    measures: Sequence[str]
    along: tuple[Axis, ...]
    """The axes of the estimate behind the first."""
    estimate: Estimate
    """[measure, *along]."""


def case_table(experiment: Experiment, outputs: Outputs, case: int) -> tuple[pa.Table, Wide]:
    """The table of a case, and its row of the wide summary; rows with nobody to judge are left out."""
    scenario = experiment.scenario
    names: dict[str, list[str]] = {
        "measure": list(ALL),
        "channel": [channel.name for channel in scenario.channels],
        "group": [group.name for group in scenario.groups],
        "interval": [scenario.calendar.local_datetime(edge).isoformat() for edge in scenario.calendar.edges.tolist()],
    }
    parts = [_rows(block) for block in _blocks(experiment, outputs)]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    columns = {
        "case": pa.array(np.full(len(rows["value"]), case, dtype=np.int32)),
        "unit": _named(rows["measure"], [UNITS[name] for name in ALL]),
        **{name: _named(rows[name], said) for name, said in names.items()},
        **{name: pa.array(rows[name], mask=~np.isfinite(rows[name])) for name in ("value", "low", "high")},
    }
    table = pa.table([columns[name] for name in SCHEMA.names], schema=SCHEMA)
    return table, _wide(table, set(outputs.summary))


def empty_table() -> pa.Table:
    """The table of a case that could not be played."""
    return SCHEMA.empty_table()


def _blocks(experiment: Experiment, outputs: Outputs) -> Iterator[_Block]:
    wanted = outputs.measures
    for about, along in _ALONG.items():
        yield from _measured(experiment, [name for name in wanted if _is_about(name, about)], along)
    yield from _of_targets(experiment, [name for name in wanted if name in OF_TARGETS])
    if VIRTUAL in wanted:
        yield _Block([VIRTUAL], ("channel",), _stacked([experiment.virtual_service_level()]))
    yield from _of_waits(experiment, [name for name in wanted if name in QUANTILES])
    for about, along in _ALONG.items():
        names = [name for name in outputs.intervals if _is_about(name, about)]
        yield from _measured(experiment, names, (*along, "interval"))


def _is_about(name: str, about: Subject) -> bool:
    return name in MEASURES and MEASURES[name].about == about


def _measured(experiment: Experiment, names: list[str], along: tuple[Axis, ...]) -> Iterator[_Block]:
    """Measures that have the same axes: their estimates are made together, which is much quicker than one by one."""
    if names:
        sums = [experiment.sums(name, along) for name in names]
        numerator, denominator = (np.stack(part, axis=1) for part in zip(*sums, strict=True))
        yield _Block(names, along, ratio_estimate(numerator, denominator))


def _of_targets(experiment: Experiment, names: list[str]) -> Iterator[_Block]:
    if names:
        every = {
            "within_target": [result.attained for result in experiment.targets],
            "target_met": [result.met for result in experiment.targets],
        }
        yield _Block(names, ("channel",), _stacked([_stacked(every[name]) for name in names]))


def _of_waits(experiment: Experiment, names: list[str]) -> Iterator[_Block]:
    for duration in Duration:
        here = [name for name in names if QUANTILES[name][0] == duration]
        if here:
            whole = experiment.wait_quantiles(duration)
            places = [PERCENTS.index(QUANTILES[name][1]) for name in here]
            value, low, high = (part[:, places].T for part in (whole.value, whole.low, whole.high))
            yield _Block(here, ("channel",), Estimate(value, low, high, whole.replications, whole.confidence))


def _stacked(estimates: Sequence[Estimate]) -> Estimate:
    value, low, high = (np.stack([getattr(each, part) for each in estimates]) for part in ("value", "low", "high"))
    return Estimate(value, low, high, estimates[0].replications, estimates[0].confidence)


def _rows(block: _Block) -> dict[str, NDArray[Any]]:
    """The numbers of a block, each with its place on every axis, -1 where it has none."""
    estimate = block.estimate
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
