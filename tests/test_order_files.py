"""Orders and campaigns in scenario files: what is read, what is refused, and how the UCI orders become a scenario."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from simulator.demand import contacts_by_cause, expected_contacts
from simulator.report.causes import causes_document, causes_frame, causes_table
from simulator.scenario import Scenario, ScenarioError, load_scenario
from simulator.scenario.delays import shares_by_day
from simulator.scenario.model import Distribution, HistoryDemand, ProfileDemand, Push

ROOT = Path(__file__).resolve().parents[1]
DAY = 86_400.0

SHOP = """
[horizon]
start = 2026-11-23
days = 7

[topics]
product = "Product question"
delivery = "Where is my order"

[channels.phone]
kind = "live"
hours = "mon-fri 08:00-16:00"
handling_time = "6 min"
patience = "3 min"
target = { answered = "80 %", within = "20 s" }

[channels.mail]
kind = "deferred"
hours = "mon-fri 08:00-16:00"
handling_time = "6 min"
target = { answered = "80 %", within = "8 h" }

[groups.team]
staffing = { "mon-fri 08:00-16:00" = 5 }
[groups.team.skills.phone]
[groups.team.skills.mail]

[orders.contacts.delivery]
per_order = 0.5
delay = { mean = "3 d", distribution = "constant" }
channels = { phone = "60 %", mail = "40 %" }

[orders.contacts.before]
topic = "product"
per_order = 0.1
lead = { mean = "1 d", distribution = "constant" }
channels = { mail = "100 %" }
"""
PROFILE = """
[orders.curve]
per_week = 700
weekdays = { mon = 1, tue = 1, wed = 1, thu = 1, fri = 1, sat = 1, sun = 1 }
"""
FILE = """
[orders.curve]
file = "orders.csv"
use = "{use}"
missing_days = "{missing}"
"""
CAMPAIGNS = """
[campaigns.rush]
title = "The rush"
on = "orders"
start = "2026-11-20 00:00"
ramp = "12 h"
end = "2026-11-21 24:00"
half_life = "6 h"
uplift = "+100 %"
handling_time = "+10 %"

[campaigns.letter]
channels = ["mail"]
pushes = [
  { at = "2026-11-24 10:00", extra = 30 },
  { at = "2026-11-25 10:00", share_of_day = "20 %", half_life = "5 min" },
]

[day_factors.black]
on = "orders"
dates = [2026-11-19]
factor = 2
"""


def loaded(folder: Path, text: str, orders: str = "") -> Scenario:
    (folder / "orders.csv").write_text(orders, encoding="utf-8")
    path = folder / "shop.toml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def refusal(folder: Path, text: str, orders: str = "") -> str:
    with pytest.raises(ScenarioError) as refused:
        loaded(folder, text, orders)
    return str(refused.value)


def daily_orders(first: date, counts: list[float]) -> str:
    return "time,orders\n" + "".join(f"{first + timedelta(days=k)},{count}\n" for k, count in enumerate(counts))


def by_day(scenario: Scenario) -> list[list[float]]:
    """[channel][day] Expected contacts."""
    expected = expected_contacts(scenario).sum(axis=1)
    return [np.bincount(scenario.calendar.day_of_interval, each).tolist() for each in expected]


def test_what_orders_bring_to_a_channel_that_opens_later_goes_to_the_others_before(tmp_path: Path) -> None:
    opening = '[openings.mail]\nstart = "2026-11-25 {}"\n'
    # 100 orders a day, of whom 50 ask where they are; the telephone has those of Saturday and Sunday on Monday.
    phone, mail = by_day(loaded(tmp_path, SHOP + PROFILE + opening.format("00:00")))
    assert phone == pytest.approx([150, 50, 30, 30, 30, 0, 0])
    assert mail == pytest.approx([0, 0, 30, 30, 30, 30, 30])  # 20 of them, and 10 with a question before they order
    # The day in the middle of which it opens counts as one before.
    phone, mail = by_day(loaded(tmp_path, SHOP + PROFILE + opening.format("12:00")))
    assert phone == pytest.approx([150, 50, 50, 30, 30, 0, 0])
    assert mail[:4] == pytest.approx([0, 0, 5, 30])


def test_orders_and_their_contacts_are_read_as_written(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, SHOP + PROFILE)
    orders = scenario.orders
    assert orders is not None
    assert isinstance(orders.curve, ProfileDemand)
    delivery, before = orders.contacts
    assert (delivery.name, delivery.topic, delivery.per_order) == ("delivery", 1, 0.5)
    assert [c for c, _ in delivery.channels] == [0, 1]
    assert [share for _, share in delivery.channels] == pytest.approx([0.6, 0.4])
    assert (delivery.shares_by_day, delivery.before, delivery.closed_days) == ((0, 0, 0, 1), False, "next open day")
    assert (before.topic, before.shares_by_day, before.before) == (0, (0, 1), True)
    phone, mail = scenario.channels
    assert [(each.topic, each.share) for each in phone.types] == [(1, 1.0)]
    assert [each.topic for each in mail.types] == [0, 1]
    assert [each.share for each in mail.types] == pytest.approx([1 / 3, 2 / 3])
    assert by_day(scenario) == [pytest.approx([90, 30, 30, 30, 30, 0, 0]), pytest.approx([30] * 7)]


def test_topics_that_orders_bring_stand_beside_the_mix(tmp_path: Path) -> None:
    own = SHOP.replace(
        'patience = "3 min"\n', 'patience = "3 min"\nmix = { product = "100 %" }\ntopics.delivery.priority = 2\n'
    )
    scenario = loaded(tmp_path, own + PROFILE)
    assert [(each.topic, each.share, each.priority) for each in scenario.channels[0].types] == [(0, 1, 1), (1, 0, 2)]


def test_campaigns_are_read_as_written(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, SHOP + PROFILE + CAMPAIGNS)
    black, rush = scenario.volume_factors
    assert (black.name, black.on_orders, black.start) == ("black", True, -4 * DAY)
    assert (rush.title, rush.on_orders, rush.factor, rush.handling) == ("The rush", True, 2.0, 1.1)
    assert (rush.start, rush.ramp, rush.end, rush.half_life) == (-3 * DAY, 12 * 3600, -DAY, 6 * 3600)
    one, other = scenario.pushes
    assert one == Push("letter", "Letter", DAY + 10 * 3600, 30.0, False, 1200.0, (1,), (0, 1), False)
    assert (other.amount, other.of_day, other.half_life) == (0.2, True, 300.0)
    causes = contacts_by_cause(scenario)
    assert set(zip(causes.names, causes.through, strict=True)) == {
        ("base", ""),
        ("black", "orders"),
        ("rush", "orders"),
        ("letter", "contacts"),
    }


@pytest.mark.parametrize("step", ["day", "six hours"])
def test_an_order_file_has_rows_by_day_or_by_step(tmp_path: Path, step: str) -> None:
    """Orders matter from three days and, for Monday, two closed days before the horizon to one day after it."""
    first = date(2026, 11, 18)
    counts = [float(100 + 10 * k) for k in range(13)]
    if step == "day":
        text = daily_orders(first, counts)
    else:
        lines = [
            f"{first + timedelta(days=k)} {hour:02}:00,{count / 4}"
            for k, count in enumerate(counts)
            for hour in (0, 6, 12, 18)
        ]
        text = "\n".join(["time,orders", *lines]) + "\n"
    scenario = loaded(tmp_path, SHOP + FILE.format(use="dated", missing="refuse"), text)
    assert scenario.orders is not None
    assert isinstance(scenario.orders.curve, HistoryDemand)
    of_day = dict(zip([first + timedelta(days=k) for k in range(13)], counts, strict=True))
    monday = date(2026, 11, 23)
    mail = [
        0.2 * of_day[monday + timedelta(days=d - 3)] + 0.1 * of_day[monday + timedelta(days=d + 1)] for d in range(7)
    ]
    assert by_day(scenario)[1] == pytest.approx(mail)
    waiting = sum(0.3 * of_day[date(2026, 11, day)] for day in (18, 19, 20))
    assert by_day(scenario)[0][0] == pytest.approx(waiting)


def test_what_an_order_file_lacks_is_told_with_what_can_be_done(tmp_path: Path) -> None:
    text = SHOP + FILE.format(use="dated", missing="refuse")
    message = refusal(tmp_path, text, daily_orders(date(2026, 11, 20), [100.0] * 10))
    for words in (
        "orders.curve.file",
        "Orders of 2026-11-18 to 2026-11-30 bring contacts within the horizon",
        "from 2026-11-20 to 2026-11-29 and lacks 3 days, first 2026-11-18",
        'missing_days = "typical week"',
    ):
        assert words in message
    assumed = text.replace('"refuse"', '"typical week"')
    assert by_day(loaded(tmp_path, assumed, daily_orders(date(2026, 11, 20), [100.0] * 10)))[1] == pytest.approx(
        [30] * 7
    )
    assert "no Mondays" in refusal(tmp_path, assumed, daily_orders(date(2026, 11, 24), [100.0] * 6))
    assert "no Thursdays" in refusal(
        tmp_path, SHOP + FILE.format(use="typical week", missing="refuse"), daily_orders(date(2026, 11, 20), [1.0] * 6)
    )


@pytest.mark.parametrize(
    ("orders", "complaint"),
    [
        ("time,orders\n2026-11-20,1\n2026-11-20,2\n", "orders.csv:3"),
        ("time,orders\n2026-11-20,1\n2026-11-19,2\n", "does not come after the one above it, 2026-11-20"),
        ("time,orders\n2026-11-20,-1\n", '"-1": This is not a number from 0 up.'),
        ("time,orders\n2026-11-31,1\n", '"2026-11-31": There is no such date.'),
        ("time,orders\n20.11.2026,1\n", '"20.11.2026": This is not a date like 2026-11-23.'),
        ("day,orders\n2026-11-20,1\n", 'no column "time"'),
        ("time,orders\n2026-11-20 08:10,1\n2026-11-20 08:30,1\n", "neither divides the planning interval"),
        ("", "The file is empty"),
    ],
)
def test_a_wrong_order_file_is_refused_with_the_line(tmp_path: Path, orders: str, complaint: str) -> None:
    message = refusal(tmp_path, SHOP + FILE.format(use="dated", missing="typical week"), orders)
    assert complaint in message
    assert "orders.curve.file" in message


def test_a_wrong_order_file_is_told_beside_what_else_is_wrong(tmp_path: Path) -> None:
    text = SHOP.replace('"80 %"', '"180 %"', 1) + FILE.format(use="dated", missing="refuse")
    message = refusal(tmp_path, text, "time,orders\n2026-11-20,x\n")
    assert "180 %" in message
    assert "orders.csv:2" in message


def test_the_content_of_an_order_file_counts_in_the_hash(tmp_path: Path) -> None:
    text = SHOP + FILE.format(use="typical week", missing="refuse")
    one, other = (loaded(tmp_path, text, daily_orders(date(2026, 11, 16), [count] * 7)) for count in (1.0, 2.0))
    assert one.content_hash != other.content_hash


def test_too_many_orders_are_refused_before_anybody_is_drawn(tmp_path: Path) -> None:
    message = refusal(tmp_path, SHOP + PROFILE.replace("700", "900_000_000"))
    assert "at most 20,000,000 are allowed" in message


def test_the_table_of_causes_has_the_expected_numbers(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, SHOP + PROFILE + CAMPAIGNS)
    frame = causes_frame(scenario)
    assert list(frame.columns) == ["cause", "through", "channel", "topic", "day", "expected"]
    assert frame["expected"].sum() == pytest.approx(expected_contacts(scenario).sum())
    letter = frame[frame["cause"] == "letter"]
    others = by_day(
        loaded(tmp_path, (SHOP + PROFILE + CAMPAIGNS).replace("extra = 30", "extra = 0").replace('"20 %"', '"0 %"'))
    )
    assert letter["expected"].sum() == pytest.approx(30 + 0.2 * others[1][2])
    assert set(letter["day"]) == {"2026-11-24", "2026-11-25"}
    assert causes_table(scenario) is not None
    told = {(each["cause"], each["through"]): each["expected"] for each in causes_document(scenario)}
    assert told["letter", "contacts"] == pytest.approx(letter.groupby("topic")["expected"].sum().to_dict())
    assert causes_table(loaded(tmp_path, SHOP + PROFILE)) is None


# --- the field study


@pytest.mark.real_data
def test_the_uci_orders_become_a_scenario_as_the_field_study_tells(
    data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import uci_orders  # type: ignore[import-not-found, unused-ignore]

    page = (ROOT / "docs" / "field-study-orders.md").read_text(encoding="utf-8")
    orders = tmp_path / "uci-orders.csv"
    monkeypatch.setattr(
        sys, "argv", ["uci_orders.py", str(data_folder / "uci_online_retail_invoices.csv.gz"), str(orders)]
    )
    uci_orders.main()
    invoices = uci_orders.read(data_folder / "uci_online_retail_invoices.csv.gz")
    told = uci_orders.told(invoices)
    assert all(line in page for line in told)
    scenario = load_scenario(ROOT / "docs" / "field-study-orders.toml", overrides={"orders.curve.file": str(orders)})
    calendar = scenario.calendar
    # The curve is the file's: forty times the orders of each day of the horizon.
    of_days = [40 * invoices.orders[day] for day in calendar.date_of_day]
    np.testing.assert_allclose(contacts_by_cause(scenario).orders[0], of_days, rtol=1e-9)
    # And its deliveries are those orders some days later, by a plain loop.
    shares = shares_by_day(Distribution("gamma", 3 * DAY, 0.6))
    frame = causes_frame(scenario)
    found = frame[frame["topic"] == "delivery"].groupby("day")["expected"].sum()
    for day in calendar.date_of_day:
        slowly = sum(0.12 * 40 * invoices.orders[day - timedelta(days=k)] * share for k, share in enumerate(shares))
        assert found[day.isoformat()] == pytest.approx(slowly, rel=1e-9)
