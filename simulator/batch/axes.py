"""The axes of a batch: lists, ranges, samples and rows of a file, each a row of points that set one or more fields."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.scenario.csvfile import read_csv_file
from simulator.scenario.errors import NO_VALUE, Problem, ScenarioError, shown
from simulator.scenario.overrides import parse_override, plain_value
from simulator.scenario.paths import join_path, split_path
from simulator.streams import stream

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from simulator.scenario.batch_tables import LogRangeTable, Number, RangeTable, SampledTable, SweepTable

Point = dict[str, object]
"""Dotted path -> value, in the file's own units."""

MOST_POINTS = 100_000
"""Of a range."""
_AMOUNT = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))\s*(\D*)")
_DIGITS = 12
"""Significant digits of values that are worked out; the last bits of a logarithm differ between machines."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What a sweep sets, and the points that it takes, in their order."""

    name: str
    paths: tuple[str, ...]
    points: tuple[Point, ...]


def axis_of(name: str, table: SweepTable, folder: Path) -> Axis:
    """The axis that a table of `[sweep]` says; files are seen from `folder`.

    Raises
    ------
    ScenarioError
        Naming the field at fault and what is allowed.
    """
    here = ("sweep", name)
    if table.pairs is not None:
        return _rows(name, folder, table.pairs)
    if table.sample is not None:
        paths = {_path(path, (*here, "fields", path)): each for path, each in table.fields.items()}
        return Axis(name, tuple(paths), _sampled(name, table, paths))
    assert table.path is not None
    path = _path(table.path, (*here, "path"))
    if table.values is not None:
        values: list[object] = [plain_value(value) for value in table.values]
        way = "values"
    elif table.range is not None:
        values, way = _range(table.range, (*here, "range")), "range"
    else:
        assert table.log_range is not None
        values, way = _log_range(table.log_range, (*here, "log_range")), "log_range"
    known: set[object] = set()
    for value in values:
        told = json.dumps(value, default=str) if isinstance(value, dict | list) else value  # tables have no hash
        if told in known:
            raise _refused(f"The value {shown(value)} is there twice.", (*here, way))
        known.add(told)
    return Axis(name, (path,), tuple({path: value} for value in values))


class _Amount(NamedTuple):
    number: Decimal
    unit: str


def _amounts(values: Mapping[str, Number], field: tuple[str, ...]) -> list[_Amount]:
    """Numbers, or numbers with one unit in common."""
    found = []
    for name, value in values.items():
        match = _AMOUNT.fullmatch(value.strip()) if isinstance(value, str) else None
        if isinstance(value, str) and match is None:
            raise _refused(
                'Write a number, or one with a unit in quotes, as in 0.3, "30 %" or "5 min".', (*field, name), value
            )
        if isinstance(value, float) and not math.isfinite(value):
            raise _refused("Write a finite number.", (*field, name), value)
        found.append(_Amount(Decimal(match[1]), match[2].strip()) if match else _Amount(Decimal(str(value)), ""))
    units = sorted({amount.unit for amount in found})
    if len(units) > 1:
        said = " and ".join(shown(unit) if unit else "none" for unit in units)
        raise _refused(f"These have different units ({said}); give all of them the same.", field)
    return found


def _written(number: Decimal, unit: str) -> object:
    """A value as the scenario file would have it."""
    if unit:
        return f"{number:f} {unit}"
    return int(number) if number == number.to_integral_value() else float(number)


def _range(table: RangeTable, field: tuple[str, ...]) -> list[object]:
    first, last, step = _amounts({"first": table.first, "last": table.last, "step": table.step}, field)
    if step.number <= 0:
        raise _refused("The step must be above 0.", (*field, "step"), table.step)
    if last.number < first.number:
        raise _refused(
            f"The last value must not be below the first, {shown(table.first)}.", (*field, "last"), table.last
        )
    count = int((last.number - first.number) / step.number) + 1
    if count > MOST_POINTS:
        raise _refused(f"These are {count:,} values; at most {MOST_POINTS:,} are allowed.", field)
    return [_written(first.number + k * step.number, first.unit) for k in range(count)]


def _log_range(table: LogRangeTable, field: tuple[str, ...]) -> list[object]:
    first, last = _amounts({"first": table.first, "last": table.last}, field)
    for name, amount, value in (("first", first, table.first), ("last", last, table.last)):
        if amount.number <= 0:
            raise _refused("A range of equal ratios is above 0.", (*field, name), value)
    start, ratio = float(first.number), float(last.number / first.number)
    between = [_rounded(start * ratio ** (k / (table.points - 1))) for k in range(1, table.points - 1)]
    return [_written(number, first.unit) for number in (first.number, *between, last.number)]


def _rounded(number: float) -> Decimal:
    return Decimal(f"{number:.{_DIGITS}g}")


def _sampled(name: str, table: SweepTable, fields: Mapping[str, SampledTable]) -> tuple[Point, ...]:
    """Points of a sample, each field mapped from [0, 1) to between its ends."""
    assert table.points is not None
    columns = []
    for path, luck in zip(fields, _luck(table, tuple(fields)).T, strict=True):
        field = ("sweep", name, "fields", path)
        said = fields[path]
        low, high = _amounts({"low": said.low, "high": said.high}, field)
        if high.number <= low.number:
            raise _refused(
                f"The highest value must be above the lowest, {shown(said.low)}.", (*field, "high"), said.high
            )
        if said.whole:
            if any(each.number != each.number.to_integral_value() for each in (low, high)):
                raise _refused("Between whole numbers both ends are whole.", field)
            span = int(high.number - low.number) + 1
            columns.append([_written(low.number + int(each * span), low.unit) for each in luck.tolist()])
        else:
            start, width = float(low.number), float(high.number - low.number)
            numbers = [_rounded(start + each * width) for each in luck.tolist()]
            columns.append([f"{number:f} {low.unit}" if low.unit else float(number) for number in numbers])
    return tuple(dict(zip(fields, row, strict=True)) for row in zip(*columns, strict=True))


def _luck(table: SweepTable, paths: tuple[str, ...]) -> NDArray[np.float64]:
    """[point, field] From 0 to below 1, spread evenly over each field."""
    assert table.points is not None
    if table.sample == "sobol":
        from scipy.stats import qmc  # takes a while to load

        # A power of two is drawn whole and cut, so that more points begin with the same ones.
        power = (table.points - 1).bit_length()
        drawn = qmc.Sobol(len(paths), rng=np.random.default_rng(table.seed % 2**63)).random_base2(power)
        return np.asarray(drawn[: table.points], dtype=np.float64)
    # Each field has a stream of its own: another field leaves its values alone.
    columns = []
    for path in paths:
        luck = stream(table.seed, 0, "latin hypercube", path)
        columns.append((luck.permutation(table.points) + luck.random(table.points)) / table.points)
    return np.column_stack(columns)


def _rows(name: str, folder: Path, called: str) -> Axis:
    """Points from a CSV file: its columns are paths, its cells values as `--set` has them."""
    field = ("sweep", name, "pairs")
    path = folder / called
    if not path.exists():
        raise _refused("There is no such file beside the batch file.", field, called)
    file = read_csv_file(path, field)
    paths = []
    for column in file.header():
        try:
            paths.append(join_path(split_path(column)))
        except ValueError as error:
            raise file.refused(str(error), 1) from None
    columns = {f"column {place}": column for place, column in enumerate(file.header(), 1)}
    points = []
    for line, cells in file.rows(columns):
        if not all(cells):
            raise file.refused("A cell is empty; each row sets every field.", line)
        points.append(dict(parse_override(f"{path}={cell}") for path, cell in zip(paths, cells, strict=True)))
    return Axis(name, tuple(paths), tuple(points))


def _path(text: str, field: tuple[str, ...]) -> str:
    try:
        return join_path(split_path(text))
    except ValueError as error:
        raise _refused(str(error), field, text) from None


def _refused(message: str, field: tuple[str, ...], value: object = NO_VALUE) -> ScenarioError:
    return ScenarioError([Problem(message, field, value)])
