"""The comparison with theory is itself put to the test."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from theory import Estimate, Replication, compare

if TYPE_CHECKING:
    from simulator.engine import EngineName


def noise(rng: np.random.Generator, _engine: EngineName) -> Replication:
    """A figure with mean 1 and a control that explains most of it."""
    control = rng.normal(0, 0.02)
    return Replication({"figure": 1 + control + rng.normal(0, 0.01)}, [control])


def test_theory_two_percent_off_is_refuted() -> None:
    compare("noise", noise, {"figure": 1.0}, replications=100)
    with pytest.raises(AssertionError, match="further off"):
        compare("noise", noise, {"figure": 1.02}, replications=100)


def test_engines_that_differ_in_their_last_bits_are_refused() -> None:
    def play(rng: np.random.Generator, engine: EngineName) -> Replication:
        played = noise(rng, engine)
        return Replication({"figure": played.measures["figure"] + 1e-15 * (engine == "reference")}, played.controls)

    with pytest.raises(AssertionError, match="the engines differ in replication 0"):
        compare("noise", play, {"figure": 1.0}, replications=100)


def test_a_wide_interval_is_refused() -> None:
    with pytest.raises(AssertionError, match="too wide"):
        compare("noise", noise, {"figure": 1.0}, replications=5)


def test_intervals_with_controls_cover_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(2000):
        played = [noise(rng, "compiled") for _ in range(20)]
        values = np.array([replication.measures["figure"] for replication in played])
        estimate = Estimate.of(values, np.array([replication.controls for replication in played]))
        covered += abs(estimate.mean - 1) <= estimate.half_width
    assert abs(covered / 2000 - 0.99) < 3 * math.sqrt(0.99 * 0.01 / 2000)
