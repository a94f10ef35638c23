"""A back-test as one JSON document. Its keys are described in `docs/backtest.md`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.experiment import CONFIDENCE
from simulator.history.backtest import BAND, CUTS, FIGURES
from simulator.report.document import estimate_document
from simulator.report.json_output import number

if TYPE_CHECKING:
    from simulator.history.backtest import Agreement, BackTest, Cut, Reliability


def backtest_document(test: BackTest) -> dict[str, object]:
    """`ruuhka backtest --json`."""
    return {
        "run": run_document(test),
        "learnt": {"availability": test.availability, "size_reached": test.size_reached},
        "agreement": {cut: {name: agreement_document(test.agreement(cut, name)) for name in FIGURES} for cut in CUTS},
        "chances": {cut: chances_document(test, cut) for cut in CUTS},
        "days": days_document(test),
    }


def run_document(test: BackTest) -> dict[str, object]:
    """What was played."""
    return {
        "train": {"first": test.train.first.isoformat(), "last": test.train.last.isoformat()},
        "test": {"first": test.test.first.isoformat(), "last": test.test.last.isoformat()},
        "training_days": len(test.training_days),
        "test_days": len(test.test_days),
        "left_out": {day.isoformat(): why for day, why in test.left_out.items()},
        "target": {"share": test.target.share, "within": test.target.within},
        "arrivals": test.arrivals,
        "replications": test.replications,
        "seed": test.seed,
        "band": BAND,
        "confidence": CONFIDENCE,
    }


def agreement_document(found: Agreement) -> dict[str, object]:
    """How well one figure agrees."""
    return {
        "cells": found.cells,
        "rank_correlation": estimate_document(found.rank_correlation),
        "ratio": None if found.ratio is None else {**estimate_document(found.ratio), "cells": found.ratio.replications},
        "difference": estimate_document(found.difference),
        "distance": estimate_document(found.distance),
        "held_by_luck": estimate_document(found.held_by_luck),
        "held": None if found.held is None else estimate_document(found.held),
    }


def chances_document(test: BackTest, cut: Cut) -> dict[str, object]:
    """P(target met) of cells of one cut, against what came."""
    known = test.error(cut, "service_level") is not None
    return {
        "luck_alone": reliability_document(test.reliability(cut, luck_alone=True)),
        "with_error": reliability_document(test.reliability(cut)) if known else None,
    }


def reliability_document(found: Reliability) -> dict[str, object]:
    """Chances of one kind."""
    return {
        "cells": found.cells,
        "predicted": number(found.predicted),
        "met": number(found.met),
        "brier": number(found.brier),
        "brier_of_share": number(found.brier_of_share),
        "skill": number(found.skill),
        "bins": [
            {
                "low": each.low,
                "high": each.high,
                "cells": each.cells,
                "predicted": each.predicted,
                "met": estimate_document(each.met),
            }
            for each in found.bins
        ],
    }


def days_document(test: BackTest) -> list[dict[str, object]]:
    """Every test day, with what was observed and simulated of each figure, and P(target met)."""
    outlooks = {name: (test.outlook("day", name, luck_alone=True), test.outlook("day", name)) for name in FIGURES}
    chance, met = test.chance("day"), test.met("day")
    return [
        {
            "day": day.isoformat(),
            "figures": {
                name: {
                    "observed": number(luck.observed[k]),
                    "simulated": number(luck.simulated[k]),
                    "luck_low": number(luck.low[k]),
                    "luck_high": number(luck.high[k]),
                    "low": number(whole.low[k]),
                    "high": number(whole.high[k]),
                }
                for name, (luck, whole) in outlooks.items()
            },
            "p_met": number(chance[k]),
            "met": bool(met[k]),
        }
        for k, day in enumerate(test.test_days)
    ]
