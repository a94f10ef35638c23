"""Repeats a scenario until we are sure: replications, confidence intervals, P(target met), paired comparison."""

from __future__ import annotations

from simulator.experiment.compare import Comparison, difference_in_customers
from simulator.experiment.customers import Customers
from simulator.experiment.estimate import CONFIDENCE, Estimate
from simulator.experiment.experiment import Experiment, Precision, TargetResult, run
from simulator.experiment.levers import RANKED_BY, Criterion, Levers, RankedBy, WhatIf, criteria, usual_criterion
from simulator.experiment.replications import usable_processors

__all__ = [
    "CONFIDENCE",
    "RANKED_BY",
    "Comparison",
    "Criterion",
    "Customers",
    "Estimate",
    "Experiment",
    "Levers",
    "Precision",
    "RankedBy",
    "TargetResult",
    "WhatIf",
    "criteria",
    "difference_in_customers",
    "run",
    "usable_processors",
    "usual_criterion",
]
