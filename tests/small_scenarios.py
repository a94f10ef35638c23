"""Scenario files small enough to be played in an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.scenario import Scenario

PHONE = """
title = "Small day"
[horizon]
start = 2026-06-01
days = 2
interval = "30 min"
[simulation]
replications = 3
seed = 1
[channels.phone]
kind = "live"
hours = "mon-fri 09:00-11:00"
handling_time = { mean = "5 min", distribution = "exponential" }
patience = { mean = "2 min" }
target = { answered = "80 %", within = "20 s" }
[channels.phone.demand]
per_week = 160
weekdays = { mon = 1, tue = 1 }
time_of_day = { "09:00" = 1, "11:00" = 0 }
[groups.team]
cost = "30 EUR/h"
[groups.team.staffing]
"mon-fri 09:00-11:30" = 4
[groups.team.skills.phone]
[variants.more]
title = "One more agent"
"groups.team.extra_agents" = 1
[variants.same]
title = "Nothing changed"
"""
"""One live channel, two days of two hours, 80 contacts a day."""

MAIL = """
[channels.mail]
kind = "deferred"
hours = "mon-fri 09:00-11:00"
handling_time = { mean = "5 min", distribution = "gamma", cv = 0.8 }
target = { answered = "90 %", within = "4 h" }
backlog = { contacts = 5, oldest = "10 h" }
[channels.mail.demand]
per_week = 40
weekdays = { mon = 1, tue = 1 }
time_of_day = { "08:00" = 1, "12:00" = 0 }
[groups.team.skills.mail]
"""
"""A deferred channel to add."""


def written(folder: Path, text: str = PHONE, name: str = "small.toml") -> Path:
    """The scenario as a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def loaded(folder: Path, text: str = PHONE, variant: str | None = None, **overrides: object) -> Scenario:
    """The scenario, read; overrides have `__` for each dot."""
    return load_scenario(
        written(folder, text), variant, {path.replace("__", "."): value for path, value in overrides.items()}
    )
