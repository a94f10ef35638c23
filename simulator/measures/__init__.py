"""Judges what happened: every measure defined once, with its numerator and denominator.

`summarise` turns the tables of one replication into sums and quantiles, `evaluate` divides the sums of a measure of
`MEASURES` along any axes, a `Sample` gives them for many replications at once, and `target_outcomes` holds them against
the scenario's promises.
"""

from __future__ import annotations

from simulator.measures.backlog import Backlog
from simulator.measures.conservation import conservation_faults
from simulator.measures.definitions import MEASURES, SERVICE_LEVELS, WITHIN_DUE, formulas, target_measure
from simulator.measures.measure import ELAPSED, Axis, Measure, Subject, Unit, evaluate, ratio, sums
from simulator.measures.part import EVERYTHING, ONLY_SUMS, Part
from simulator.measures.prices import Price
from simulator.measures.sample import Sample
from simulator.measures.several import several_sums
from simulator.measures.summary import Summary, summarise
from simulator.measures.tallies import AgentTally, CentreTally, ContactTally
from simulator.measures.targets import TargetOutcome, target_outcomes
from simulator.measures.waits import PERCENTS, Duration, Waits
from simulator.measures.yardstick import Period, Yardstick

__all__ = [
    "ELAPSED",
    "EVERYTHING",
    "MEASURES",
    "ONLY_SUMS",
    "PERCENTS",
    "SERVICE_LEVELS",
    "WITHIN_DUE",
    "AgentTally",
    "Axis",
    "Backlog",
    "CentreTally",
    "ContactTally",
    "Duration",
    "Measure",
    "Part",
    "Period",
    "Price",
    "Sample",
    "Subject",
    "Summary",
    "TargetOutcome",
    "Unit",
    "Waits",
    "Yardstick",
    "conservation_faults",
    "evaluate",
    "formulas",
    "ratio",
    "several_sums",
    "summarise",
    "sums",
    "target_measure",
    "target_outcomes",
]
