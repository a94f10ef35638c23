"""A fit as one JSON document for scripts: times in seconds, shares from 0 to 1, every figure with its interval."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.fitted_scenario import CallsFit, IntervalsFit
from simulator.report.json_output import number
from simulator.scenario.paths import join_path

if TYPE_CHECKING:
    from simulator.history.fitted_scenario import FittedScenario

_LEFT_OUT = {"counts", "trained", "survival", "log_likelihood", "parameters"}
"""What was fitted to, and what only the fit itself needs: the history has it."""


def fit_document(fit: FittedScenario) -> dict[str, object]:
    """`ruuhka fit --json`."""
    return {
        "kind": {CallsFit: "calls", IntervalsFit: "intervals"}.get(type(fit.found)),
        "found": _plain(fit.found),
        "tickets": _plain(fit.tickets),
        "orders": _plain(fit.orders),
        "left_aside": list(fit.left_aside),
        "played": _plain(fit.level),
        "scenario": {
            join_path(field.path): {"value": _plain(field.value), "interval": field.comment, "source": field.source}
            for field in fit.fields
        },
    }


def _plain(value: object) -> object:
    """A value in JSON's terms; what is no number is null."""
    if is_dataclass(value):
        return {
            field.name: _plain(getattr(value, field.name)) for field in fields(value) if field.name not in _LEFT_OUT
        }
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, int | np.integer) else number(value)
