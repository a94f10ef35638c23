"""Volume files that do not tell what a scenario asks of them are refused in words by every command that plays it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from commands import refused, ruuhka
from small_scenarios import PHONE, written

if TYPE_CHECKING:
    from pathlib import Path

TYPICAL_WEEK = PHONE.replace(
    PHONE[PHONE.index("[channels.phone.demand]") : PHONE.index("[groups.team]")],
    '[channels.phone.demand]\nfile = "volumes.csv"\nuse = "typical week"\n',
)


def volumes(folder: Path, days: int) -> None:
    clocks = ("09:00", "09:30", "10:00", "10:30")
    rows = (f"2026-05-{4 + day:02} {clock},{7 + day % 3}\n" for day in range(days) for clock in clocks)
    (folder / "volumes.csv").write_text("time,contacts\n" + "".join(rows))


@pytest.mark.parametrize("command", [("check",), ("simulate",), ("levers",), ("compare",), ("plan",)])
def test_a_week_alone_shows_no_busyness(tmp_path: Path, command: tuple[str, ...]) -> None:
    path = written(tmp_path, TYPICAL_WEEK)
    volumes(tmp_path, 7)
    names = ("base", "more") if command == ("compare",) else ()
    assert "volumes.csv has no weekday twice" in refused(*command, path, *names)
    volumes(tmp_path, 14)
    assert ruuhka("check", path).exit_code == 0
