"""A folder of results: a file for each case, there whole or not at all, a wide summary, and what they are of."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator import __version__
from simulator.batch.batch import FORMAT, cases
from simulator.batch.lock import LockedError, locked, summary_locked
from simulator.batch.record import parquet_bytes, read_record
from simulator.durable import DRAFT, write_durably

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pyarrow as pa

    from simulator.batch.batch import Batch, Case, Shard
    from simulator.batch.record import Record

MANIFEST = "manifest.json"
CASES = "cases"
SUMMARY = "summary.parquet"
TOOL = "ruuhka batch"
_SUFFIX = ".parquet"


class StoreError(Exception):
    """The folder cannot be used; the message names it, and says why and what to do."""


def manifest_of(batch: Batch) -> dict[str, object]:
    """What a batch is: two of the same manifest give the same results."""
    hashes = hashlib.sha256()
    for case in cases(batch):
        hashes.update(case.hash.encode())
    settings = batch.settings
    return {
        "tool": TOOL,
        "format": FORMAT,
        "version": __version__,
        "title": batch.title,
        "cases": len(batch),
        "sha256": hashes.hexdigest(),
        "scenarios": {each.label: each.content_hash for each in batch.scenarios},
        "variants": {each.label: list(each.variants) for each in batch.scenarios},
        "axes": {axis.name: list(axis.paths) for axis in batch.axes},
        "run": {name: getattr(settings, name) for name in type(settings).__slots__},
    }


@dataclass(frozen=True, slots=True)
class Store:
    """The results of one batch."""

    path: Path

    def keep(self, record: Record, content: bytes) -> None:
        """Write the file of a case.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        self._write(self._file(record.case, record.hash), content)

    def record(self, case: Case) -> Record | None:
        """What is kept of a case; None if it is still to come, or its file is damaged."""
        file = self._file(case.number, case.hash)
        record = read_record(file) if file.exists() else None
        return record if record is not None and record.hash == case.hash else None

    def records(self) -> Iterator[Record]:
        """What is kept, by case."""
        for file in self.files():
            record = read_record(file)
            if record is not None:
                yield record

    def files(self) -> list[Path]:
        """The files of all cases that are kept, by case."""
        return sorted((self.path / CASES).glob(f"[0-9]*{_SUFFIX}"))

    def manifest(self) -> dict[str, object]:
        """What the results are of.

        Raises
        ------
        StoreError
            If the folder holds no results of a batch.
        """
        held = _manifest(self.path)
        if held is None:
            msg = f"{self.path}: there are no results of a batch in it ({MANIFEST} is missing, or is something else)."
            raise StoreError(msg)
        return held

    def table(self) -> pa.Table:
        """The tables of all cases that are kept, one below the other.

        Raises
        ------
        StoreError
            If the folder holds no results of a batch.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        from simulator.batch.tables import empty_table

        self.manifest()
        tables = (pq.read_table(file).replace_schema_metadata() for file in self.files() if read_record(file))
        return pa.concat_tables([empty_table(), *tables])

    def summary(self) -> pa.Table:
        """One row for each case that is kept, its measures side by side; as in the file, made anew.

        Raises
        ------
        StoreError
            If the folder holds no results of a batch.
        """
        from simulator.batch.summary import summary_table

        self.manifest()
        return summary_table(self.records())

    def write_summary(self) -> None:
        """Write the wide summary of what is kept; of several shares at once, the last one has all of it.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        try:
            with summary_locked(self.path):
                for draft in self.path.glob(f".summary-*{DRAFT}"):  # of runs that were cut short
                    draft.unlink(missing_ok=True)
                self._write(self.path / SUMMARY, parquet_bytes(self.summary()))
        except LockedError as error:
            raise StoreError(str(error)) from None
        except OSError as error:
            msg = f"{self.path}: its summary cannot be written ({error.strerror or error})."
            raise StoreError(msg) from None

    def _file(self, number: int, hash_: str) -> Path:
        return self.path / CASES / f"{number:07d}-{hash_[:16]}{_SUFFIX}"

    def _write(self, target: Path, content: bytes) -> None:
        """Write a file, all or nothing, and so that it outlives a loss of power."""
        try:
            write_durably(target, content)
        except OSError as error:
            msg = f"{target}: writing failed ({error.strerror or error}). What was finished before is kept."
            raise StoreError(msg) from None


@contextmanager
def opened(path: Path, batch: Batch, shard: Shard | None = None) -> Iterator[Store]:
    """The folder for the results of a batch, a new one or one in which it was begun before, locked meanwhile.

    Raises
    ------
    StoreError
        If it cannot be written to, holds other results or something else, or another run is at work in it.
    """
    store = Store(path)
    try:
        if path.exists() and not path.is_dir():
            msg = f"{path}: this is a file; name a folder."
            raise StoreError(msg)
        if path.exists():
            _check(path, None)
        (path / CASES).mkdir(parents=True, exist_ok=True)
        lock = locked(path, shard)
        lock.__enter__()
    except LockedError as error:
        raise StoreError(str(error)) from None
    except OSError as error:
        msg = f"{path}: it cannot be used ({error.strerror or error})."
        raise StoreError(msg) from None
    try:
        wanted = manifest_of(batch)
        _check(path, wanted)
        if _manifest(path) is None:
            store._write(path / MANIFEST, (json.dumps(wanted, indent=2, default=str) + "\n").encode())
        for draft in (path / CASES).glob(f".*{DRAFT}"):  # of runs that were cut short, as nobody else plays these cases
            if shard is None or shard.has(int(draft.name[1:8])):
                draft.unlink(missing_ok=True)
        yield store
    finally:
        lock.__exit__(None, None, None)


def _manifest(path: Path) -> dict[str, object] | None:
    """The manifest of a folder of results; None if it is none."""
    try:
        held = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        return held if held["tool"] == TOOL else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _check(path: Path, wanted: Mapping[str, object] | None) -> None:
    """Refuse a folder that holds something else; with `wanted`, also one of other results."""
    # Looked at before the manifest: another share may write one, and cases, at any moment.
    ours = {CASES, SUMMARY}
    foreign = sorted(each.name for each in path.iterdir() if not each.name.startswith(".") and each.name not in ours)
    has_cases = any((path / CASES).glob(f"*{_SUFFIX}"))
    held = _manifest(path)
    if held is None:
        if foreign or has_cases:
            what = foreign[0] if foreign else f"{CASES} without {MANIFEST}"
            msg = f"{path}: it holds what are no results of a batch ({what}); name an empty or a new folder."
            raise StoreError(msg)
        return
    if wanted is None:
        return
    wanted = json.loads(json.dumps(wanted, default=str))
    for name, what in (("format", "in the format"), ("version", "by ruuhka")):
        if held.get(name) != wanted[name]:
            msg = (
                f"{path}: its results were made {what} {held.get(name)}, this is {wanted[name]}, and the two do not go "
                "together; name another folder."
            )
            raise StoreError(msg)
    other = [name for name in wanted if held.get(name) != wanted[name]]
    if other:
        msg = f"{path}: it holds another batch (other {', '.join(other)}); name another folder."
        raise StoreError(msg)
