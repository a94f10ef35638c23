"""The results of batches that a page offers: folders within the workspace, by name. No path from a user is opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from simulator.batch.results import Results
from simulator.batch.store import CASES, MANIFEST

if TYPE_CHECKING:
    from pathlib import Path

DEEPEST = 3
"""Folders below the workspace in which results are looked for."""


@dataclass(frozen=True)
class Stores:
    """The folders of results within one folder."""

    folder: Path

    def names(self) -> list[str]:
        """Their places as seen from the folder, those that changed last first."""
        found = self._found()
        return sorted(found, key=lambda name: (-_age(found[name])[0], name))

    def open(self, name: str) -> Results:
        """What is there so far; all sessions share it, until a case is added.

        Raises
        ------
        StoreError
            If they cannot be read.
        KeyError
            If there are none of this name.
        """
        folder = self._found()[name]
        return _read(folder, _age(folder))

    def _found(self) -> dict[str, Path]:
        places = [
            manifest.parent
            for depth in range(1, DEEPEST + 1)
            for manifest in self.folder.glob("/".join([*"*" * depth, MANIFEST]))
            if (manifest.parent / CASES).is_dir()  # others have a manifest, too
        ]
        return {place.relative_to(self.folder).as_posix(): place for place in places}


def _age(folder: Path) -> tuple[int, ...]:
    """When a case was added last; and what else tells one state of a folder from the next."""
    return tuple(part.stat().st_mtime_ns for part in (folder / CASES, folder / MANIFEST))


@st.cache_resource(max_entries=10, show_spinner=False)
def _read(folder: Path, age: tuple[int, ...]) -> Results:  # noqa: ARG001  the age only tells what is kept apart
    return Results.of(folder)
