"""Cells that hold values, not text, as text in one unambiguous form.

A number never has exactly three digits behind its point, which could stand for thousands; a date is 2026-11-27, a
length of time 0:04:12, a share 94 %.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite


def cell_text(value: object, number_format: str = "") -> str:
    """The text of a cell's value.

    Parameters
    ----------
    value
        As a workbook or a Parquet file has it.
    number_format
        How a workbook shows it: it tells shares from numbers, and dates from moments.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and not isfinite(value):
        return ""
    if isinstance(value, int | float | Decimal):
        return _number_text(value, number_format)
    if isinstance(value, datetime):
        return _moment_text(value, number_format)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        moment = datetime.combine(date.min, value)
        return _length_text(moment - datetime.min)
    if isinstance(value, timedelta):
        return _length_text(value)
    return str(value).strip()


def _number_text(value: float | Decimal, number_format: str) -> str:
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    percent = "%" in number_format
    text = f"{number.scaleb(2) if percent else number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if len(text.partition(".")[2]) == 3:
        text += "0"
    return f"{text} %" if percent else text


def _moment_text(value: datetime, number_format: str) -> str:
    if value.year < 1901:  # a length of time of a day or more, in a format made for times of day
        # A sheet counts days from the end of 1899, and one too many from March 1900 on.
        return _length_text(value - datetime(1899, 12, 31 if value < datetime(1900, 3, 1) else 30))
    rounded = value + timedelta(microseconds=500_000)
    if "h" in number_format.lower() or value.time() != time():
        return rounded.replace(microsecond=0).isoformat(" ")
    return value.date().isoformat()


def _length_text(length: timedelta) -> str:
    seconds = round(length.total_seconds(), 2)
    whole = int(abs(seconds))
    rest = f"{abs(seconds) - whole:.2f}"[1:].rstrip("0").rstrip(".")
    sign = "-" if seconds < 0 else ""
    return f"{sign}{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}{rest}"
