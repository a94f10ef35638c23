"""Human units: what may be written, what it means, and that nothing is lost on the way back."""

from __future__ import annotations

import math
from datetime import date, time
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.scenario.units import (
    Money,
    format_clock,
    format_duration,
    format_money,
    format_seconds,
    format_share,
    parse_clock,
    parse_duration,
    parse_factor,
    parse_money,
    parse_share,
)

if TYPE_CHECKING:
    from collections.abc import Callable

PARSERS: tuple[Callable[[object], object], ...] = (
    parse_duration,
    parse_share,
    parse_factor,
    parse_money,
    parse_clock,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("6 min", 360),
        ("90 s", 90),
        ("90 sec", 90),
        ("20s", 20),
        ("1.5 h", 5400),
        ("24 h", 86_400),
        ("2 d", 172_800),
        ("1 wk", 604_800),
        ("1 h 30 min", 5400),
        ("1h30min", 5400),
        ("1 wk 1 d 1 h 1 min 1.5 s", 604_800 + 86_400 + 3600 + 60 + 1.5),
        ("1:30", 90),
        ("90:00", 5400),
        ("1:02:03", 3723),
        ("  6 min ", 360),
        ("6\u00a0min", 360),
        ("0 s", 0),
        ("0", 0),
        (0, 0),
        (0.0, 0),
    ],
)
def test_a_length_of_time_is_read_in_every_form(text: object, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    ["1:60", "1:60:00", "1:5", "30 min 1 h", "1 h 1 h", "5 s 3 sec", "6 mins", "6 m", "-6 min", "+6 min", "6", ""],
)
def test_what_is_not_a_length_of_time_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match=r'is not a length of time: .* as in "90 s", "6 min"'):
        parse_duration(text)


def test_a_bare_number_is_refused_for_its_missing_unit() -> None:
    with pytest.raises(ValueError, match=r"^30 has no unit: write a number and a unit \(s, sec, min, h, d, wk\)"):
        parse_duration(30)


def test_a_time_too_long_for_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a length of time"):
        parse_duration("9" * 400 + " s")


@pytest.mark.parametrize(
    ("parse", "text"), [(parse_duration, "1,5 h"), (parse_share, "2,5 %"), (parse_money, "9,90 EUR")]
)
def test_who_writes_a_decimal_comma_is_told_of_the_point(parse: Callable[[object], object], text: str) -> None:
    with pytest.raises(ValueError, match="Write decimals with a point"):
        parse(text)


@given(st.fractions(min_value=0, max_value=1000, max_denominator=10), st.sampled_from(["s", "min", "h", "d", "wk"]))
def test_decimals_are_exact_to_the_last_bit(number: Fraction, unit: str) -> None:
    tenths = Fraction(round(number * 10), 10)
    size = {"s": 1, "min": 60, "h": 3600, "d": 86_400, "wk": 604_800}[unit]
    assert parse_duration(f"{float(tenths)} {unit}") == float(tenths * size)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (-0.0, "0 s"),
        (12.5, "12.5 s"),
        (90, "1 min 30 s"),
        (360, "6 min"),
        (5400, "1 h 30 min"),
        (86_400, "24 h"),
        (172_800, "48 h"),
        (259_200, "3 d"),
        (5 * 86_400 + 60, "5 d 1 min"),
    ],
)
def test_a_length_of_time_is_written_the_way_a_planner_would(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@given(st.floats(min_value=0, allow_infinity=False))
def test_a_written_length_of_time_reads_back_to_the_same_number(seconds: float) -> None:
    assert parse_duration(format_duration(seconds)) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00"),
        (7.4, "0:07"),
        (7.5, "0:08"),
        (59.6, "1:00"),
        (83, "1:23"),
        (3599.5, "1:00:00"),
        (36_723, "10:12:03"),
    ],
)
def test_a_wait_is_shown_to_the_nearest_second(seconds: float, text: str) -> None:
    assert format_seconds(seconds) == text


@given(st.integers(min_value=0, max_value=10**7))
def test_a_shown_wait_of_whole_seconds_reads_back_to_the_same_number(seconds: int) -> None:
    assert parse_duration(format_seconds(seconds)) == seconds


@pytest.mark.parametrize("write", [format_duration, format_seconds])
@pytest.mark.parametrize("seconds", [-1.0, math.nan, math.inf])
def test_an_impossible_length_of_time_is_not_written(write: Callable[[float], str], seconds: float) -> None:
    with pytest.raises(ValueError, match="finite and not negative"):
        write(seconds)


@pytest.mark.parametrize(
    ("value", "share"),
    [("35 %", 0.35), ("35%", 0.35), (0.35, 0.35), ("0 %", 0), ("100 %", 1), (1, 1), (0, 0), ("0.1 %", 0.001)],
)
def test_a_share_is_read_as_a_percentage_or_a_number(value: object, share: float) -> None:
    assert parse_share(value) == share


def test_a_bare_35_is_refused_with_what_it_would_mean() -> None:
    with pytest.raises(ValueError, match=r'^35 is not a share: .* 35 means 3500 %; did you mean "35 %"\?$'):
        parse_share(35)


@pytest.mark.parametrize("value", ["101 %", "-1 %", "+5 %", "0.35", "", -0.1, 1.01, 10**400])
def test_what_is_not_a_share_is_refused_with_the_range(value: object) -> None:
    with pytest.raises(ValueError, match=r'is not a share: write "35 %" or 0.35, from 0 % to 100 %'):
        parse_share(value)


@given(st.floats(min_value=0, max_value=1))
def test_a_written_share_reads_back_to_the_same_number(share: float) -> None:
    assert parse_share(format_share(share)) == share


@pytest.mark.parametrize(
    ("share", "text"), [(0.35, "35 %"), (0.125, "12.5 %"), (0, "0 %"), (-0.0, "0 %"), (1, "100 %")]
)
def test_a_share_is_written_as_a_percentage(share: float, text: str) -> None:
    assert format_share(share) == text


@pytest.mark.parametrize("share", [-0.01, 1.01, math.nan])
def test_what_is_not_a_share_is_not_written(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        format_share(share)


@pytest.mark.parametrize(
    ("value", "factor"),
    [(1.2, 1.2), ("120 %", 1.2), ("+20 %", 1.2), ("-10 %", 0.9), ("-100 %", 0), ("+0 %", 1), (0, 0), (3, 3)],
)
def test_a_factor_is_read_as_a_number_a_percentage_or_a_change(value: object, factor: float) -> None:
    assert parse_factor(value) == factor


@given(st.integers(min_value=-100, max_value=10_000))
def test_a_change_and_the_whole_percentage_are_the_same_factor(change: int) -> None:
    assert parse_factor(f"{change:+} %") == parse_factor(f"{100 + change} %") == float(Fraction(100 + change, 100))


@pytest.mark.parametrize("value", ["-101 %", -0.1, "1.2", "20", ""])
def test_what_is_not_a_factor_is_refused_with_the_forms(value: object) -> None:
    with pytest.raises(ValueError, match=r'is not a factor: write 1.2, "120 %", "\+20 %" or "-10 %"'):
        parse_factor(value)


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("27 EUR/h", Money(27.0, "EUR", "h")),
        ("27.50 EUR / h", Money(27.5, "EUR", "h")),
        ("500 EUR", Money(500.0, "EUR")),
        ("0.035 SEK/min", Money(0.035, "SEK", "min")),
        ("4 USD/contact", Money(4.0, "USD", "contact")),
        ("1 EUR/session", Money(1.0, "EUR", "session")),
        ("1 EUR/order", Money(1.0, "EUR", "order")),
        ("1 EUR/month", Money(1.0, "EUR", "month")),
    ],
)
def test_money_is_read_with_its_currency_and_what_it_is_per(text: str, money: Money) -> None:
    assert parse_money(text) == money


@pytest.mark.parametrize("text", ["27", "EUR 27", "27 eur", "27 €/h", "1 000 EUR", "27 EUR/", "9" * 400 + " EUR"])
def test_what_is_not_money_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match=r'is not an amount of money: .* as in "500 EUR" or "27 EUR/h"'):
        parse_money(text)


def test_an_unknown_price_unit_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="per hour; a price may be per h, min, contact, session, order, month"):
        parse_money("27 EUR/hour")


def test_negative_money_needs_leave() -> None:
    with pytest.raises(ValueError, match=r'^"-500 EUR" is negative; allowed is 0 EUR or more'):
        parse_money("-500 EUR")
    assert parse_money("-500 EUR", allow_negative=True) == Money(-500.0, "EUR")


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["EUR", "SEK"]),
    st.sampled_from([None, "h", "min", "contact", "session", "order", "month"]),
)
def test_written_money_reads_back_to_the_same(amount: float, currency: str, per: str | None) -> None:
    text = f"{amount:.400f} {currency}" + (f"/{per}" if per else "")
    money = parse_money(text, allow_negative=True)
    assert money.amount == pytest.approx(amount, abs=1e-300)
    assert parse_money(format_money(money), allow_negative=True) == money


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(27.0, "EUR", "h"), "27 EUR/h"),
        (Money(27.5, "EUR", "h"), "27.50 EUR/h"),
        (Money(0.035, "EUR", "min"), "0.035 EUR/min"),
        (Money(-1200.0, "EUR"), "-1200 EUR"),
        (Money(-0.0, "EUR"), "0 EUR"),
    ],
)
def test_money_is_written_with_two_decimals_or_none(money: Money, text: str) -> None:
    assert format_money(money) == text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("00:00", 0), ("08:15", 29_700), ("8:15", 29_700), ("23:59:59", 86_399), ("24:00", 86_400)],
)
def test_a_time_of_day_is_read_as_seconds_after_midnight(text: str, seconds: int) -> None:
    assert parse_clock(text) == seconds


@pytest.mark.parametrize(
    "value", ["24:01", "24:00:01", "08:60", "08:15:60", "8.15", "8", "-1:00", "99:00", 815, time(8, 15)]
)
def test_what_is_not_a_time_of_day_is_refused_with_the_range(value: object) -> None:
    with pytest.raises(
        ValueError, match=r'is not a time of day: write hours and minutes in quotes, from "00:00" to "24:00"'
    ):
        parse_clock(value)


@given(st.integers(min_value=0, max_value=86_400))
def test_a_written_time_of_day_reads_back_to_the_same_second(seconds: int) -> None:
    assert parse_clock(format_clock(seconds)) == seconds
    assert len(format_clock(seconds)) == (8 if seconds % 60 else 5)


@pytest.mark.parametrize("seconds", [-1, 86_401, 0.5, math.nan])
def test_what_is_not_a_time_of_day_is_not_written(seconds: int) -> None:
    with pytest.raises(ValueError, match="is not a time of day"):
        format_clock(seconds)


@pytest.mark.parametrize("parse", PARSERS)
@pytest.mark.parametrize("value", [True, False, None, math.nan, math.inf, -math.inf, -1, [], {}, date(2026, 11, 27)])
def test_what_is_neither_text_nor_a_fitting_number_is_refused(parse: Callable[[object], object], value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(value)


@pytest.mark.parametrize("parse", PARSERS)
@given(text=st.text(alphabet="0123456789.,:+-/% smhindwkECUR", max_size=12) | st.text(max_size=6))
def test_any_text_gives_a_finite_number_or_a_value_error(parse: Callable[[object], object], text: str) -> None:
    try:
        value = parse(text)
    except ValueError as error:
        assert str(error).startswith(f'"{text}"')  # noqa: PT017  either way is fine, but one of them
        return
    number = value.amount if isinstance(value, Money) else value
    assert isinstance(number, int | float)
    assert 0 <= number < math.inf
