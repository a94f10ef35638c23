"""What screens say, in the language of whoever reads: words from catalogues, numbers and dates in the language's form.

>>> with speaking("fi"):
...     say("charts.replications", count=20), number(5964.2, 1), percent(0.8)

Files speak no language: scenarios, CSV and JSON are the same for all (`simulator.scenario.units`).
"""

from __future__ import annotations

from simulator.language.catalogue import say
from simulator.language.dates import clock, day, day_and_year, day_of_year, short_day, weekday
from simulator.language.numbers import NOTHING, number, plain, sign
from simulator.language.spoken import LANGUAGES, speaking, spoken
from simulator.language.units import duration, in_units, percent, rounded_duration

__all__ = [
    "LANGUAGES",
    "NOTHING",
    "clock",
    "day",
    "day_and_year",
    "day_of_year",
    "duration",
    "in_units",
    "number",
    "percent",
    "plain",
    "rounded_duration",
    "say",
    "short_day",
    "sign",
    "speaking",
    "spoken",
    "weekday",
]
