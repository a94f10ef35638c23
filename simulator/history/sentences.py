"""What was guessed and found in a report, in the language that is spoken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.language import say
from simulator.scenario.errors import clipped

if TYPE_CHECKING:
    from simulator.history.files.words import Role
    from simulator.history.importing.imported import HistoryKind
    from simulator.history.intervals.mapping import Use, Why
    from simulator.history.quality import Finding, Kind

_MOST_LINES = 8
_LONGEST = 60


def role_words(role: Role) -> str:
    """What a column holds: "contacts offered"."""
    return say(f"history.role.{role}")


def log_role_words(kind: HistoryKind, role: str) -> str:
    """What a column of a log holds: "joined the queue"."""
    return say(f"history.columns.{kind}.{role}")


def why_words(use: Use) -> str:
    """Why a column is thought to hold that."""
    return reason_words(use.why, use.seen)


def reason_words(why: Why, seen: str) -> str:
    """Why a column with this name, or with such a cell, is thought to hold something."""
    return say(f"history.why.{why}", seen=clipped(seen, _LONGEST))


def kind_words(kind: Kind) -> str:
    """What became of rows: "left out"."""
    return say(f"history.kind.{kind}")


def finding_words(finding: Finding) -> str:
    """What was found: "“n/a” is not a number of contacts"."""
    return say(f"history.found.{finding.reason}", value=clipped(finding.value, _LONGEST))


def lines_words(finding: Finding) -> str:
    """Where it was found: "lines 4-9, 12"; nothing if it is about no line."""
    if not finding.lines:
        return ""
    runs: list[tuple[int, int]] = []
    for line in finding.lines:
        if runs and line == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], line)
        else:
            runs.append((line, line))
    texts = [str(first) if first == last else f"{first}–{last}" for first, last in runs[:_MOST_LINES]]
    dots = ", …" if len(runs) > _MOST_LINES or finding.more else ""
    numbers = ", ".join(texts) + dots
    return say("history.line", line=numbers) if len(finding.lines) == 1 else say("history.lines", lines=numbers)
