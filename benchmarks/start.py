"""How long the command takes from the shell, imports and all: `python benchmarks/start.py`."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import machine

ROOT = Path(__file__).resolve().parent.parent
RUUHKA = Path(sys.executable).with_name("ruuhka")
HELP = ("--help",)
SMALL = ("simulate", str(ROOT / "scenarios" / "phone-team.toml"))


def seconds(arguments: tuple[str, ...], **environment: str) -> float:
    """On the wall, from the call to the end."""
    start = time.perf_counter()
    subprocess.run([RUUHKA, *arguments], env={**os.environ, **environment}, capture_output=True, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Print a line a command."""
    parser = argparse.ArgumentParser(description="Wall time of the command from the shell.")
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    print(f"{machine()}; medians of {rounds}")
    for arguments in (HELP, SMALL):
        seconds(arguments)  # files are in memory, code is compiled
        each = [seconds(arguments) for _ in range(rounds)]
        shown = " ".join(argument.removeprefix(f"{ROOT}/") for argument in arguments)
        print(f"ruuhka {shown}: {statistics.median(each):.2f} s ({min(each):.2f} to {max(each):.2f})")
    with tempfile.TemporaryDirectory() as empty:
        print(f"the same with nothing compiled yet: {seconds(SMALL, NUMBA_CACHE_DIR=empty):.1f} s")


if __name__ == "__main__":
    main()
