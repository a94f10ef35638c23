"""Charts of an experiment: of its estimates and bands, and of nothing else."""

from __future__ import annotations

from simulator.charts.backlog import backlog_chart
from simulator.charts.break_even import CostCurve, Flip, break_even_chart, flip_words
from simulator.charts.heat import heat_map
from simulator.charts.levers import levers_chart, levers_figure, write_levers_png
from simulator.charts.look import dressed
from simulator.charts.margin import margin_chart, margins_chart
from simulator.charts.page import page, write_page
from simulator.charts.picture import picture, png, write_png
from simulator.charts.promise import promise_chart
from simulator.charts.requirement import requirement_chart
from simulator.charts.surface import POINT, surface_chart, surface_figure
from simulator.charts.variants import variants_chart
from simulator.charts.wait import wait_axis, wait_chart
from simulator.charts.waves import waves_chart, write_waves_png
from simulator.charts.window import WINDOW, dragged

__all__ = [
    "POINT",
    "WINDOW",
    "CostCurve",
    "Flip",
    "backlog_chart",
    "break_even_chart",
    "dragged",
    "dressed",
    "flip_words",
    "heat_map",
    "levers_chart",
    "levers_figure",
    "margin_chart",
    "margins_chart",
    "page",
    "picture",
    "png",
    "promise_chart",
    "requirement_chart",
    "surface_chart",
    "surface_figure",
    "variants_chart",
    "wait_axis",
    "wait_chart",
    "waves_chart",
    "write_levers_png",
    "write_page",
    "write_png",
    "write_waves_png",
]
