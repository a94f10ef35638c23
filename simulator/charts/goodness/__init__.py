"""How well a model that was fitted describes what happened: pictures of both, and a page of them."""

from __future__ import annotations

from simulator.charts.goodness.days import days_chart
from simulator.charts.goodness.profile import profile_chart
from simulator.charts.goodness.quantile_pairs import QuantilePairs, quantile_pairs_chart
from simulator.charts.goodness.staffing import staffing_chart
from simulator.charts.goodness.survival import Curve, Observed, survival_chart

__all__ = [
    "Curve",
    "Observed",
    "QuantilePairs",
    "days_chart",
    "profile_chart",
    "quantile_pairs_chart",
    "staffing_chart",
    "survival_chart",
]
