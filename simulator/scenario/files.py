"""The CSV files that fields of a scenario name: from a folder on disk, or uploaded and never on disk."""

from __future__ import annotations

from pathlib import Path, PurePath, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from simulator.scenario.csvfile import CsvFile, csv_file, read_csv_file
from simulator.scenario.errors import ScenarioError, listed, nearest
from simulator.scenario.named_files import place_of_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.scenario.errors import Problem
    from simulator.scenario.source import Source

_Made = TypeVar("_Made")

Field = tuple[str, ...]


class FilesKept(dict[Field, "_Kept"]):
    """What was last made of the file that each field names, so that the next load need not read it again."""


class _Kept(NamedTuple):
    asked: tuple[object, ...]
    """The file's name, the reader and what it was given."""
    sha256: str
    made: object


class ScenarioFiles:
    """The files of one load: read, hashed, their problems gathered.

    Parameters
    ----------
    source
        The scenario: where its files are.
    kept
        Of earlier loads of the same scenario; filled as files are read. A file that changes meanwhile stays as it was.
    """

    def __init__(self, source: Source, kept: FilesKept) -> None:
        self.problems: list[Problem] = []
        self.sha256: dict[Field, str] = {}
        """By the field that names the file."""
        self._source = source
        self._kept = kept

    def read(self, name: str, field: Field, reader: Callable[..., _Made], **given: Any) -> _Made | None:
        """What `reader` makes of the file called `name`; None, and a problem more, if it cannot.

        The same file read with the same arguments, which must be hashable, is the same object: not to be changed.
        """
        asked = (name, reader, *given.items())
        kept = self._kept.get(field)
        if kept is None or kept.asked != asked:
            try:
                file = self._open(name, field)
                self.sha256[field] = file.sha256
                kept = _Kept(asked, file.sha256, reader(file, **given))
            except ScenarioError as error:
                self.problems += error.problems
                return None
            self._kept[field] = kept
        self.sha256[field] = kept.sha256
        return cast(_Made, kept.made)

    def _open(self, name: str, field: Field) -> CsvFile:
        uploads = self._source.uploads
        if uploads is not None:
            return _uploaded(name, field, uploads)
        scenario = Path(self._source.path)
        try:
            path = place_of_file(scenario, name)
        except OSError:  # a name that no file can have; reading it will say so
            path = scenario.parent / name
        return read_csv_file(path, field)


def _uploaded(name: str, field: Field, uploads: Mapping[str, bytes]) -> CsvFile:
    """A file by its plain name; no folder is ever looked into, whatever the name says."""
    plain = name == PurePosixPath(name).name and "\\" not in name
    if not plain or name not in uploads:
        near = nearest(name, uploads)
        hint = f' Did you mean "{near}"?' if near and near != name else ""
        folder = "" if plain else " Write its name without a folder."
        message = f"No file of this name was uploaded.{hint}{folder} Uploaded: {listed(list(uploads))}."
        raise CsvFile(PurePath(name), field, b"", "").refused(message)
    return csv_file(PurePath(name), field, uploads[name])
