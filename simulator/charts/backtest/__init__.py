"""Charts of a back-test: what happened beside what was simulated."""

from __future__ import annotations

from simulator.charts.backtest.beside import days_chart, profile_chart, queues_chart
from simulator.charts.backtest.parity import parity_chart
from simulator.charts.backtest.reliability import reliability_chart

__all__ = ["days_chart", "parity_chart", "profile_chart", "queues_chart", "reliability_chart"]
