"""What is wrong with a scenario, in words that a planner can act on: file, field, value, what is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from simulator.scenario.paths import join_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LONGEST_VALUE = 80
_LONGEST_MESSAGE = 600
_MOST_PROBLEMS = 50
_MOST_NAMES = 15


class _NoValue:
    def __repr__(self) -> str:
        return "NO_VALUE"


NO_VALUE = _NoValue()
"""The value of a problem that is not about a value, such as a missing field."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong."""

    message: str
    """What is wrong and what is allowed; whole sentences."""
    field: tuple[str, ...] = ()
    """Path of the field in the scenario; empty if the file as a whole is meant."""
    value: object = NO_VALUE
    """What the field holds."""
    file: str = ""
    """The scenario file, or the CSV file that the field names."""
    line: int | None = None
    """Line in that file, from 1; None if it cannot be told."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line is not None else self.file
        field = join_path(self.field)
        if field and not isinstance(self.value, _NoValue | dict):
            field += f" = {shown(self.value)}"
        head = "  ".join(part for part in (place, field) if part)
        return f"{head}\n    {clipped(self.message, _LONGEST_MESSAGE)}"


class ScenarioError(Exception):
    """A scenario is refused; `problems` says why, all that could be found at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        blocks = [str(problem) for problem in self.problems[:_MOST_PROBLEMS]]
        if len(self.problems) > _MOST_PROBLEMS:
            blocks.append(f"... and {len(self.problems) - _MOST_PROBLEMS} further problems.")
        return "\n".join(blocks)


def shown(value: object) -> str:
    """A value the way a scenario file writes it, short and printable."""
    if isinstance(value, str):
        return f'"{clipped(value, _LONGEST_VALUE)}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        items = [shown(item) for item in value[:_MOST_NAMES]]
        return clipped(f"[{', '.join(items)}{', ...' if len(value) > _MOST_NAMES else ''}]", _LONGEST_VALUE)
    if isinstance(value, int) and value.bit_length() > 4 * _LONGEST_VALUE:
        return "a number of more than 80 digits"
    return clipped(str(value), _LONGEST_VALUE)


def clipped(text: str, longest: int) -> str:
    """`text` on one line, without control characters, cut where it is longer than `longest`."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text[: longest + 1])
    return plain if len(plain) <= longest else f"{plain[:longest]}..."


def listed(names: Sequence[str]) -> str:
    """Names for a sentence: "a, b, c", long lists cut."""
    some = ", ".join(clipped(name, _LONGEST_VALUE) for name in names[:_MOST_NAMES])
    rest = len(names) - _MOST_NAMES
    return f"{some} and {rest} more" if rest > 0 else some or "none"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` most likely misspells; None if none comes near."""
    by_lower = {word.lower(): word for word in known if len(word) <= _LONGEST_VALUE}
    found = get_close_matches(name[:_LONGEST_VALUE].lower(), by_lower, n=1)
    return by_lower[found[0]] if found else None


def unknown(kind: str, name: str, known: Sequence[str], *, where: str = "") -> str:
    """The sentences for a name that does not exist: the nearest spelling, and what there is.

    `where` limits what is known, as in " in the channel's mix".
    """
    near = nearest(name, known)
    hint = f' Did you mean "{near}"?' if near else ""
    return f'There is no {kind} "{clipped(name, _LONGEST_VALUE)}"{where}.{hint} There are: {listed(known)}.'
