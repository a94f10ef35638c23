"""A field of a scenario file with where its value comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourcedField:
    """What one field, or one whole table, of a scenario file says, and why."""

    path: tuple[str, ...]
    """Names of the tables that it stands in, and its own."""
    value: object
    """In the file's own units: "4 min 10 s", "12 %", a number, a date, a list; a dict for a table.
    None for a table whose fields are given by themselves, of which only the source is said; and for what is not known:
    the file is without it, and the source of the table that it would stand in says why."""
    source: str = ""
    """From what, how many, how sure: what `[sources]` says of it; nothing where that is said of a table around it."""
    comment: str = ""
    """What stands behind it on its line: its interval."""
