"""The scenarios that a page offers: those of one folder, by name. No path from a user reaches the file system."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.scenario import ScenarioError
from simulator.scenario.errors import Problem
from simulator.scenario.source import read_source, table_at

if TYPE_CHECKING:
    from simulator.scenario.source import Source

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
        found = {}
        for path in sorted(self.folder.glob("*.toml")):
            try:
                source = read_source(path)
            except ScenarioError:
                continue
            if table_at(source.raw, "channels"):
                title = source.raw.get("title")
                found[path.stem] = title if isinstance(title, str) else path.stem
        return found

    def open(self, name: str) -> Source:
        """Read a scenario of the folder.

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
        return read_source(paths[name])
