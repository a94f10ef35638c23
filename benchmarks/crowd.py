"""Ten browser sessions at once, each moving sliders for two minutes: `python benchmarks/crowd.py`.

Each answer is held against what its settings give alone. It ends with an error if one is wrong, if anything breaks, or
if memory, that of the server, grows. The first half of the time is to warm up: sessions, charts and answers that are
kept. `.ci/run` has it as a step of its own.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from machine import machine

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from conftest import BROWSER
from crowd_of_sessions import Crowd
from served import Server, furnish, launched

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_GROWTH = 20.0
"""MiB in the second half of the time; 1 to 2 were measured. What is kept of some 75 moves would be far more."""


def lasting(seconds: float) -> Iterator[bool]:
    """Whether the time has not passed yet; it begins when that is asked first, after all sessions have been opened."""
    end = time.monotonic() + seconds
    while True:
        yield time.monotonic() < end


def main() -> None:
    """Print memory every now and then, and in the end what was done."""
    parser = argparse.ArgumentParser(description="Many browser sessions at once, each moving sliders.")
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=120.0)
    wanted = parser.parse_args()
    if BROWSER is None:
        sys.exit("There is no Chromium or Chrome here.")
    print(machine())
    memory: list[float] = []
    with tempfile.TemporaryDirectory() as name, Server(furnish(Path(name) / "workspace"), Path(name) / "log") as server:
        for browser in launched(BROWSER):
            crowd = Crowd(browser, server, wanted.sessions)
            time_left = lasting(wanted.seconds)
            for _ in crowd.keep_moving(partial(next, time_left)):
                memory.append(server.megabytes)
                print(f"{crowd.answers} answers, {memory[-1]:,.0f} MiB", flush=True)
    print(f"{wanted.sessions} sessions, {crowd.moves} moves, {crowd.answers} answers looked at, all as they should be")
    first, middle, last = memory[0], memory[len(memory) // 2], memory[-1]
    print(f"memory of the server: {first:,.0f} MiB, half way {middle:,.0f}, at the end {last:,.0f}")
    if last - middle > MOST_GROWTH:
        sys.exit(f"It has grown by more than {MOST_GROWTH:g} MiB in the second half.")


if __name__ == "__main__":
    main()
