"""Draw the picture of README.md, docs/black-friday.png, from a run of the shipped scenario.

python docs/make_picture.py
"""

from __future__ import annotations

from pathlib import Path

from simulator.charts import write_png
from simulator.experiment import run, usable_processors
from simulator.scenario import load_scenario

ROOT = Path(__file__).resolve().parent.parent
REPLICATIONS = 40
"""Enough for bands that do not look like luck."""


def main() -> None:
    """Play the scenario and write the picture."""
    scenario = load_scenario(ROOT / "scenarios" / "black-friday.toml")
    experiment = run(scenario, replications=REPLICATIONS, workers=usable_processors())
    write_png(experiment, ROOT / "docs" / "black-friday.png")


if __name__ == "__main__":
    main()
