"""Repeats a scenario until we are sure: replications, confidence intervals, P(target met), paired comparison."""

from __future__ import annotations

from simulator.experiment.centre import CentreFigure, centre_figures, same_customers
from simulator.experiment.compare import Comparison, difference_in_customers
from simulator.experiment.customers import Customers
from simulator.experiment.estimate import CONFIDENCE, Estimate
from simulator.experiment.experiment import Experiment, Precision, TargetResult, grow, run
from simulator.experiment.levers import RANKED_BY, Criterion, Levers, RankedBy, WhatIf, criteria, usual_criterion
from simulator.experiment.overview import ChannelFigures, Figure, overview
from simulator.experiment.replications import usable_processors

__all__ = [
    "CONFIDENCE",
    "RANKED_BY",
    "CentreFigure",
    "ChannelFigures",
    "Comparison",
    "Criterion",
    "Customers",
    "Estimate",
    "Experiment",
    "Figure",
    "Levers",
    "Precision",
    "RankedBy",
    "TargetResult",
    "WhatIf",
    "centre_figures",
    "criteria",
    "difference_in_customers",
    "grow",
    "overview",
    "run",
    "same_customers",
    "usable_processors",
    "usual_criterion",
]
