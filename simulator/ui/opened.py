"""A scenario that a session has open: its text and the files that it may name, by plain names only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from simulator.scenario import Reader, read_upload
from simulator.scenario.saving import scenario_text

FILES = ("*.csv", "*.csv.gz")


@dataclass(frozen=True, slots=True)
class Opened:
    """A scenario as it was opened, from the library or from an upload."""

    name: str
    text: str
    files: Mapping[str, bytes]
    """The CSV files that the scenario may name. No path leads beyond them, whatever a link or an upload says."""
    reader: Reader

    @classmethod
    def read(cls, name: str, content: bytes, files: Mapping[str, bytes]) -> Opened:
        """Read and judge a scenario.

        Raises
        ------
        ScenarioError
            If it is no text, no TOML, or too large.
        """
        source = read_upload(f"{name}.toml", content, files)
        return cls(name, content.decode("utf-8-sig"), files, Reader(source))

    def saved(self, overrides: Mapping[str, object]) -> str:
        """The text of the scenario with overrides written into it.

        Raises
        ------
        ScenarioError
            Naming every path that cannot be set.
        """
        return scenario_text(self.text, overrides) if overrides else self.text

    def with_files(self, overrides: Mapping[str, object], files: Mapping[str, bytes]) -> Opened:
        """The scenario with overrides written into it and more files to name.

        Raises
        ------
        ScenarioError
            If an override cannot be set.
        """
        return Opened.read(self.name, self.saved(overrides).encode(), {**self.files, **files})


@dataclass(frozen=True, slots=True)
class FolderFiles(Mapping[str, bytes]):
    """The CSV files of one folder by their names, read when they are asked for; those of no other folder."""

    folder: Path

    def _paths(self) -> dict[str, Path]:
        return {path.name: path for pattern in FILES for path in self.folder.glob(pattern) if path.is_file()}

    def __getitem__(self, name: str) -> bytes:
        """The content of a file; its name is looked up, never made into a path."""
        return self._paths()[name].read_bytes()

    def __contains__(self, name: object) -> bool:
        return name in self._paths()

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths())

    def __len__(self) -> int:
        return len(self._paths())
