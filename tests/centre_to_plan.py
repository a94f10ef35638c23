"""A centre small enough to plan in a test: two groups, phone beside chat and mail, some absent, some on call."""

from __future__ import annotations

TWO_GROUPS = """
title = "Small centre to plan"
[horizon]
start = 2026-06-01
days = 2
interval = "30 min"
[simulation]
replications = 4
seed = 1
[channels.phone]
kind = "live"
hours = "mon-fri 09:00-12:00"
handling_time = { mean = "5 min", distribution = "exponential" }
patience = { mean = "4 min" }
target = { answered = "80 %", within = "1 min" }
[channels.phone.demand]
per_week = 160
weekdays = { mon = 1, tue = 1 }
time_of_day = { "09:00" = 1, "12:00" = 0 }
[channels.chat]
kind = "live"
hours = "mon-fri 09:00-12:00"
slots = 2
slot_speed = [1.0, 0.8]
handling_time = { mean = "6 min", distribution = "exponential" }
patience = { mean = "4 min" }
target = { answered = "75 %", within = "90 s", definition = "abandoned within as met" }
[channels.chat.demand]
per_week = 120
weekdays = { mon = 1, tue = 1 }
time_of_day = { "09:00" = 1, "12:00" = 0 }
[channels.mail]
kind = "deferred"
hours = "mon-fri 09:00-12:00"
interruptible = true
handling_time = { mean = "5 min", distribution = "gamma", cv = 0.8 }
target = { answered = "90 %", within = "4 h" }
backlog = { contacts = 5, oldest = "3 h" }
[channels.mail.demand]
per_week = 40
weekdays = { mon = 1, tue = 1 }
time_of_day = { "08:00" = 1, "12:00" = 0 }
[groups.phones]
cost = "30 EUR/h"
shrinkage = "20 %"
absence = "10 %"
[groups.phones.staffing]
"mon-tue 09:00-12:30" = 4
[groups.phones.skills.phone]
[groups.phones.skills.mail]
[groups.writers]
cost = "24 EUR/h"
[groups.writers.staffing]
"mon-tue 09:00-12:30" = 2
[groups.writers.skills.chat]
[groups.helpers]
cost = "40 EUR/h"
[groups.helpers.staffing]
"mon 09:00-12:30" = 1
[groups.helpers.on_call]
waiting = 3
lead = "30 min"
stay = "1 h"
released_at = 1
[groups.helpers.skills.phone]
[groups.helpers.skills.chat]
"""
