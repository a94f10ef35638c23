"""A scenario with an outsourcer, and contracts with it, small enough to be priced in an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from small_scenarios import PHONE, written

if TYPE_CHECKING:
    from pathlib import Path

PARTNER = """
[groups.partner]
employer = "outsourced"
cost = "25 EUR/h"
[groups.partner.staffing]
"mon-fri 09:00-11:30" = 2
[groups.partner.skills.phone]
level = 2
[uncertainty]
forecast_cv = "10 %"
[sources]
"groups" = "assumption: an invented team"
"""
"""Whoever is not in-house, of whose costs nothing is known."""

SUPPLIER = """
[suppliers.partner]
title = "The <b>partner</b>"
groups = ["partner"]
wage = "14 EUR/h"
side_costs = "20 %"
overhead = "10 %"
"""
"""What they cost their employer."""

HOURLY = """
title = "By the <hour>"
currency = "EUR"
risk = "The shop carries volume & idle time."
[lines.hours]
unit = "logged hour"
rate = "24 EUR/h"
[engagement]
minimum = "1 month"
[billing]
minimum = "600 EUR"
[sources]
"lines.hours" = "assumption: a round number"
"""
CALLS = """
title = "By the call"
currency = "EUR"
risk = "The supplier carries idle time."
[lines.calls]
unit = "contact"
rate = "5 EUR/contact"
[service_levels.phone]
channels = ["phone"]
definition = "offered"
within = "20 s"
per = "day"
bands.poor = { below = "80 %", malus = "10 %" }
"""


def price_files(folder: Path, scenario: str = PHONE + PARTNER + SUPPLIER) -> tuple[Path, Path, Path]:
    """The scenario and two contracts, as files."""
    return (
        written(folder, scenario, "shop.toml"),
        written(folder, HOURLY, "hourly.toml"),
        written(folder, CALLS, "calls.toml"),
    )
