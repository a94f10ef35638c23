"""Results as one JSON document for scripts: every number with its interval, times in seconds, shares from 0 to 1.

Its keys are described in `docs/results.md`. nan and infinity, which JSON does not have, are null: there was nobody to
judge, or too few replications tell an interval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.demand import expected_contacts
from simulator.demand.load import offered_work
from simulator.experiment import CONFIDENCE
from simulator.experiment.formula import FormulaFigures, formula_figures
from simulator.language import speaking
from simulator.measures import MEASURES, PERCENTS, Duration, formulas
from simulator.report.causes import causes_document
from simulator.report.json_output import number
from simulator.report.story import warnings

if TYPE_CHECKING:
    from simulator.experiment import Comparison, Estimate, Experiment
    from simulator.scenario import Scenario


def estimate_document(estimate: Estimate) -> dict[str, float | None]:
    """Value and interval."""
    return {"value": number(estimate.value), "low": number(estimate.low), "high": number(estimate.high)}


def run_document(experiment: Experiment) -> dict[str, object]:
    """What was run."""
    return {
        "title": experiment.scenario.title,
        "scenario_sha256": experiment.scenario.content_hash,
        "seed": experiment.seed,
        "replications": experiment.replications,
        "engine": experiment.engine,
        "confidence": CONFIDENCE,
        "precision_reached": experiment.precision_reached,
    }


@speaking("en")
def experiment_document(experiment: Experiment) -> dict[str, object]:
    """`ruuhka simulate --json`."""
    scenario = experiment.scenario
    by_channel = {
        name: (measure, experiment.estimate(name, ("channel",)))
        for name, measure in MEASURES.items()
        if measure.about == "contacts"
    }
    by_group = {
        name: experiment.estimate(name, ("group",)) for name, measure in MEASURES.items() if measure.about == "agents"
    }
    waits = {each.name.lower(): experiment.wait_quantiles(each) for each in Duration}
    channels = {}
    for c, channel in enumerate(scenario.channels):
        target = experiment.targets[c]
        channels[channel.name] = {
            "kind": channel.kind,
            "measures": {
                name: estimate_document(estimate[c])
                for name, (measure, estimate) in by_channel.items()
                if measure.channels in (None, channel.kind)
            },
            "quantiles": {
                name: {str(percent): estimate_document(each[c, place]) for place, percent in enumerate(PERCENTS)}
                for name, each in waits.items()
                if (name == "time_to_finish") == (channel.kind == "deferred")
            },
            "target": {
                "measure": target.measure.name,
                "share": target.target.share,
                "within": target.target.within,
                "period": target.target.period,
                "attained": estimate_document(target.attained),
                "mean_of_periods": estimate_document(target.mean_of_ratios),
                "p_met": estimate_document(target.met),
                "p_all_met": estimate_document(target.all_met),
            },
        }
    groups = {
        group.name: {name: estimate_document(estimate[g]) for name, estimate in by_group.items()}
        for g, group in enumerate(scenario.groups)
    }
    centre = {
        name: estimate_document(experiment.estimate(name))
        for name, measure in MEASURES.items()
        if measure.about == "centre"
    }
    counts = experiment.diverted()
    diversions = [
        {
            "kind": diversion.kind,
            "name": diversion.name,
            "cost": diversion.cost,
            "channels": {
                channel.name: {name: estimate_document(estimate[d, c]) for name, estimate in counts.items()}
                for c, channel in enumerate(scenario.channels)
            },
        }
        for d, diversion in enumerate(scenario.diversions)
    ]
    return {
        "run": run_document(experiment),
        "channels": channels,
        "groups": groups,
        "centre": centre,
        "diversions": diversions,
        "formulas": formulas(),
    }


@speaking("en")
def comparison_document(comparison: Comparison, names: tuple[str, str]) -> dict[str, object]:
    """`ruuhka compare --json`: both sides, and the paired differences of every measure by channel."""
    scenario = comparison.base.scenario
    differences = {
        channel.name: {
            name: estimate_document(comparison.difference(name, ("channel",))[c])
            for name, measure in MEASURES.items()
            if measure.about == "contacts" and measure.channels in (None, channel.kind)
        }
        for c, channel in enumerate(scenario.channels)
    }
    whole = {
        about: {
            name: estimate_document(comparison.difference(name))
            for name, measure in MEASURES.items()
            if measure.about == about
        }
        for about in ("agents", "centre")
    }
    sides = {"base": experiment_document(comparison.base), "other": experiment_document(comparison.other)}
    return {"variants": list(names), **sides, "differences": {"channels": differences, **whole}}


def story_document(scenario: Scenario) -> dict[str, object]:
    """`ruuhka check --json`: expected contacts and load by channel and interval, and what the formula says."""
    expected, load = expected_contacts(scenario).sum(axis=1), offered_work(scenario)
    channels = {}
    for c, (channel, figures) in enumerate(zip(scenario.channels, formula_figures(scenario), strict=True)):
        formula: dict[str, object] = {"applies": isinstance(figures, FormulaFigures)}
        if isinstance(figures, FormulaFigures):
            formula |= {
                "name": figures.name,
                "service_level": number(figures.service_level),
                "abandonment_ratio": number(figures.abandonment_ratio),
                "asa": number(figures.asa),
                "differences": list(figures.differences),
            }
        else:
            formula["reason"] = figures.reason
        channels[channel.name] = {
            "kind": channel.kind,
            "expected_contacts": [number(value) for value in expected[c]],
            "offered_load": [number(value) for value in load[c]],
            "formula": formula,
        }
    return {
        "title": scenario.title,
        "interval_starts": [
            scenario.calendar.local_datetime(start).isoformat() for start in scenario.calendar.edges[:-1].tolist()
        ],
        "channels": channels,
        "causes": causes_document(scenario),
        "staffing": {group.name: list(group.staffing) for group in scenario.groups},
        "warnings": list(warnings(scenario, expected_contacts(scenario), load)),
    }
