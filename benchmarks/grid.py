"""How long the surface takes: 10 x 10 points of the peak day at 20 replications. `python benchmarks/grid.py`.

Today's scenario is played beside the hundred points. Each measurement has a process of its own, in which a small grid
goes before, so that code is compiled and loaded. The times are on the wall, from the call to the moment at which so
many points are there; what a page does with them is not in it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from machine import machine

from simulator.planning import Axis, agents_axis, field_axis, parse_values, play_grid
from simulator.scenario import Reader, read_source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.planning.grids.axes import Load
    from simulator.scenario import Scenario

HERE = Path(__file__).parent
PEAK_DAY = HERE / "peak-day.toml"
BOT = {"share": "100 %", "containment": "30 %", "time": "1 min", "hours": "always"}
"""A bot in front of the peak day's phone."""
REPLICATIONS = 20
PICTURES = (1, 4, 9, 25, 100)
"""Numbers of points at which the clock is read; with 4 the corners are there, the first picture."""
WORKERS = (1, 2)


def load_of(file: Path, changes: Mapping[str, object]) -> Load:
    """Scenarios of a file, all with these changes."""
    reader = Reader(read_source(file))

    def load(overrides: Mapping[str, object]) -> Scenario:
        return reader.scenario(None, {**changes, **overrides})

    return load


def peak_day_with_bot() -> tuple[Load, tuple[Axis, Axis]]:
    """Agents x containment."""
    load = load_of(PEAK_DAY, {"channels.phone.bot": BOT})
    return load, (
        agents_axis(load, "team", range(200, 380, 18)),
        field_axis("channels.phone.bot.containment", parse_values("0.1:0.55:0.05")),
    )


def peak_day() -> tuple[Load, tuple[Axis, Axis]]:
    """Agents x patience, nobody in front of the agents."""
    load = load_of(PEAK_DAY, {})
    return load, (
        agents_axis(load, "team", range(200, 380, 18)),
        field_axis("channels.phone.patience.mean", parse_values("60 s:240 s:20 s")),
    )


def black_friday_week() -> tuple[Load, tuple[Axis, Axis]]:
    """Agents x containment, seven days of five channels."""
    load = load_of(HERE.parent / "scenarios" / "black-friday.toml", {})
    return load, (
        agents_axis(load, "inhouse", range(8, 18)),
        field_axis("channels.chat.bot.containment", parse_values("0.1:0.55:0.05")),
    )


GRIDS = {
    "peak day with a bot": peak_day_with_bot,
    "peak day": peak_day,
    "Black Friday week": black_friday_week,
}


def measured(name: str, workers: int) -> dict[str, float]:
    """Seconds until so many points are there, and CPU seconds in all; in this process."""
    load, axes = GRIDS[name]()
    for _ in play_grid(load, axes, replications=1, workers=workers):
        break
    wall, cpu = time.perf_counter(), time.process_time()
    found = {}
    for grid in play_grid(load, axes, replications=REPLICATIONS, workers=workers):
        if len(grid.points) in PICTURES:
            found[str(len(grid.points))] = time.perf_counter() - wall
    return {**found, "CPU": time.process_time() - cpu}


def main() -> None:
    """Print a line for each grid and number of threads."""
    parser = argparse.ArgumentParser(description="Seconds until the points of a grid are there.")
    parser.add_argument("grids", nargs="*", metavar="GRID", help=f"of {', '.join(GRIDS)}; by default all")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.measure is not None:
        print(json.dumps(measured(wanted.grids[0], wanted.measure)))
        return
    print(machine())
    print(f"compiled engine; 10 x 10 points, {REPLICATIONS} replications each, warm")
    for name in wanted.grids or GRIDS:
        print(f"\n{name}")
        for workers in WORKERS:
            command = [sys.executable, __file__, name, "--measure", str(workers)]
            told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            cpu = told.pop("CPU")
            points = ", ".join(f"{count} points {seconds:.2f} s" for count, seconds in told.items())
            print(f"  {workers} at work: {points}; CPU {cpu:.1f} s")


if __name__ == "__main__":
    main()
