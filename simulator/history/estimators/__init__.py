"""Parameters of a model from what happened, each with its interval and how well it fits."""

from __future__ import annotations

from simulator.history.estimators.estimate import Fitted

__all__ = ["Fitted"]
