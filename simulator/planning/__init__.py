"""Searches: grids of agents x levers on the same customers, and the cheapest point that keeps the promise."""

from __future__ import annotations

from simulator.planning.axes import Axis, agents_about, agents_axis, field_axis, parse_values, spread
from simulator.planning.figures import Figure, figures
from simulator.planning.grid import Grid, Place, check_axes, play_grid
from simulator.planning.promise import Cheapest, Promise, Verdict, cheapest
from simulator.planning.store import GridFolder, GridFolderError, identity
from simulator.planning.table import GridRow, rows

__all__ = [
    "Axis",
    "Cheapest",
    "Figure",
    "Grid",
    "GridFolder",
    "GridFolderError",
    "GridRow",
    "Place",
    "Promise",
    "Verdict",
    "agents_about",
    "agents_axis",
    "cheapest",
    "check_axes",
    "field_axis",
    "figures",
    "identity",
    "parse_values",
    "play_grid",
    "rows",
    "spread",
]
