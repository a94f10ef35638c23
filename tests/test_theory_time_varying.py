"""Changing load and changing staff against the differential equations of the queue. Time unit: the mean work."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from centres import make_centre, make_contacts
from exact import time_varying_queue
from scipy.integrate import solve_ivp
from theory import Replication, compare

from simulator.engine import EngineName, simulate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

pytestmark = pytest.mark.slow

EDGES = np.arange(5.0)
STAFFING = (18, 8, 11, 3)
"""Some are idle at the first cut and none at the last; at the rise, some of those told to leave are still there."""
PRESENT = 16
"""Contacts that are there at the start."""
PATIENCE = 1.5
MEAN_RATE, SWING, PEAK, TURN = 18.0, 6.0, 2.0, math.pi / 2


def rate(now: float) -> float:
    """Contacts per mean work: up to the peak in the middle of the day, and down."""
    return MEAN_RATE + SWING * math.cos(TURN * (now - PEAK))


def expected_arrivals(until: Floats) -> Floats:
    """The integral of the rate."""
    wave = np.sin(TURN * (until - PEAK)) + math.sin(TURN * PEAK)
    return np.asarray(MEAN_RATE * until + SWING / TURN * wave)


CLOCK = np.linspace(0, EDGES[-1], 4001)
EXPECTED = expected_arrivals(CLOCK)


def draw_arrivals(rng: np.random.Generator) -> Floats:
    """Those present at the start, then a Poisson process."""
    new = np.interp(rng.uniform(0, EXPECTED[-1], rng.poisson(EXPECTED[-1])), EXPECTED, CLOCK)
    return np.concatenate((np.zeros(PRESENT), np.sort(new)))


def time_between(begin: Floats, end: Floats, edges: Floats) -> Floats:
    """[interval] Time from `begin` to `end` that falls within it, over all contacts."""
    until = np.minimum(end[:, None], edges) - np.minimum(begin[:, None], edges)
    return np.diff(until.sum(axis=0))


def expected_stay(mean: float, edges: Floats) -> Floats:
    """[interval] Expected contact-time if everybody stays from arrival for an exponential time: M(t)/M/∞."""
    solved = solve_ivp(
        lambda now, state: (rate(now) - state[0] / mean, state[0]),
        (0.0, edges[-1]),
        (PRESENT, 0.0),
        method="DOP853",
        t_eval=edges,
        rtol=1e-10,
    )
    return np.diff(solved.y[1])


def test_changing_load_and_staff_follow_the_differential_equations() -> None:
    centre, staffing = make_centre(edges=EDGES, intervals=len(STAFFING)), np.array([STAFFING])
    thirds = np.linspace(0, EDGES[-1], 3 * len(STAFFING) + 1)
    expected_controls = np.concatenate(
        [np.diff(expected_arrivals(thirds)), expected_stay(1.0, thirds), expected_stay(PATIENCE, thirds)]
    )

    def measures(waiting: Floats, busy: Floats, overtime: Floats) -> dict[str, float]:
        """What is compared; too few wait in the first interval for a narrow interval of confidence."""
        return {
            **{f"waiting, interval {i}": waiting[i] for i in (1, 2, 3)},
            **{f"busy, interval {i}": busy[i] for i in (0, 1, 2, 3)},
            **{f"overtime, interval {i}": overtime[i] for i in (1, 3)},
            "overtime, whole day": overtime.sum(),
        }

    def replicate(rng: np.random.Generator, engine: EngineName) -> Replication:
        arrival = draw_arrivals(rng)
        work, patience = rng.exponential(size=len(arrival)), rng.exponential(PATIENCE, len(arrival))
        contacts = make_contacts(arrival, work=work, patience=patience)
        records, ledger = simulate(centre, contacts, staffing, engine)
        wait_ends = np.where(np.isnan(records.wait), centre.horizon, records.entered + records.wait)
        controls = [
            np.histogram(arrival[PRESENT:], thirds)[0],
            time_between(arrival, arrival + work, thirds),
            time_between(arrival, arrival + patience, thirds),
        ]
        return Replication(
            measures(time_between(records.entered, wait_ends, EDGES), ledger.busy[0], ledger.overtime[0]),
            np.concatenate(controls) - expected_controls,
        )

    exact = time_varying_queue(rate, EDGES, STAFFING, PATIENCE, PRESENT, most_present=80)
    theory = measures(exact.waiting, exact.busy, exact.overtime)
    compare("M(t)/M/s(t)+M", replicate, theory, replications=18000)
