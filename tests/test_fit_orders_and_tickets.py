"""Histories of orders and of tickets become scenarios too, and say what they do not know."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from logged_centre import Centre, logged_calls
from typer.testing import CliRunner

from simulator.charts.goodness.page import fit_page
from simulator.cli.program import program
from simulator.experiment import run
from simulator.history import guess_mapping, read_report, volumes_of
from simulator.history.estimators.estimate import Fitted
from simulator.history.estimators.order_delays import OrderContacts
from simulator.history.fitted_scenario import CallsFit, FittedScenario, Wishes, fit_history, scenario_of
from simulator.history.fitted_scenario.country import holidays_of
from simulator.history.fitted_scenario.from_orders import comes_on, with_orders
from simulator.history.fitted_scenario.orders import ChannelCounts
from simulator.history.fitted_scenario.tickets import kept_promise
from simulator.history.importing.imported import Imported, write_imported
from simulator.history.importing.mapping_file import read_mapping
from simulator.history.importing.read_history import read_history
from simulator.history.logs import Orders, Tickets
from simulator.report.fitted.document import fit_document
from simulator.report.fitted.report import COMPARED, LEFT_ASIDE, ORDERS, fit_report
from simulator.report.json_output import printed
from simulator.scenario.delays import shares_by_day
from simulator.scenario.model import Distribution, ProfileDemand

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.intervals.volumes import Volumes

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DAY, HOUR = 86_400.0, 3600.0
FIRST = date(2026, 1, 5).toordinal()
"""A Monday, in a zone whose clocks are never moved."""
DAYS = 140
WEEKDAY = np.arange(DAYS) % 7
ORDERS_OF_DAY = np.array([500.0, 480.0, 470.0, 460.0, 520.0, 300.0, 250.0])
OWN = np.array([120.0, 100.0, 100.0, 90.0, 80.0, 30.0, 20.0])
PER_ORDER, MEAN, CV = 0.3, 3 * DAY, 0.6
QUICK = Wishes(holidays="none")
REPLIED = 0.9
"""Share of tickets with a reply on the day, at the earliest open hour; the others wait for three days."""


def ordered(luck: np.random.Generator) -> Ints:
    """[day] Orders of twenty weeks: days differ, and some weeks have a campaign."""
    campaign = np.where(np.arange(DAYS) // 7 % 5 == 2, 2.0, 1.0)
    counts: Ints = luck.poisson(luck.gamma(8.0, 1 / 8, DAYS) * ORDERS_OF_DAY[WEEKDAY] * campaign)
    return counts


def orders_of(counts: Ints, luck: np.random.Generator) -> Orders:
    """As many orders, at any time from 8 to 22, every tenth of them cancelled beside."""
    day = np.repeat(np.arange(FIRST, FIRST + len(counts)), counts)
    day = np.concatenate((day, day[::10]))
    clock = luck.integers(8 * 3600, 22 * 3600, len(day))
    nothing, nan = np.zeros(len(day), dtype=np.int64), np.full(len(day), np.nan)
    cancelled = np.arange(len(day)) >= counts.sum()
    placed = np.asarray(day, dtype=np.float64) * DAY + clock
    return Orders(("made",), "UTC", placed, nan, nan, cancelled, nothing - 1, day, clock, nothing, nothing)


def tickets_of(counts: Ints, luck: np.random.Generator) -> Tickets:
    """As many messages at any time of the day; replies from 9 to 17 on the next working day, or three days later."""
    day = np.repeat(np.arange(FIRST, FIRST + len(counts)), counts)
    clock = np.sort(luck.integers(0, 86_400, len(day)))
    epoch = date(1970, 1, 1).toordinal()
    created = np.asarray((day - epoch) * DAY + clock, dtype=np.float64)
    weekday = (day - 1) % 7
    to_working_day = np.array([1, 1, 1, 1, 3, 2, 1])[weekday]
    later = np.where(luck.random(len(day)) < REPLIED, to_working_day, to_working_day + 7)
    replied = (day - epoch + later) * DAY + luck.uniform(9 * HOUR, 17 * HOUR, len(day))
    nothing, nan = np.zeros(len(day), dtype=np.int64), np.full(len(day), np.nan)
    return Tickets(
        ("made",), "UTC", ("E-mail",), (), created, replied, nan, nothing, nothing - 1, nothing - 1, day, clock,
        nothing, nothing,
    )  # fmt: skip


@pytest.fixture(scope="module")
def alone() -> FittedScenario:
    luck = np.random.default_rng(1)
    return fit_history(Imported(orders=orders_of(ordered(luck), luck)), QUICK)


@pytest.fixture(scope="module")
def both() -> FittedScenario:
    """Orders, and the messages that they bring beside others."""
    luck = np.random.default_rng(2)
    placed = ordered(luck)
    shares = np.array(shares_by_day(Distribution("gamma", MEAN, CV)))
    messages = luck.poisson(OWN[WEEKDAY] + PER_ORDER * np.convolve(placed, shares)[:DAYS])
    return fit_history(Imported(orders=orders_of(placed, luck), tickets=tickets_of(messages, luck)), QUICK)


def source_of(fit: FittedScenario, *path: str) -> str:
    (source,) = [field.source for field in fit.fields if field.path == path]
    return source


# ---- Orders alone ----------------------------------------------------------------------------------------------------


def test_orders_become_the_curve_of_the_scenario(alone: FittedScenario) -> None:
    assert alone.orders is not None
    scenario = scenario_of(alone.fields)
    assert scenario.orders is not None
    curve = scenario.orders.curve
    assert isinstance(curve, ProfileDemand)
    level = alone.orders.volume.per_week
    campaigns = 1.0 + np.mean(np.arange(DAYS) // 7 % 5 == 2)
    assert level.low <= ORDERS_OF_DAY.sum() * campaigns <= level.high
    assert curve.per_week == pytest.approx(level.value, rel=1e-3)
    weekdays = np.array([day.value for day in alone.orders.volume.weekdays])
    np.testing.assert_allclose(weekdays, ORDERS_OF_DAY / ORDERS_OF_DAY.sum(), atol=0.03)
    assert alone.orders.cancelled == -(-alone.orders.orders // 10)


def test_what_orders_alone_do_not_tell_is_said_to_be_assumed_and_the_scenario_plays(alone: FittedScenario) -> None:
    for path in (
        ("orders", "contacts", "phone", "per_order"),
        ("orders", "contacts", "phone", "delay"),
        ("channels", "phone", "hours"),
        ("channels", "phone", "handling_time"),
        ("channels", "phone", "patience"),
        ("groups", "phone-team", "staffing"),
    ):
        assert source_of(alone, *path).startswith("assumption")
    experiment = run(scenario_of(alone.fields))
    level = experiment.estimate("service_level_offered", ("channel",))[0].value
    assert level > 0.6  # agents were asked for by Erlang A, which does not know that days differ
    assert alone.orders is not None
    of_week = experiment.estimate("arrived", ("channel",))[0].value / 4
    assert of_week == pytest.approx(0.2 * alone.orders.volume.per_week.value, rel=0.1)


def test_contacts_of_a_week_come_so_many_days_later_and_on_open_days_only() -> None:
    orders = np.array([10.0, 0.0, 0.0, 0.0, 4.0, 0.0, 2.0])
    is_open = np.arange(7) < 5
    later_by_one = np.array([0.0, 1.0])
    assert comes_on(orders, later_by_one, is_open).tolist() == [4.0 + 2.0, 10.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert comes_on(orders, np.array([1.0]), np.ones(7, dtype=np.bool_)).tolist() == orders.tolist()


# ---- Tickets ---------------------------------------------------------------------------------------------------------


def test_tickets_become_a_deferred_channel_with_the_promise_that_was_kept(both: FittedScenario) -> None:
    scenario = scenario_of(both.fields)
    (mail,) = scenario.channels
    assert (mail.name, mail.kind) == ("e-mail", "deferred")
    assert str(mail.hours) == "mon-fri 09:00-17:00"
    assert both.tickets is not None
    promise = both.tickets.channels[0].promise
    assert promise is not None
    assert promise.kept >= QUICK.answered
    assert mail.target.within == promise.within
    assert mail.target.share == pytest.approx(promise.kept, abs=0.01)
    assert source_of(both, "channels", "e-mail", "handling_time").startswith("assumption")
    assert source_of(both, "channels", "e-mail", "target").startswith("what was kept")


def test_a_promise_counts_tickets_that_are_old_enough_and_those_without_a_reply_broke_it() -> None:
    created: Floats = np.arange(100, dtype=np.float64) * HOUR
    replied: Floats = created + np.where(np.arange(100) % 10 == 0, np.nan, 3 * HOUR)
    promise = kept_promise(created, replied, 0.8)
    assert promise is not None
    # The last reply, of ticket 99, is at hour 102: four hours of tickets up to 98 are over.
    assert (promise.within, promise.tickets) == (4 * HOUR, 99)
    assert promise.kept == pytest.approx(89 / 99)
    slow = kept_promise(created, replied, 0.95)
    assert slow is not None
    assert slow.within == 72 * HOUR
    assert kept_promise(created, np.full(100, np.nan), 0.8) is None


# ---- Orders and contacts ---------------------------------------------------------------------------------------------


def test_contacts_that_orders_bring_are_told_from_the_others(both: FittedScenario) -> None:
    assert both.orders is not None
    found = both.orders.brought["e-mail"]
    assert found is not None
    for figure, value in ((found.per_order, PER_ORDER), (found.delay, MEAN), (found.cv, CV)):
        assert figure.low <= value <= figure.high
    scenario = scenario_of(both.fields)
    assert scenario.orders is not None
    (contacts,) = scenario.orders.contacts
    assert contacts.per_order == pytest.approx(found.per_order.value, rel=1e-3)
    demand = scenario.channels[0].demand
    assert isinstance(demand, ProfileDemand)
    assert demand.per_week == pytest.approx(OWN.sum(), rel=0.25)


def test_the_scenario_has_as_many_contacts_as_the_history(both: FittedScenario) -> None:
    assert both.tickets is not None
    of_week = run(scenario_of(both.fields)).estimate("arrived", ("channel",))[0].value / 4
    assert of_week == pytest.approx(both.tickets.channels[0].volume.per_week.value, rel=0.08)


def test_where_orders_bring_nothing_the_scenario_is_without_them() -> None:
    luck = np.random.default_rng(3)
    messages = luck.poisson(OWN[WEEKDAY])
    fit = fit_history(Imported(orders=orders_of(ordered(luck), luck), tickets=tickets_of(messages, luck)), QUICK)
    assert scenario_of(fit.fields).orders is None
    assert ORDERS["nothing"] in told(fit)


def test_beside_calls_with_topics_tickets_have_one_of_their_own_and_orders_bring_each_its_share() -> None:
    luck = np.random.default_rng(5)
    calls = logged_calls(Centre(calls_a_day=300.0, agents=5, both=2), 3)
    tickets = tickets_of(luck.poisson(OWN[WEEKDAY[:28]]), luck)
    fit = fit_history(Imported(calls=calls, tickets=tickets), QUICK, play=False)
    scenario = scenario_of(fit.fields)
    assert [channel.name for channel in scenario.channels] == ["phone", "e-mail"]
    assert [topic.title for topic in scenario.topics] == ["Orders", "Returns", "E-mail"]
    assert isinstance(fit.found, CallsFit)
    (volume,) = fit.found.demand.volumes
    per_order, delay, cv = (Fitted(value, 0.5 * value, 2 * value, 60, "made") for value in (0.1, 2 * DAY, 0.5))
    own = np.array([100.0, 80.0, 60.0, 60.0, 50.0, 0.0, 0.0])
    found = OrderContacts(per_order, delay, cv, np.ones(1), own, own, 0.5)
    orders = fit_history(Imported(orders=orders_of(ordered(luck), luck)), QUICK).orders
    assert orders is not None
    orders = replace(orders, brought={"phone": found})
    counted = {"phone": ChannelCounts(fit.found.counts, volume, closes=True)}
    with_both = scenario_of(with_orders(fit.fields, orders, counted))
    assert with_both.orders is not None
    shares = {kind.topic: kind.share for kind in scenario.channels[0].types}
    (kept,) = [field.value for field in fit.fields if field.path == ("channels", "phone", "demand", "per_week")]
    first_attempts = float(str(kept)) / volume.per_week.value
    brought = {each.topic: each.per_order for each in with_both.orders.contacts}
    assert brought == pytest.approx({topic: 0.1 * first_attempts * share for topic, share in shares.items()}, rel=1e-3)
    demand = with_both.channels[0].demand
    assert isinstance(demand, ProfileDemand)
    assert demand.per_week == pytest.approx(first_attempts * own.sum(), rel=1e-3)


def told(fit: FittedScenario) -> str:
    from rich.console import Console

    console = Console(width=10_000)
    with console.capture() as capture:
        console.print(fit_report(fit))
    return capture.get()


def test_the_report_says_that_tickets_are_not_compared_and_interval_reports_are_left_aside(
    both: FittedScenario,
) -> None:
    calls = logged_calls(Centre(calls_a_day=300.0, agents=5, both=2), 3)
    beside = fit_history(Imported(calls=calls, volumes=chats()), QUICK, play=False)
    assert beside.left_aside == ("intervals",)
    assert LEFT_ASIDE in told(beside)
    assert json.loads(printed(fit_document(beside)))["left_aside"] == ["intervals"]
    assert both.left_aside == ()
    assert LEFT_ASIDE not in told(both)
    assert COMPARED in told(both)


@pytest.mark.parametrize("replied_on_holidays", [False, True])
def test_a_team_that_replies_on_no_public_holiday_is_closed_on_them(*, replied_on_holidays: bool) -> None:
    """Good Friday and Easter Monday: the replies of those days are missing, or there as on any day."""
    tickets = tickets_of(np.full(112, 40), np.random.default_rng(6))
    if not replied_on_holidays:
        epoch = date(1970, 1, 1)
        replied = tickets.first_reply.copy()
        holidays = holidays_of("FI").between(date(2026, 1, 1), date(2026, 12, 31))
        for each in sorted(holidays, reverse=True):
            begins = (each - epoch).days * DAY
            replied[(replied >= begins) & (replied < begins + DAY)] = np.nan
        tickets = replace(tickets, first_reply=replied)
    fit = fit_history(Imported(tickets=tickets), Wishes(holidays="FI"))
    (hours,) = [str(field.value) for field in fit.fields if field.path == ("channels", "e-mail", "hours")]
    assert ("holidays closed" in hours) != replied_on_holidays
    (source,) = [field.source for field in fit.fields if field.path == ("channels", "e-mail", "hours")]
    assert ("none on public holidays" in source) != replied_on_holidays
    (staffing,) = [field.value for field in fit.fields if field.path[-1] == "staffing"]
    assert isinstance(staffing, dict)
    assert all(("holidays closed" in hours) != replied_on_holidays for hours in staffing)


def chats() -> Volumes:
    """An interval report of another channel: ten contacts at nine and at ten."""
    rows = [f"{date.fromordinal(FIRST + day)},{clock}:00,chat,10" for day in range(21) for clock in ("09", "10")]
    report = read_report("report.csv", "\n".join(["Date,Time,Channel,Offered", *rows]).encode())
    return volumes_of(report, guess_mapping(report), "UTC")


def test_report_page_and_document_tell_of_orders_and_tickets(alone: FittedScenario, both: FittedScenario) -> None:
    assert ORDERS["alone"] in told(alone)
    assert ORDERS["brought"] in told(both)
    assert "tickets on 140 days" in told(both)
    assert "E-mail" in fit_page(both)
    document = json.loads(printed(fit_document(both)))
    assert document["found"] is None
    assert document["orders"]["brought"]["e-mail"]["per_order"]["value"] > 0
    assert document["tickets"]["channels"][0]["title"] == "E-mail"
    assert "orders on 140 days" in fit_page(alone)


def test_only_the_days_that_are_asked_for_are_fitted_to() -> None:
    luck = np.random.default_rng(4)
    history = Imported(orders=orders_of(ordered(luck), luck))
    first, last = date.fromordinal(FIRST + 7), date.fromordinal(FIRST + 69)
    fit = fit_history(history, QUICK, (first, last))
    assert fit.orders is not None
    assert (fit.orders.counts.dates[0], fit.orders.counts.dates[-1]) == (first, last)


@pytest.mark.real_data
def test_a_year_of_a_web_shop_becomes_a_scenario_that_is_checked(data_folder: Path, tmp_path: Path) -> None:
    (file,) = data_folder.glob("uci_*.csv.gz")
    mapping = Path(__file__).resolve().parent.parent / "scenarios" / "mappings" / "uci-orders.toml"
    history = read_history([file], read_mapping(mapping), mapping.read_text(encoding="utf-8"))
    write_imported(tmp_path / "history", history)
    out = tmp_path / "fitted.toml"
    result = CliRunner().invoke(program, ["fit", str(tmp_path / "history"), "--out", str(out)])
    assert result.exit_code == 0, result.stderr
    assert CliRunner().invoke(program, ["check", str(out)]).exit_code == 0
    orders = history.orders
    assert orders is not None
    fit = fit_history(history, Wishes())
    assert fit.orders is not None
    assert fit.orders.volume.weekdays[5].value == 0.0  # no shop took orders on Saturdays
    weeks = (int(orders.day.max()) - int(orders.day.min()) + 1) / 7
    # Holidays are weeks with fewer.
    assert fit.orders.volume.per_week.value == pytest.approx(fit.orders.orders / weeks, rel=0.1)
