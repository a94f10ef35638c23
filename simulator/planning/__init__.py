"""Searches: grids of agents x levers on the same customers, and the cheapest point that keeps the promise."""

from __future__ import annotations

from simulator.planning.grids.axes import Axis, agents_about, agents_axis, field_axis, parse_values, spread
from simulator.planning.grids.figures import Figure, figures
from simulator.planning.grids.grid import Grid, Place, check_axes, play_grid
from simulator.planning.grids.promise import Cheapest, Promise, Verdict, cheapest
from simulator.planning.grids.store import GridFolder, GridFolderError, identity
from simulator.planning.grids.table import GridRow, rows
from simulator.planning.staffing.goal import Goal
from simulator.planning.staffing.requirement import Requirement, require
from simulator.planning.staffing.spreadsheet import erlang_c_staffing, on_the_roster
from simulator.planning.staffing.whole_agents import FullTime, Rounding, full_time, rounding

__all__ = [
    "Axis",
    "Cheapest",
    "Figure",
    "FullTime",
    "Goal",
    "Grid",
    "GridFolder",
    "GridFolderError",
    "GridRow",
    "Place",
    "Promise",
    "Requirement",
    "Rounding",
    "Verdict",
    "agents_about",
    "agents_axis",
    "cheapest",
    "check_axes",
    "erlang_c_staffing",
    "field_axis",
    "figures",
    "full_time",
    "identity",
    "on_the_roster",
    "parse_values",
    "play_grid",
    "require",
    "rounding",
    "rows",
    "spread",
]
