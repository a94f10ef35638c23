"""A folder of results appears whole or not at all: it is written beside its place, then renamed into it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MANIFEST = "manifest.json"
TOOL = "ruuhka"


class ResultFolderError(Exception):
    """The folder for results cannot be used; the message names it, and says why and what to do."""


def check_result_folder(folder: Path, *, force: bool) -> None:
    """Refuse a place for results before any work is done for them.

    Raises
    ------
    ResultFolderError
        If nothing can be written there, or it holds what is not an earlier result to be replaced.
    """
    try:
        problem = _problem(folder, force=force)
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        problem = f"it cannot be used ({error})."
    if problem:
        msg = f"{folder}: {problem}"
        raise ResultFolderError(msg)


def _problem(folder: Path, *, force: bool) -> str:
    """Why results cannot be put there; nothing if they can."""
    place = folder.resolve()
    with suppress(FileNotFoundError, NotADirectoryError):
        place.stat()  # since Python 3.13 only this tells of links in a circle
    above = next(above for above in place.parents if above.exists())
    if not above.is_dir():
        return f"{above} is a file, not a folder."
    if place == Path.cwd() or place in Path.cwd().parents:
        return f"you are in this folder; name a new one, such as {folder / 'results'}."
    if not os.access(above, os.W_OK | os.X_OK):
        return f"you may not write into {above}; name another folder."
    if not place.exists():
        return ""
    if not place.is_dir():
        return "this is a file; name a folder that does not exist yet."
    present = {path.name for path in place.iterdir()}
    foreign = sorted(present - files_of_result(place))
    if foreign:
        return f"it holds what is no earlier result ({foreign[0]}); name an empty or a new folder."
    if present and not force:
        return "it holds an earlier result; add --force to replace it, or name another folder."
    return ""


def files_of_result(folder: Path) -> set[str]:
    """Names of the files that an earlier result consists of; none if the folder is no result."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return {MANIFEST, *manifest["files"]} if manifest["tool"] == TOOL else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()


@contextmanager
def result_folder(folder: Path, *, force: bool) -> Iterator[Path]:
    """A folder to write into, which takes its place only when all has been written.

    Raises
    ------
    ResultFolderError
        If the place cannot be used or written to.
    """
    check_result_folder(folder, force=force)
    place = folder.resolve()
    made = [above for above in place.parents if not above.exists()]
    draft, former = (place.with_name(f".{place.name}-{secrets.token_hex(4)}") for _ in range(2))
    try:
        draft.mkdir(parents=True)
        yield draft
        if place.exists():
            place.rename(former)
        draft.rename(place)
    except OSError as error:
        msg = f"{folder}: writing failed ({error.strerror or error})."
        raise ResultFolderError(msg) from None
    finally:
        if former.exists() and not place.exists():
            former.rename(place)
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(former, ignore_errors=True)
        for above in made:
            with suppress(OSError):  # not empty: the result is in it
                above.rmdir()
