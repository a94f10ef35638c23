"""Scenarios as somebody uploads them: the text, and CSV files in memory."""

from __future__ import annotations

import gzip
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from simulator.scenario import Reader, read_upload

if TYPE_CHECKING:
    from pathlib import Path


def _calls() -> bytes:
    """Five-minute counts of a fortnight, in the place of the US bank's, which are not in this repository."""
    rows = [
        f"{date(2003, 3, 3) + timedelta(days=day)} {minute // 60:02}:{minute % 60:02}:00,{(7 * minute + day) % 90}"
        for day in range(14)
        for minute in range(7 * 60, 21 * 60 + 5, 5)
    ]
    return gzip.compress("\n".join(["datetime,calls", *rows]).encode(), mtime=0)


@cache
def uploaded(path: Path) -> Reader:
    """A scenario file with the CSV files beside it."""
    files = {each.name: each.read_bytes() for each in path.parent.glob("*.csv*")}
    files["us_bank_calls_2003_5min_days_1_120.csv.gz"] = _calls()
    return Reader(read_upload(path.name, path.read_bytes(), files))
