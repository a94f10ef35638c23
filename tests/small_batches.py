"""Batch files small enough to be played in an instant, and folders of results as bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from small_scenarios import PHONE, written

from simulator.batch import read_batch

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.batch import Batch

SIX = """
title = "Six small cases"
scenarios = ["small.toml"]
[sweep.handling]
path = "channels.phone.handling_time.mean"
values = ["4 min", "6 min"]
[sweep.agents]
path = "groups.team.extra_agents"
range = { first = -1, last = 1, step = 1 }
[run]
replications = 2
"""
"""Two handling times with three numbers of agents each."""


def batch_file(folder: Path, text: str = SIX, scenario: str = PHONE) -> Path:
    """The batch as a file, its scenario beside it."""
    written(folder, scenario)
    return written(folder, text, "batch.toml")


def batch_of(folder: Path, text: str = SIX, scenario: str = PHONE) -> Batch:
    """The batch, read."""
    return read_batch(batch_file(folder, text, scenario))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder of results by its name; locks are no results."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".lock")
    }
