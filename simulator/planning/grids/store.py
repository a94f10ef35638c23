"""A folder that keeps a grid point by point, so that it goes on where it stopped, however it was stopped."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simulator import __version__
from simulator.durable import write_durably

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simulator.engine import EngineName
    from simulator.planning.grids.axes import Axis
    from simulator.planning.grids.figures import Kept
    from simulator.planning.grids.grid import Place
    from simulator.scenario.model import Scenario

IDENTITY = "grid.json"
POINTS = "points"
_TODAY = "today"
_SUFFIX = ".npz"


class GridFolderError(Exception):
    """The folder cannot be used; the message names it, and says why and what to do."""


def identity(
    base: Scenario,
    axes: tuple[Axis, Axis],
    *,
    replications: int,
    seed: int,
    engine: EngineName,
    figures: Iterable[str],
) -> dict[str, object]:
    """What two runs must have in common for the points of one to be those of the other."""
    return {
        "tool": "ruuhka",
        "version": __version__,
        "scenario": base.content_hash,
        "axes": [{"path": axis.path, "values": list(axis.values)} for axis in axes],
        "replications": replications,
        "seed": seed,
        "engine": engine,
        "figures": sorted(figures),
    }


@dataclass(frozen=True, slots=True)
class GridFolder:
    """Points as files; each is there whole or not at all."""

    path: Path

    @classmethod
    def opened(cls, path: Path, wanted: Mapping[str, object], *, force: bool = False) -> GridFolder:
        """The folder for a grid of this identity: a new one, or one in which it was begun before.

        Parameters
        ----------
        force
            Take away an earlier grid of another identity. What is no grid is never taken away.

        Raises
        ------
        GridFolderError
            If it cannot be written to, or holds another grid or something else.
        """
        wanted = json.loads(json.dumps(dict(wanted), default=str))
        try:
            if path.exists() and not path.is_dir():
                msg = f"{path}: this is a file; name a folder."
                raise GridFolderError(msg)
            present = sorted(each.name for each in path.iterdir()) if path.exists() else []
            if present:
                _check(path, present, wanted, force=force)
            folder = cls(path)
            (path / POINTS).mkdir(parents=True, exist_ok=True)
            folder.write(IDENTITY, json.dumps(wanted, indent=2).encode())
        except OSError as error:
            msg = f"{path}: it cannot be used ({error.strerror or error})."
            raise GridFolderError(msg) from None
        return folder

    def points(self) -> dict[Place | None, Kept]:
        """The points that are kept, None for today's scenario; a file that is damaged counts as not there."""
        found: dict[Place | None, Kept] = {}
        for file in sorted((self.path / POINTS).glob(f"*{_SUFFIX}")):
            try:
                with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as tables:
                    kept = {name: tables[name] for name in tables.files}
                found[_place(file.stem)] = kept
            except (OSError, ValueError, zipfile.BadZipFile):
                continue
        return found

    def keep(self, place: Place | None, kept: Kept) -> None:
        """Write a point.

        Raises
        ------
        GridFolderError
            If it cannot be written.
        """
        packed = io.BytesIO()
        np.savez(packed, **kept)  # type: ignore[arg-type]  # the stub takes every name for allow_pickle
        self.write(f"{POINTS}/{_name(place)}{_SUFFIX}", packed.getvalue())

    def write(self, name: str, content: bytes) -> None:
        """Write a file, all or nothing, and so that it outlives a loss of power.

        Raises
        ------
        GridFolderError
            If it cannot be written.
        """
        target = self.path / name
        try:
            write_durably(target, content)
        except OSError as error:
            msg = f"{target}: writing failed ({error.strerror or error})."
            raise GridFolderError(msg) from None


def _check(path: Path, present: list[str], wanted: Mapping[str, object], *, force: bool) -> None:
    try:
        held = json.loads((path / IDENTITY).read_text(encoding="utf-8"))
        is_grid = held["tool"] == wanted["tool"]
    except (OSError, ValueError, KeyError, TypeError):
        is_grid = False
    if not is_grid:
        msg = f"{path}: it holds what is no grid ({present[0]}); name an empty or a new folder."
        raise GridFolderError(msg)
    other = [name for name in wanted if held.get(name) != wanted[name]]
    if not other:
        return
    if not force:
        what = ", ".join(_told(name, held.get(name), wanted[name]) for name in other)
        msg = f"{path}: it holds another grid ({what}); add --force to begin anew, or name another folder."
        raise GridFolderError(msg)
    for file in (path / POINTS).glob(f"*{_SUFFIX}"):
        file.unlink()


def _told(name: str, held: object, wanted: object) -> str:
    """What differs; numbers in full."""
    return f"{name} {held}, here {wanted}" if isinstance(wanted, int) else f"other {name}"


def _name(place: Place | None) -> str:
    return _TODAY if place is None else f"{place[0]:03d}-{place[1]:03d}"


def _place(name: str) -> Place | None:
    if name == _TODAY:
        return None
    first, second = name.split("-")
    return int(first), int(second)
