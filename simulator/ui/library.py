"""The scenarios that a page offers: those of one folder, by name. No path from a user reaches the file system."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from simulator.scenario import Problem, ScenarioError, read_source
from simulator.scenario.fields import NAME_PATTERN
from simulator.scenario.source import table_at
from simulator.ui.opened import FILES, FolderFiles, Opened
from simulator.ui.titles import told_apart

WORKSPACE = "RUUHKA_WORKSPACE"
"""Environment variable: the folder of scenarios."""


class SavingError(Exception):
    """A scenario cannot be saved; the message says why."""


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
        """Name -> title of each scenario, in the order of their names; files that are no scenarios are left out.

        Where titles are the same, the name stands behind each.
        """
        return _titles(self.folder, self._age())

    def open(self, name: str) -> Opened:
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

    def save(self, name: str, text: str, *, replace: bool = False) -> None:
        """Put a scenario into the folder, whole or not at all.

        Raises
        ------
        SavingError
            If the name is none, a scenario of this name is there and is not to be replaced, or the folder cannot be
            written to.
        """
        if not re.fullmatch(NAME_PATTERN.strip("^$"), name):
            msg = f'"{name}" is no name: use letters a-z, digits, - and _, at most 60.'
            raise SavingError(msg)
        place = self.folder / f"{name}.toml"
        draft = self.folder / f".{name}-{secrets.token_hex(4)}"
        try:
            if place.exists() and not replace:
                msg = f'There is a scenario "{name}" already.'
                raise SavingError(msg)
            draft.write_text(text, encoding="utf-8", newline="\n")
            draft.replace(place)
        except OSError as error:
            msg = f"{name}: it cannot be written ({error.strerror or error})."
            raise SavingError(msg) from None
        finally:
            draft.unlink(missing_ok=True)

    def _age(self) -> int:
        """When a scenario or one of its files was changed last."""
        paths = [path for pattern in ("*.toml", *FILES) for path in self.folder.glob(pattern)]
        return max((path.stat().st_mtime_ns for path in paths), default=0) + len(paths)


@st.cache_resource(max_entries=20, show_spinner=False)
def _read(path: Path, age: int) -> Opened:  # noqa: ARG001  the age only tells what is kept apart
    return Opened.read(path.stem, path.read_bytes(), FolderFiles(path.parent))


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
    return told_apart(found)
