"""A batch: scenario files, variants and axes, and the cases that they make."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from simulator import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.batch.axes import Axis
    from simulator.batch.outputs import Outputs
    from simulator.engine import EngineName

BASE = "base"
"""The scenario file as it is, among its variants."""
FORMAT = 1
"""Of what is kept of a case. Results of another format are another case's."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How each case is played; None: as its scenario says."""

    replications: int | None = None
    until: str | None = None
    max_replications: int = 1000
    seed: int | None = None
    engine: EngineName = "compiled"


@dataclass(frozen=True, slots=True)
class BatchScenario:
    """A scenario file of a batch, as it was when the batch was read."""

    label: str
    """Its path as seen from the batch file: what it is called in results."""
    path: Path
    content_hash: str
    """Of the file without overrides."""
    variants: Mapping[str, Mapping[str, object]]
    """Those that are played, with their overrides."""


@dataclass(frozen=True, slots=True)
class Case:
    """One scenario to be played."""

    number: int
    """From 1, in the order of the batch."""
    scenario: BatchScenario
    variant: str
    overrides: Mapping[str, object]
    """Of the batch: dotted path -> value, applied after the variant."""
    swept: Mapping[str, object]
    """Those of them that axes set."""
    hash: str
    """Of all that its result depends on."""

    @property
    def name(self) -> str:
        """In messages."""
        parts = [self.scenario.label, *([self.variant] if self.variant != BASE else [])]
        return ", ".join([*parts, *(f"{path} = {value}" for path, value in self.swept.items())])


@dataclass(frozen=True)
class Batch:
    """What is to be played. Its cases are made when they are asked for."""

    title: str
    scenarios: tuple[BatchScenario, ...]
    axes: tuple[Axis, ...]
    set: Mapping[str, object]
    settings: Settings
    outputs: Outputs

    def __len__(self) -> int:
        """Number of cases."""
        return sum(len(each.variants) for each in self.scenarios) * math.prod(len(axis.points) for axis in self.axes)

    @property
    def paths(self) -> tuple[str, ...]:
        """The fields that axes set."""
        return tuple(path for axis in self.axes for path in axis.paths)


@dataclass(frozen=True, slots=True)
class Shard:
    """Every so-manieth case: the same for everybody who shares a batch in as many parts."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read "3/10".

        Raises
        ------
        ValueError
            If it is no such thing.
        """
        number, slash, of = text.partition("/")
        if not (slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
            msg = f'"{text}" is no share: write NUMBER/OF, from 1/OF to OF/OF, as in 3/10.'
            raise ValueError(msg)
        return cls(int(number), int(of))

    def has(self, number: int) -> bool:
        """Whether the case of this number belongs to it."""
        return (number - self.number) % self.of == 0

    def __str__(self) -> str:
        """As it is written on a command line."""
        return f"{self.number}/{self.of}"


def cases(batch: Batch, shard: Shard | None = None) -> Iterator[Case]:
    """The cases of a batch or of a share of it, made one by one.

    By scenario, variant and axes in the order of the file, the last fastest.
    """
    digest = _Digest(batch)
    number = 0
    for scenario in batch.scenarios:
        for variant, changes in scenario.variants.items():
            for points in itertools.product(*(axis.points for axis in batch.axes)):
                number += 1
                if shard is not None and not shard.has(number):
                    continue
                swept = {path: value for point in points for path, value in point.items()}
                overrides = {**batch.set, **swept}
                yield Case(
                    number, scenario, variant, overrides, swept, digest.of(scenario, variant, changes, overrides)
                )


class _Digest:
    """Hashes of cases: of the content of their scenario, and of what is done with it."""

    def __init__(self, batch: Batch) -> None:
        settings, outputs = batch.settings, batch.outputs
        self._same = {
            "format": FORMAT,
            "version": __version__,
            "settings": {name: getattr(settings, name) for name in Settings.__slots__},
            "outputs": {name: list(getattr(outputs, name)) for name in type(outputs).__slots__},
        }
        self._sha256 = lru_cache(maxsize=1000)(_sha256)  # a sample has as many values as points

    def of(
        self,
        scenario: BatchScenario,
        variant: str,
        changes: Mapping[str, object],
        overrides: Mapping[str, object],
    ) -> str:
        """The hash of a case. The order of overrides counts, since one may set a table and the next a field of it."""
        content = {
            **self._same,
            "scenario": [scenario.label, scenario.content_hash],
            "variant": variant,
            "changes": list(changes.items()),
            "overrides": list(overrides.items()),
            "files": sorted(self._named_files(scenario.path.parent, [*changes.values(), *overrides.values()])),
        }
        return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()

    def _named_files(self, folder: Path, value: object) -> set[str]:
        """SHA-256 of every file that a value names: an override may put another volume file into a scenario."""
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            return {found for item in value for found in self._named_files(folder, item)}
        if not isinstance(value, str):
            return set()
        return {found for place in (folder / value, Path(value)) if (found := self._sha256(place)) is not None}


def _sha256(path: Path) -> str | None:
    """Of a file; None if it is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
    except (OSError, ValueError):  # a value that no file can be called
        return None
