"""The country whose public holidays a team most likely keeps: that of its time zone."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

from simulator.scenario.calendar import Holidays, public_holidays


def country_of(timezone: str, first: date, last: date) -> str | None:
    """ISO 3166 code of the country of a time zone; None for a zone of no country, or one without known holidays.

    The source is the time zone database's own `zone.tab`.
    """
    table = files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    code = next((country for country, _, zone, *_ in rows if zone == timezone), None)
    try:
        public_holidays(code, range(first.year, last.year + 1))
    except ValueError:
        return None
    return code


def holidays_of(country: str | None) -> Holidays:
    """The public holidays of a country; none at all without one, or for "none"."""
    return Holidays(None if country == "none" else country)
