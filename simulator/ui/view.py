"""What one session looks at: a scenario, what has been changed in it, and the variants kept. Never shared."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.ui.handles import Handle
    from simulator.ui.opened import Opened

MOST_KEPT = 12
"""Variants that a session keeps."""
MOST_COMPARED = 4
"""Variants side by side."""


@dataclass
class View:
    """The state of one session; a rerun changes it only through its methods."""

    name: str
    """Of the scenario: in the library, or what was uploaded."""
    opened: Opened | None = None
    """What was uploaded, or came of editing files; None: the scenario of the library."""
    overrides: dict[str, object] = field(default_factory=dict)
    """Dotted path -> value in the file's units: all that differs from the file."""
    kept: dict[str, dict[str, object]] = field(default_factory=dict)
    """Variants of this session: name -> overrides."""
    replications: int | None = None
    """None: as many as the scenario says."""
    refused: list[str] = field(default_factory=list)
    """What the link asked for and is not here; told until another scenario is opened."""
    awaited: tuple[str, dict[str, object]] | None = None
    """Name and overrides of the link's scenario where that is not here, until it is opened or another one is."""
    handles: dict[str, Handle] = field(default_factory=dict)
    """Dotted path -> the widget that moves the field."""
    asked_for: dict[str, None] = field(default_factory=dict)
    """Dotted paths of the levers that were not there from the start, in the order in which they came."""
    numbers: Iterator[int] = field(default_factory=count, compare=False)
    """By which widgets are told apart that come one after the other for the same field."""

    def open(self, name: str, opened: Opened | None = None) -> None:
        """Look at another scenario; nothing of the former one stays.

        If it is the uploaded scenario that the link was of, it is changed as the link has it.
        """
        awaited = {} if opened is None or self.awaited is None or self.awaited[0] != name else self.awaited[1]
        self.name, self.opened = name, opened
        self.overrides, self.kept, self.refused, self.awaited = dict(awaited), {}, [], None
        self.asked_for = {}

    def set(self, path: str, value: object, written: object) -> None:
        """Override a field; what is as the file has it is no override."""
        if value == written:
            self.overrides.pop(path, None)
        else:
            self.overrides[path] = value

    def undo(self, path: str) -> None:
        """Take one override back."""
        self.overrides.pop(path, None)

    def start_from(self, overrides: dict[str, object]) -> None:
        """Replace all overrides by those of a variant."""
        self.overrides = dict(overrides)

    def keep(self, name: str) -> str:
        """Keep the present overrides as a variant; returns the name that it got, which no other one has."""
        wanted = name.strip() or "variant"
        free, number = wanted, 2
        while free in self.kept:
            free, number = f"{wanted} {number}", number + 1
        self.kept[free] = dict(self.overrides)
        while len(self.kept) > MOST_KEPT:
            del self.kept[next(iter(self.kept))]
        return free

    def rename(self, former: str, name: str) -> None:
        """Call a kept variant otherwise; a name that is empty or taken is refused silently."""
        name = name.strip()
        if name and name not in self.kept:
            self.kept = {name if each == former else each: overrides for each, overrides in self.kept.items()}

    def drop(self, name: str) -> None:
        """Keep a variant no longer."""
        self.kept.pop(name, None)
