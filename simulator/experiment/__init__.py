"""Repeats a scenario until we are sure: replications, confidence intervals, P(target met), paired comparison."""

from __future__ import annotations

from simulator.experiment.compare import Comparison, difference_in_customers
from simulator.experiment.estimate import CONFIDENCE, Estimate
from simulator.experiment.experiment import Experiment, Precision, TargetResult, run
from simulator.experiment.replications import usable_processors

__all__ = [
    "CONFIDENCE",
    "Comparison",
    "Estimate",
    "Experiment",
    "Precision",
    "TargetResult",
    "difference_in_customers",
    "run",
    "usable_processors",
]
