"""Plays days that are over and compares with what happened."""

from __future__ import annotations

from simulator.history.backtest.agreement import Agreement
from simulator.history.backtest.back_test import FOLDS, REPLICATIONS, BackTest, Target, backtest
from simulator.history.backtest.cells import CUTS, HALF_HOUR, Cells, Cut
from simulator.history.backtest.figures import FIGURES, Figure, FigureName
from simulator.history.backtest.outlook import BAND, Outlook
from simulator.history.backtest.reliability import Bin, Reliability
from simulator.history.backtest.window import BackTestError, Window, parse_window, windows_of

__all__ = [
    "BAND",
    "CUTS",
    "FIGURES",
    "FOLDS",
    "HALF_HOUR",
    "REPLICATIONS",
    "Agreement",
    "BackTest",
    "BackTestError",
    "Bin",
    "Cells",
    "Cut",
    "Figure",
    "FigureName",
    "Outlook",
    "Reliability",
    "Target",
    "Window",
    "backtest",
    "parse_window",
    "windows_of",
]
