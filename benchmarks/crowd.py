"""Ten browser sessions at once, each moving sliders for two minutes: `python benchmarks/crowd.py`.

Each answer is held against what its settings give alone. It ends with an error if one is wrong, or if anything breaks.
The first half of the time is to warm up: sessions, charts and answers that are kept. Memory is that of the server.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from machine import machine

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from conftest import BROWSER
from crowd_of_sessions import Crowd
from served import Server, furnish, launched


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
    with tempfile.TemporaryDirectory() as folder:
        with Server(furnish(Path(folder) / "workspace"), Path(folder) / "log") as server:
            for browser in launched(BROWSER):
                crowd = Crowd(browser, server, wanted.sessions)
                start = time.monotonic()
                for _ in crowd.keep_moving(lambda: time.monotonic() - start < wanted.seconds):
                    memory.append(server.megabytes)
                    print(
                        f"{time.monotonic() - start:6.1f} s: {crowd.answers} answers, {memory[-1]:,.0f} MiB", flush=True
                    )
    print(f"{wanted.sessions} sessions, {crowd.moves} moves, {crowd.answers} answers looked at, all as they should be")
    print(
        f"memory of the server: {memory[0]:,.0f} MiB, half way {memory[len(memory) // 2]:,.0f}, at the end {memory[-1]:,.0f}"
    )


if __name__ == "__main__":
    main()
