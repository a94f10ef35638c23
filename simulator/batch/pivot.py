"""Results of a batch as a table of two axes, and two cases held against each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from simulator.batch.results import MeasureColumn, Results


@dataclass(frozen=True, slots=True)
class Dimension:
    """A way in which cases differ: what an axis sets, or the scenario file or its variant where there are several."""

    name: str
    """Of the column."""
    path: str
    """Dotted path of the field; empty where it is none."""
    unit: str
    of_case: tuple[object, ...]
    """By case."""

    @property
    def values(self) -> tuple[object, ...]:
        """Each once: numbers from small to large, others as the batch has them."""
        known = dict.fromkeys(self.of_case)
        return tuple(sorted(known, key=_rank)) if self.is_number else tuple(known)

    @property
    def is_number(self) -> bool:
        """Whether all values are numbers."""
        return all(isinstance(value, int | float) and not isinstance(value, bool) for value in self.of_case)


class Cell(NamedTuple):
    """A figure with its interval, infinite where it is not known: of one replication, or of a mean of several cases."""

    value: float
    low: float
    high: float
    cases: int = 1


@dataclass(frozen=True, slots=True)
class Pivot:
    """A measure by the values of two dimensions, or of one."""

    rows: tuple[object, ...]
    columns: tuple[object, ...]
    """Of one dimension alone: a single None."""
    cells: Mapping[tuple[int, int], Cell]
    """(row, column) -> figure, where there is one."""

    @property
    def is_mean(self) -> bool:
        """Whether some figure is the mean of several cases."""
        return any(cell.cases > 1 for cell in self.cells.values())


class Difference(NamedTuple):
    """A measure in two cases; the difference is second less first."""

    column: MeasureColumn
    first: Cell
    second: Cell
    change: Cell
    """Its interval is that of two cases that met different customers: wider than needed where they met the same."""

    @property
    def is_clear(self) -> bool:
        """Whether it is more than noise."""
        return self.change.low > 0 or self.change.high < 0


def dimensions(results: Results) -> tuple[Dimension, ...]:
    """What the cases differ in, scenario and variant first."""
    told = [
        Dimension("scenario", "", "", tuple(each.scenario for each in results.records)),
        Dimension("variant", "", "", tuple(each.variant for each in results.records)),
        *(Dimension(axis.name, axis.path, axis.unit, axis.values) for axis in results.axes),
    ]
    return tuple(each for each in told if len(set(each.of_case)) > 1)


def chosen(known: Sequence[Dimension], only: Mapping[str, Collection[object]]) -> list[int]:
    """The places of the cases whose values are among those that are wanted, by the names of dimensions."""
    count = len(known[0].of_case) if known else 0
    wanted = [(each.of_case, only[each.name]) for each in known if each.name in only]
    return [place for place in range(count) if all(values[place] in allowed for values, allowed in wanted)]


def pivot(
    results: Results, column: MeasureColumn, rows: Dimension, columns: Dimension | None, places: Sequence[int]
) -> Pivot:
    """A measure of some cases by one dimension or two; cases that fall together are averaged."""
    found: dict[tuple[object, object], list[Cell]] = {}
    for place in places:
        cell = cell_of(results, column, place)
        if cell is not None:
            key = rows.of_case[place], columns.of_case[place] if columns is not None else None
            found.setdefault(key, []).append(cell)
    down = tuple(value for value in rows.values if any(row == value for row, _ in found))
    across = (
        (None,) if columns is None else tuple(value for value in columns.values if any(c == value for _, c in found))
    )
    cells = {(down.index(row), across.index(across_at)): _mean(each) for (row, across_at), each in found.items()}
    return Pivot(down, across, cells)


def cell_of(results: Results, column: MeasureColumn, place: int) -> Cell | None:
    """A measure of a case; None where there is nobody to judge."""
    summary = results.records[place].summary
    said = f"{column.about}.{column.measure}" if column.about else column.measure
    value = summary.get(said)
    if value is None:
        return None
    low, high = (summary.get(f"{said}.{bound}") for bound in ("low", "high"))
    return Cell(value, -math.inf if low is None else low, math.inf if high is None else high)


def differences(results: Results, first: int, second: int) -> Iterator[Difference]:
    """Two cases, by their places, in every measure that both have."""
    for column in results.measures:
        one, other = (cell_of(results, column, place) for place in (first, second))
        if one is None or other is None:
            continue
        half = math.hypot((one.high - one.low) / 2, (other.high - other.low) / 2)
        change = other.value - one.value
        yield Difference(column, one, other, Cell(change, change - half, change + half))


def _mean(cells: Sequence[Cell]) -> Cell:
    if len(cells) == 1:
        return cells[0]
    return Cell(math.fsum(cell.value for cell in cells) / len(cells), -math.inf, math.inf, len(cells))


def _rank(value: object) -> float:
    assert isinstance(value, int | float)
    return value
