"""The files that a scenario names, for a copy of it in another folder: their paths start from the scenario's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simulator.scenario.paths import join_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.scenario.source import RawTable

_FIELD = "file"


def place_of_file(scenario: Path, name: str) -> Path:
    """Where a file that a scenario names is: seen from the scenario's folder or else from the current one.

    Raises
    ------
    OSError
        If no file can have this name.
    """
    beside, here = scenario.parent / name, Path(name)
    return here if here.is_file() and not beside.is_file() else beside


def named_files(scenario: Path, raw: RawTable) -> dict[str, Path]:
    """Dotted path of each field that names a file -> where that is; those that are not there are left out."""
    return dict(_found(scenario, raw, ()))


def _found(scenario: Path, table: RawTable, path: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    for name, value in table.items():
        here = (*path, name)
        if isinstance(value, dict):
            yield from _found(scenario, value, here)
        elif name == _FIELD and isinstance(value, str):
            try:
                place = place_of_file(scenario, value)
                if place.is_file():
                    yield join_path(here), place
            except (OSError, ValueError):  # no name of a file; who reads the scenario will say so
                continue
