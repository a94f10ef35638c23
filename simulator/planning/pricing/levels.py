"""Demand above and below its forecast: the same scenario, with more or fewer of the same customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario

Scaled = Literal["demand", "rush"]
"""What a level multiplies: all contacts; or only what named days and campaigns bring beyond an ordinary day."""


def at_level(scenario: Scenario, level: float, scaled: Scaled = "demand") -> Scenario:
    """The scenario with so many times its demand, the staffing held."""
    raise NotImplementedError
