"""The scenarios that a page offers: those of one folder, by name. No path from a user reaches the file system."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from simulator.scenario import Problem, Reader, ScenarioError, read_source
from simulator.scenario.source import table_at

WORKSPACE = "RUUHKA_WORKSPACE"
"""Environment variable: the folder of scenarios."""


def workspace() -> Path:
    """The folder of scenarios: as the environment says, else `scenarios` where the page was started, or beside it."""
    named = os.environ.get(WORKSPACE)
    if named:
        return Path(named)
    here = Path("scenarios")
    return here if here.is_dir() else Path(__file__).resolve().parents[2] / "scenarios"


@dataclass(frozen=True)
class Library:
    """One folder of scenario files."""

    folder: Path

    def titles(self) -> dict[str, str]:
        """Name -> title of each scenario, in the order of their names; files that are no scenarios are left out."""
        return _titles(self.folder, self._age())

    def open(self, name: str) -> Reader:
        """Read a scenario of the folder; all sessions share what was read, until a file in the folder changes.

        Raises
        ------
        ScenarioError
            If there is none of this name, or it cannot be read.
        """
        # The name is looked up among those that are there; it never becomes part of a path.
        paths = {path.stem: path for path in self.folder.glob("*.toml")}
        if name not in paths:
            msg = f'There is no scenario "{name}" here; there are {", ".join(sorted(paths)) or "none"}.'
            raise ScenarioError([Problem(msg, file=name)])
        return _read(paths[name], self._age())

    def _age(self) -> int:
        """When anything in the folder was changed last."""
        return max((path.stat().st_mtime_ns for path in self.folder.iterdir() if path.is_file()), default=0)


@st.cache_resource(max_entries=20, show_spinner=False)
def _read(path: Path, age: int) -> Reader:  # noqa: ARG001  the age only tells what is kept apart
    return Reader(read_source(path))


@st.cache_resource(max_entries=20, show_spinner=False)
def _titles(folder: Path, age: int) -> dict[str, str]:  # noqa: ARG001
    found = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            source = read_source(path)
        except ScenarioError:
            continue
        if table_at(source.raw, "channels"):
            title = source.raw.get("title")
            found[path.stem] = title if isinstance(title, str) else path.stem
    return found
