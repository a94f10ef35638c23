"""A file that is there whole or not at all, and outlives a loss of power: for results that are written as they come."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

DRAFT = ".part"
"""What the name of a draft ends with; one that is left was somebody's who was killed."""


def write_durably(target: Path, content: bytes) -> None:
    """Write a draft beside the target and put it in its place.

    Raises
    ------
    OSError
        If it cannot be written; then there is no draft, and the target is as it was.
    """
    draft = target.with_name(f".{target.stem}-{secrets.token_hex(4)}{DRAFT}")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
