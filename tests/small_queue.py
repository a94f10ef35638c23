"""A week of one queue, the same in every hour: what theory says of it is known."""

from __future__ import annotations

QUEUE = """
title = "A queue that Erlang A knows"
[horizon]
start = 2026-06-01
days = 7
interval = "1 h"
[channels.phone]
kind = "live"
hours = "always"
handling_time = { mean = "3 min", distribution = "exponential" }
patience = { mean = "2 min" }
target = { answered = "80 %", within = "20 s" }
[channels.phone.demand]
per_week = 10080
weekdays = { mon = 1, tue = 1, wed = 1, thu = 1, fri = 1, sat = 1, sun = 1 }
time_of_day = { "00:00" = 1 }
[groups.team]
employer = "outsourced"
cost = "20 EUR/h"
[groups.team.staffing]
"daily 00:00-24:00" = 4
[groups.team.skills.phone]
[costs.lost_order]
value = "30 EUR"
share = { general = "10 %" }
"""
"""60 calls an hour of three minutes, a load of three agents, day and night."""
