"""What a replication leaves for the results of its case: a row of numbers, the same whoever plays it and beside whom.

A summary of a replication is large, and holds what no output asks for. Rows are small, can be sent between processes
and put together in any order, and a case with any number of them is summed up column by column.
"""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Literal

import numpy as np

from simulator.batch.outputs import ALL, OF_TARGETS, QUANTILES, VIRTUAL
from simulator.experiment.estimate import Estimate, mean_estimate, proportion_estimate, ratio_estimate
from simulator.measures import MEASURES, PERCENTS, Part, Sample, Subject, several_sums, target_outcomes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from simulator.batch.outputs import Outputs
    from simulator.experiment import Precision
    from simulator.measures import Axis, Measure, Summary, Yardstick

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

Maker = Literal["ratio", "proportion", "mean"]
_MAKERS: tuple[Maker, ...] = ("ratio", "proportion", "mean")

ALONG: dict[Subject, tuple[Axis, ...]] = {"contacts": ("channel",), "agents": ("group",), "centre": ()}
TOGETHER = 2_000_000
"""Numbers that are summed up at once."""
IN_MEMORY = 256_000_000
"""Bytes of rows that a batch keeps in memory; the rest is in a file that nobody else sees."""


@dataclass(frozen=True, slots=True)
class Block:
    """Measures about the same things."""

    measures: tuple[str, ...]
    along: tuple[Axis, ...]
    shape: tuple[int, ...]
    """[measure, *along]"""
    made_by: Maker
    place: int
    """Where its first number stands in the results."""

    @property
    def cells(self) -> int:
        """Numbers of the result."""
        return math.prod(self.shape)

    @property
    def slice(self) -> slice:
        """Where its numbers stand in the results."""
        return slice(self.place, self.place + self.cells)


@dataclass(frozen=True)
class Layout:
    """What stands where, in rows and in results: the same for all scenarios of one size.

    Results have all blocks one after the other. Rows have contacts, the two sums of what a half-width is asked for,
    then by `Maker` what each number of the results is made of: numerators and denominators, outcomes, quantiles.
    """

    blocks: tuple[Block, ...]
    """First those of the horizon, then those by interval."""
    head: int
    """Columns before those of the blocks."""

    @cached_property
    def made_by(self) -> dict[Maker, Ints]:
        """Which numbers of the results are made how."""
        nothing = np.empty(0, dtype=np.int64)
        return {
            maker: np.concatenate([nothing, *(np.arange(*each.slice.indices(self.cells)) for each in blocks)])
            for maker, blocks in (
                (maker, [block for block in self.blocks if block.made_by == maker]) for maker in _MAKERS
            )
        }

    @property
    def cells(self) -> int:
        """Numbers of the results."""
        return self.blocks[-1].slice.stop if self.blocks else 0

    @cached_property
    def first(self) -> dict[Maker, int]:
        """The first column of what is made how; denominators follow numerators."""
        ratio, proportion, _ = (len(self.made_by[maker]) for maker in _MAKERS)
        return {"ratio": self.head, "proportion": self.head + 2 * ratio, "mean": self.head + 2 * ratio + proportion}

    @cached_property
    def width(self) -> int:
        """Numbers in a row."""
        return self.first["mean"] + len(self.made_by["mean"])

    @cached_property
    def where(self) -> dict[str, Ints]:
        """[number of the results] The measure and the place on each axis; -1 where it is along none."""
        found = {name: np.full(self.cells, -1) for name in ("measure", "channel", "group", "interval")}
        for block in self.blocks:
            for axis, places in zip(("measure", *block.along), np.indices(block.shape), strict=True):
                found[axis][block.slice] = places.ravel()
            found["measure"][block.slice] = np.array([ALL.index(name) for name in block.measures])[
                found["measure"][block.slice]
            ]
        return found


@lru_cache(maxsize=10)
def layout_of(channels: int, groups: int, intervals: int, outputs: Outputs, head: int) -> Layout:
    """The layout of outputs of a scenario of this size."""
    blocks: list[Block] = []
    size: dict[Axis, int] = {"channel": channels, "group": groups, "interval": intervals}

    def add(measures: Sequence[str], along: tuple[Axis, ...], made_by: Maker) -> None:
        if measures:
            place = blocks[-1].slice.stop if blocks else 0
            shape = (len(measures), *(size[axis] for axis in along))
            blocks.append(Block(tuple(measures), along, shape, made_by, place))

    within, met = OF_TARGETS
    for about, along in ALONG.items():
        add([name for name in outputs.measures if _is_about(name, about)], along, "ratio")
    add([name for name in outputs.measures if name == within], ("channel",), "ratio")
    add([name for name in outputs.measures if name == met], ("channel",), "proportion")
    add([name for name in outputs.measures if name == VIRTUAL], ("channel",), "mean")
    add([name for name in outputs.measures if name in QUANTILES], ("channel",), "mean")
    for about, along in ALONG.items():
        add([name for name in outputs.intervals if _is_about(name, about)], (*along, "interval"), "ratio")
    return Layout(tuple(blocks), head)


@dataclass(frozen=True)
class Columns:
    """The rows of a case, and what they are summed up to."""

    yardstick: Yardstick
    outputs: Outputs
    precision: Precision | None = None

    @cached_property
    def layout(self) -> Layout:
        """What stands where."""
        channels, _, groups, intervals = self.yardstick.shape
        return layout_of(channels, groups, intervals, self.outputs, 1 if self.precision is None else 3)

    @cached_property
    def parts(self) -> Part:
        """What of a summary is read."""
        quantiles = Part.QUANTILES if any(name in QUANTILES for name in self.outputs.measures) else Part(0)
        return quantiles | (Part.VIRTUAL if VIRTUAL in self.outputs.measures else Part(0))

    def rows(self, summaries: Sequence[Summary]) -> Floats:
        """[replication, column]."""
        sample, layout = _Asked(tuple(summaries)), self.layout
        count = len(summaries)
        rows = np.empty((count, layout.width))
        rows[:, 0] = sample.sums(MEASURES["arrived"])[0]
        if self.precision is not None:
            measure, channel = MEASURES[self.precision.measure], self.precision.channel
            for column, asked in enumerate(sample.sums(measure, () if channel is None else ("channel",)), 1):
                rows[:, column] = asked if channel is None else asked[:, channel]
        here = dict(layout.first)
        ratios = len(layout.made_by["ratio"])
        for block in layout.blocks:
            first = here[block.made_by]
            for place, part in enumerate(self._parts(block, sample)):
                start = first + place * ratios
                rows[:, start : start + block.cells] = part.reshape(count, block.cells)
            here[block.made_by] += block.cells
        return rows

    def _parts(self, block: Block, sample: Sample) -> Sequence[Floats]:
        """[replication, measure, *along] Numerators, and denominators where there are some."""
        name = block.measures[0]
        if name in MEASURES:
            measures = [MEASURES[each] for each in block.measures]
            if measures[0].about == "centre":
                sums = [sample.sums(each, block.along) for each in measures]
                return [np.stack(part, axis=1) for part in zip(*sums, strict=True)]
            return several_sums(measures, sample.summaries, "interval" if "interval" in block.along else "horizon")
        if name in OF_TARGETS:
            outcomes = target_outcomes(sample)
            if block.made_by == "proportion":
                return [np.stack([each.share_met for each in outcomes], axis=1)]
            sums = [sample.sums(each.measure, ("channel",)) for each in outcomes]
            return [
                np.stack([part[place][:, each.channel] for part, each in zip(sums, outcomes, strict=True)], axis=1)
                for place in (0, 1)
            ]
        if name == VIRTUAL:
            return [np.array([summary.waits.virtual for summary in sample.summaries])]
        quantile = np.array([summary.waits.quantile for summary in sample.summaries])
        places = [QUANTILES[each] for each in block.measures]
        return [np.stack([quantile[:, :, duration, PERCENTS.index(percent)] for duration, percent in places], axis=1)]

    def estimate(self, readings: Readings, replications: int) -> Estimate:
        """[number of the results] Of the first so many replications."""
        layout = self.layout
        value, low, high = (np.empty(layout.cells) for _ in range(3))
        # A large case is summed up by parts. Their size follows from the case, not from the machine: how many columns
        # are added up at once may touch the last bit.
        step = max(2, TOGETHER // replications)
        for maker, places in layout.made_by.items():
            for first in range(0, len(places), step):
                here = places[first : first + step]
                column = layout.first[maker] + first
                values = readings.columns(column, column + len(here), replications)
                if maker == "ratio":
                    below = column + len(places)
                    found = ratio_estimate(values, readings.columns(below, below + len(here), replications))
                else:
                    found = mean_estimate(values) if maker == "mean" else proportion_estimate(values)
                value[here], low[here], high[here] = found.value, found.low, found.high
        return Estimate(value, low, high, replications)

    def is_precise(self, readings: Readings, replications: int) -> bool:
        """Whether the half-width that is asked for is reached; so it is where there is nothing to judge."""
        assert self.precision is not None
        numerator, denominator = readings.columns(1, 3, replications).T
        return not ratio_estimate(numerator, denominator).half_width > self.precision.half_width


def _is_about(name: str, about: Subject) -> bool:
    """Whether it is a measure of contacts, of agents or of the centre."""
    return name in MEASURES and MEASURES[name].about == about


class _Asked(Sample):
    """A sample that remembers what it was asked for: targets ask for much of the same again."""

    def sums(self, measure: Measure, by: Sequence[Axis] = ()) -> tuple[Floats, Floats]:
        key = measure.name, tuple(by)
        if key not in self._sums:
            self._sums[key] = super().sums(measure, by)
        return self._sums[key]

    @cached_property
    def _sums(self) -> dict[tuple[str, tuple[Axis, ...]], tuple[Floats, Floats]]:
        return {}


class Room:
    """Bytes of rows that may be kept in memory, for all cases together; the rest goes to files in a folder."""

    def __init__(self, left: int = IN_MEMORY, folder: Path | None = None) -> None:
        self.left = left
        self.folder = folder

    def take(self, wanted: int) -> bool:
        """Whether there is room; if so it is taken."""
        if wanted > self.left:
            return False
        self.left -= wanted
        return True


class Readings:
    """Rows of one case, put in by pieces in any order.

    Raises
    ------
    OSError
        By `add`, if rows have to be put in a file and cannot.
    """

    def __init__(self, width: int, room: Room) -> None:
        self.width = width
        self.ready = 0
        """Replications from the first on that are there without a gap."""
        self._room = room
        self._taken = 0
        self._pieces: dict[int, Floats | tuple[int, int]] = {}
        """First replication -> rows, or how many of them are where in the file."""
        self._file: IO[bytes] | None = None

    def add(self, first: int, rows: Floats) -> None:
        """Put in the rows of replications `first` and on."""
        if self._room.take(rows.nbytes):
            self._taken += rows.nbytes
            self._pieces[first] = rows
        else:
            if self._file is None:
                self._file = TemporaryFile(dir=self._room.folder)  # noqa: SIM115 - it lives as long as the case
            place = self._file.seek(0, 2)
            self._file.write(np.ascontiguousarray(rows.T).data)  # by column, as they are read
            self._pieces[first] = len(rows), place
        while self.ready in self._pieces:
            self.ready += self._count(self._pieces[self.ready])

    def columns(self, first: int, behind: int, replications: int) -> Floats:
        """[replication, column] These columns of the first so many replications."""
        values = np.empty((replications, behind - first))
        for start, rows in self._in_order():
            if start >= replications:
                break
            part = rows[:, first:behind] if isinstance(rows, np.ndarray) else self._from_file(rows, first, behind)
            values[start : start + len(part)] = part[: replications - start]
        return values

    def close(self) -> None:
        """Give the room back."""
        self._room.left += self._taken
        self._taken = 0
        self._pieces.clear()
        if self._file is not None:
            with suppress(OSError):  # what is not written yet needs not be
                self._file.close()
            self._file = None

    def _in_order(self) -> Iterator[tuple[int, Floats | tuple[int, int]]]:
        return iter(sorted(self._pieces.items(), key=lambda item: item[0]))

    def _from_file(self, piece: tuple[int, int], first: int, behind: int) -> Floats:
        assert self._file is not None
        count, place = piece
        self._file.seek(place + first * count * 8)
        return np.frombuffer(self._file.read((behind - first) * count * 8)).reshape(behind - first, count).T

    @staticmethod
    def _count(piece: Floats | tuple[int, int]) -> int:
        return len(piece) if isinstance(piece, np.ndarray) else piece[0]
