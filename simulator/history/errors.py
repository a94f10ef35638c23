"""A report that cannot be used is refused with file, line, column, value and what is allowed."""

from __future__ import annotations

from simulator.scenario.errors import NO_VALUE, Problem, ScenarioError


class ReportError(ScenarioError):
    """A report of what happened is refused; `problems` says why. Shown like a refused scenario."""


def refused(
    file: str, message: str, line: int | None = None, *, column: str = "", value: object = NO_VALUE
) -> ReportError:
    """The error for one thing that makes the rest unusable; line 0 is that of the names in a Parquet file, and none."""
    return ReportError([Problem(message, (column,) if column else (), value, file, line or None)])
