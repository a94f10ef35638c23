"""The words that reports, charts and pages share, in the spoken language: figures, days, promises, what was run."""

from __future__ import annotations

from simulator.words.days import day_names, day_words, grid_words, horizon_words, span_words, step_words
from simulator.words.fields import apart_words, choice_words, field_help, field_title
from simulator.words.names import (
    cause_words,
    channel_kind_words,
    definition_words,
    employer_words,
    outcome_words,
    period_words,
)
from simulator.words.numbers import (
    estimate_text,
    probability_parts,
    probability_text,
    supported_decimals,
    time_text,
    value_text,
)
from simulator.words.promises import channel_target_words, promise_words, target_words
from simulator.words.run import confidence_words, formula_words, replications_words, run_words

__all__ = [
    "apart_words",
    "cause_words",
    "channel_kind_words",
    "channel_target_words",
    "choice_words",
    "confidence_words",
    "day_names",
    "day_words",
    "definition_words",
    "employer_words",
    "estimate_text",
    "field_help",
    "field_title",
    "formula_words",
    "grid_words",
    "horizon_words",
    "outcome_words",
    "period_words",
    "probability_parts",
    "probability_text",
    "promise_words",
    "replications_words",
    "run_words",
    "span_words",
    "step_words",
    "supported_decimals",
    "target_words",
    "time_text",
    "value_text",
]
