"""The ledger that simulated futures fill: counted once more contact by contact, held against the measures, billed."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from centres import make_contacts
from small_scenarios import loaded, written

from simulator.contacts import Cause, Diverted, Outcome
from simulator.demand.forecast import forecast_cv, forecast_factors
from simulator.experiment import replications
from simulator.experiment.replications import Play
from simulator.measures import MEASURES, SERVICE_LEVELS, ContactTally, target_outcomes
from simulator.measures.made import made
from simulator.measures.measure import sums
from simulator.measures.tallies import ROW
from simulator.planning.contracts.invoice import invoice
from simulator.planning.contracts.ledger import Judged, Queue, Team, measure_of
from simulator.planning.pricing.forecasts import known_spread, revision
from simulator.planning.pricing.futures import Futures, play_futures
from simulator.planning.pricing.heads import added, heads, trained
from simulator.planning.pricing.supplier_tally import COUNTED_BY
from simulator.scenario.contract_file import load_contract
from simulator.scenario.model import Uncertainty

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

    from simulator.contacts import Contacts
    from simulator.measures.tallies import Tally
    from simulator.scenario.contract import Contract
    from simulator.scenario.model import Scenario

CENTRE = """
title = "Two days of a shop and its partner"
currency = "EUR"
[horizon]
start = 2026-06-30
days = 2
interval = "30 min"
[simulation]
seed = 4
[topics]
order = "Order"
complaint = "Complaint"
[customers.swedish]
share = "30 %"
[uncertainty]
forecast_cv = "25 %"
forecast_lead = "14 d"
band = "expected"
[channels.phone]
kind = "live"
hours = "mon-fri 09:00-12:00"
closing = "cut"
handling_time = { mean = "5 min", distribution = "exponential" }
patience = { mean = "3 min" }
target = { answered = "80 %", within = "20 s", per = "day" }
short_abandon = "10 s"
mix = { order = "70 %", complaint = "30 %" }
[channels.phone.demand]
per_week = 560
weekdays = { mon = 1, tue = 1, wed = 1, thu = 1, fri = 1, sat = 1, sun = 1 }
time_of_day = { "09:00" = 1, "12:00" = 0 }
[channels.phone.redial]
share = "40 %"
delay = "10 min"
[channels.phone.repeat]
resolved = "75 %"
delay = "30 min"
[channels.phone.callback]
offered_from = "2 min"
taken = "30 %"
reached = "70 %"
tries = 2
[channels.chat]
kind = "live"
hours = "mon-fri 09:00-12:00"
slots = 2
slot_speed = [1.0, 0.8]
handling_time = { mean = "8 min", distribution = "exponential" }
patience = { mean = "3 min" }
target = { answered = "80 %", within = "60 s", definition = "answered", per = "interval" }
mix = { order = "80 %", complaint = "20 %" }
[channels.chat.demand]
per_week = 420
weekdays = { mon = 1, tue = 1, wed = 1, thu = 1, fri = 1, sat = 1, sun = 1 }
time_of_day = { "09:00" = 1, "12:00" = 0 }
[channels.chat.bot]
share = "60 %"
containment = "30 %"
time = "1 min"
hours = "always"
escalated_handling = "80 %"
bounce = { share = "20 %", delay = "20 min" }
[channels.chat.silent]
share = "30 %"
time_out = "1 min"
[channels.mail]
kind = "deferred"
hours = "mon-fri 09:00-12:00"
handling_time = { mean = "5 min", distribution = "exponential" }
target = { answered = "90 %", within = "2 h", counting = "open hours", per = "day" }
mix = { order = "50 %", complaint = "50 %" }
backlog = { contacts = 12, oldest = "10 h" }
[channels.mail.demand]
per_week = 280
weekdays = { mon = 1, tue = 1, wed = 1, thu = 1, fri = 1, sat = 1, sun = 1 }
time_of_day = { "08:00" = 1, "12:00" = 0 }
[groups.shop]
employer = "in-house"
cost = "30 EUR/h"
[groups.shop.staffing]
"mon-fri 09:00-12:30" = 4
[groups.shop.skills.phone]
[groups.shop.skills.chat]
[groups.shop.skills.mail]
[groups.partner]
employer = "outsourced"
cost = "24 EUR/h"
shrinkage = "20 %"
absence = "10 %"
[groups.partner.staffing]
"tue 09:00-12:00" = 4
"wed 09:00-12:00" = 5
[groups.partner.skills.phone]
topics = ["order"]
[groups.partner.skills.chat]
[groups.partner.skills.mail]
topics = ["complaint"]
[groups.called]
employer = "outsourced"
cost = "32 EUR/h"
[groups.called.staffing]
"mon-fri 09:00-12:00" = 2
[groups.called.on_call]
waiting = 2
wait = "60 s"
lead = "30 min"
stay = "1 h"
[groups.called.skills.phone]
topics = ["order"]
customers = ["swedish"]
[costs]
overtime = "+50 %"
bot_session = { chat = "0.10 EUR/session" }
line = { phone = "0.03 EUR/min" }
fixed.tools = "120 EUR"
[costs.lost_order]
value = "30 EUR"
share = { order = "40 %" }
"""
"""A supplier that takes some of everything, over the end of a month, with all that may happen to a contact."""

BY_CONTACT = """
title = "By the contact"
currency = "EUR"
risk = "The supplier carries idle time."
[lines.contacts]
unit = "contact"
rate = "4 EUR/contact"
[lines.minutes]
unit = "handled minute"
rate = "0.1 EUR/min"
[service_levels.phone]
channels = ["phone"]
definition = "offered less abandoned within"
within = "30 s"
per = "day"
bands.poor = { below = "70 %", malus = "5 %" }
[service_levels.mail]
channels = ["mail"]
definition = "within due"
within = "10 min"
per = "day"
bands.poor = { below = "70 %", malus = "5 %" }
[forecast_lock]
weeks = 3
per = "day"
relief_above = "10 %"
beyond = "+20 %"
"""

BY_HOUR = """
title = "By the hour"
currency = "EUR"
risk = "The shop carries idle time."
[lines.hours]
unit = "logged hour"
base = { units = 60, rate = "20 EUR/h" }
rate = "25 EUR/h"
[engagement]
minimum = "2 months"
[fees]
set_up = "100 EUR"
"""

SWEDISH = 'languages = { swedish = "+25 %" }'

ALL_DEFINITIONS = (
    *(Judged("phone", definition, 45.0) for definition in SERVICE_LEVELS),
    *(Judged("chat", definition, 60.0) for definition in SERVICE_LEVELS),
    Judged("mail", "within due", 7200.0),
    Judged("mail", "within due", 1800.0),
)


def a_contract(folder: Path, text: str, scenario: Scenario, name: str = "contract.toml") -> Contract:
    """A contract, read from a file."""
    return load_contract(written(folder, text, name), scenario)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where files are written."""
    return tmp_path_factory.mktemp("futures")


@pytest.fixture(scope="module")
def centre(folder: Path) -> Scenario:
    """The scenario above."""
    return loaded(folder, CENTRE)


@pytest.fixture(scope="module")
def by_contact(folder: Path, centre: Scenario) -> Contract:
    """With a rate for Swedish."""
    text = BY_CONTACT.replace('rate = "4 EUR/contact"', f'rate = "4 EUR/contact"\n{SWEDISH}')
    return a_contract(folder, text.replace('rate = "0.1 EUR/min"', f'rate = "0.1 EUR/min"\n{SWEDISH}'), centre)


@pytest.fixture(scope="module")
def futures(centre: Scenario, by_contact: Contract) -> Futures:
    """Three of them, with everything counted that can be."""
    return play_futures(centre, [by_contact], futures=3, extra_judged=ALL_DEFINITIONS)


def same(one: Futures, other: Futures) -> None:
    """Compare all arrays, bit by bit."""
    for each in fields(Futures):
        value, found = getattr(one, each.name), getattr(other, each.name)
        if isinstance(value, np.ndarray):
            assert np.array_equal(value, found, equal_nan=True), each.name
    for each in fields(one.ledger):
        value, found = getattr(one.ledger, each.name), getattr(other.ledger, each.name)
        if isinstance(value, np.ndarray):
            assert np.array_equal(value, found), each.name


# -- Rows --------------------------------------------------------------------------------------------------------------


def test_teams_are_the_suppliers_groups_and_queues_what_they_serve_by_class_where_a_rate_names_it(
    futures: Futures,
) -> None:
    assert futures.groups == (1, 2)
    assert futures.ledger.teams == (Team("partner"), Team("called", "swedish"))
    channels = ("phone", "chat", "mail")
    assert futures.ledger.queues == tuple(Queue(name, each) for name in channels for each in (None, "swedish"))


# -- Against a slow count, contact by contact --------------------------------------------------------------------------


def test_a_ledger_is_what_a_walk_through_the_records_finds(centre: Scenario, futures: Futures) -> None:
    play = Play.prepare(futures.scenario, centre.seed, "compiled")
    walks = [walk(play, number, futures) for number in range(3)]
    share = share_by_walk(walks, futures)
    for number, (expected, came, _, _) in enumerate(walks):
        for name, values in (expected | {"offered": came * share}).items():
            found = futures.demand if name == "demand" else getattr(futures.ledger, name)
            assert found[number] == pytest.approx(values, rel=2e-7, abs=1e-9), name
    # All that the walk tells apart does happen; only mail within two hours is never missed.
    contacts, resolved, offered = (array_of(futures, name) for name in ("contacts", "resolved", "offered"))
    assert (contacts.sum(axis=(0, 2)) > 0).all()
    assert (resolved < contacts).any()
    assert (offered > contacts).any()
    missed = (array_of(futures, "counted") - array_of(futures, "met")).sum(axis=(0, 2)) > 0
    assert [each.within for each, some in zip(futures.ledger.judged, missed, strict=True) if not some] == [7200]


def array_of(futures: Futures, name: str) -> NDArray[np.float64]:
    """[future, row, step] An array of the ledger that is there."""
    return np.array(getattr(futures.ledger, name), dtype=np.float64)


def walk(play: Play, number: int, futures: Futures) -> tuple[dict[str, Floats], Floats, Floats, Floats]:
    """The same numbers, one contact after the other, by the words of docs/contracts.md.

    Beside them [queue, interval] who came, and [queue, day] who was served by the partner and by others.
    """
    scenario, ledger = play.scenario, futures.ledger
    contacts, _, records, _ = play.tables(number)
    played = made(contacts, records)
    contacts, records = played.contacts, played.records
    edges, day = scenario.calendar.edges, scenario.calendar.day_of_interval
    shape = len(ledger.queues), scenario.calendar.intervals
    handled, minutes, resolved, came, demand = (np.zeros(shape) for _ in range(5))
    met, counted = (np.zeros((len(ledger.judged), shape[1])) for _ in range(2))
    days = scenario.calendar.days
    own, others = np.zeros((shape[0], days)), np.zeros((shape[0], days))
    for row in range(len(contacts)):
        channel = scenario.channels[contacts.channel[row]]
        name = (None, "swedish")[contacts.customer_class[row]]
        outcome = Outcome(records.outcome[row])
        arrival, entered, started, ended = (
            float(column[row]) for column in (contacts.arrival, records.entered, records.started, records.ended)
        )
        at = int(np.searchsorted(edges, arrival, side="right")) - 1
        first = max(at, 0)
        joined = not np.isnan(entered)
        by_partner = any(
            skill.channel == contacts.channel[row]
            and contacts.topic[row] in skill.topics
            and contacts.customer_class[row] in skill.customer_classes
            for group in futures.groups
            for skill in scenario.groups[group].skills
        )
        served = outcome == Outcome.SERVED and not played.in_vain[row]
        if by_partner and joined:
            queue = ledger.queues.index(Queue(channel.name, name))
            came[queue, first] += served or outcome not in (Outcome.CALLBACK, Outcome.SERVED)
            if served and records.group[row] in futures.groups:
                handled[queue, first] += 1
                minutes[queue, first] += records.handled[row] / 60
                own[queue, day[first]] += 1
                if played.followed_by[row] not in (Cause.REPEAT, Cause.HAND_ON):
                    resolved[queue, first] += 1
            elif served:
                others[queue, day[first]] += 1
            if outcome not in (Outcome.CALLBACK, Outcome.BALKED):
                from_bot = at >= 0 and contacts.meets_bot[row] and entered > arrival
                factor = 0.8 if from_bot and channel.name == "chat" else 1.0
                demand[queue, first] += contacts.work[row] * factor / 3600
        for judged, each in enumerate(ledger.judged):
            if each.channel != channel.name or at < 0:
                continue
            if each.definition == "within due":
                due = scenario.calendar.due_times(np.array([arrival]), each.within, channel.hours)[0]
                falls = due <= edges[-1]
                counts: dict[Tally, bool] = {
                    ContactTally.FELL_DUE: falls,
                    ContactTally.IN_TIME: falls and (served or outcome == Outcome.CONTAINED) and ended <= due,
                }
            else:
                is_callback = played.cause[row] in (Cause.CALLBACK, Cause.RETRY)
                offered = joined and not is_callback and outcome != Outcome.CALLBACK
                answered = offered and not np.isnan(started) and outcome != Outcome.GONE
                gave_up = outcome in (Outcome.ABANDONED, Outcome.GONE)
                counts = {
                    ContactTally.OFFERED: offered,
                    ContactTally.ANSWERED: answered,
                    ContactTally.ANSWERED_WITHIN: answered and started <= entered + each.within,
                    ContactTally.ABANDONED_WITHIN: gave_up and ended <= entered + each.within,
                    ContactTally.SHORT_ABANDONED: gave_up and ended < entered + channel.short_abandon,
                }
            measure = measure_of(each.definition)
            for total, tallies in ((met, measure.numerator), (counted, measure.denominator)):
                assert isinstance(tallies, dict)
                total[judged, at] += sum(weight * counts[tally] for tally, weight in tallies.items())
    found = {
        "contacts": handled,
        "minutes": minutes,
        "resolved": resolved,
        "demand": demand,
        "met": met,
        "counted": counted,
    }
    return found, came, own, others


def share_by_walk(walks: list[tuple[dict[str, Floats], Floats, Floats, Floats]], futures: Futures) -> Floats:
    """[queue, interval] The partner's share of all who were served on the channel that day, all futures together."""
    queues, calendar = futures.ledger.queues, futures.scenario.calendar
    own = np.sum([each[2] for each in walks], axis=0)
    others = np.sum([each[3] for each in walks], axis=0)
    share = np.empty((len(queues), calendar.days))
    for queue, known in enumerate(queues):
        of_channel = [place for place, other in enumerate(queues) if other.channel == known.channel]
        own_served, served_by_all = own[of_channel].sum(axis=0), (own + others)[of_channel].sum(axis=0)
        for on in range(calendar.days):
            some = slice(on, on + 1) if served_by_all[on] else slice(None)
            share[queue, on] = own_served[some].sum() / served_by_all[some].sum()
    return share[:, calendar.day_of_interval]


def test_judged_tallies_stand_where_the_compiled_loop_has_them() -> None:
    from simulator.planning.pricing import compiled

    assert [getattr(compiled, tally.upper()) for tally in COUNTED_BY] == list(range(len(COUNTED_BY)))


# -- Against the measures ----------------------------------------------------------------------------------------------


@cache
def everybody_is_the_suppliers(folder: Path) -> tuple[Scenario, Futures]:
    """The same centre, of which one supplier has all groups, and two futures of it."""
    scenario = loaded(folder, CENTRE.replace('employer = "in-house"', 'employer = "outsourced"'))
    return scenario, play_futures(scenario, [], futures=2, extra_judged=ALL_DEFINITIONS)


def test_a_supplier_of_everything_has_all_that_the_measures_count(folder: Path) -> None:
    scenario, futures = everybody_is_the_suppliers(folder)
    play = Play.prepare(futures.scenario, scenario.seed, "compiled")
    contacts, minutes, resolved = (array_of(futures, name) for name in ("contacts", "minutes", "resolved"))
    for number in range(2):
        summary = play.replication(number)

        def of(tally: ContactTally, table: NDArray[np.float64] = summary.by_interval) -> NDArray[np.float64]:
            """[channel, interval], the starting backlog with the first."""
            counts: NDArray[np.float64] = table[ROW[tally]][:, :-1].copy()
            counts[:, 0] += table[ROW[tally]][:, -1]
            return counts

        assert contacts[number] == pytest.approx(of(ContactTally.SERVED), rel=1e-6)
        assert minutes[number] == pytest.approx(of(ContactTally.HANDLING_TIME) / 60, rel=1e-6)
        assert resolved[number] == pytest.approx(of(ContactTally.SERVED) - of(ContactTally.CAME_BACK), rel=1e-6)
        assert futures.demand[number] == pytest.approx(of(ContactTally.WORK) / 3600, rel=1e-6)


def test_service_levels_are_those_of_the_measures_where_the_time_is_the_targets(
    centre: Scenario, futures: Futures
) -> None:
    play = Play.prepare(futures.scenario, centre.seed, "compiled")
    number = {channel.name: place for place, channel in enumerate(centre.channels)}
    compared = 0
    for future in range(3):
        summary = play.replication(future)
        for row, each in enumerate(futures.ledger.judged):
            if each.within == centre.channels[number[each.channel]].target.within:
                parts = sums(measure_of(each.definition), summary, ("channel", "interval"))
                for found, part in zip((array_of(futures, "met"), array_of(futures, "counted")), parts, strict=True):
                    assert np.array_equal(found[future, row], part[number[each.channel]]), each
                compared += 1
    assert compared == 3 * (len(SERVICE_LEVELS) + 1)


def test_hours_costs_and_outcomes_are_those_of_the_measures(centre: Scenario, futures: Futures) -> None:
    play = Play.prepare(futures.scenario, centre.seed, "compiled")
    by_name = {
        "logged_hours": "staffed_hours",
        "paid_hours": "paid_hours",
        "overtime_hours": "overtime_hours",
    }
    enquiries = []
    for number in range(3):
        summary = play.replication(number)
        for column, measure in by_name.items():
            assert getattr(futures, column)[number] == pytest.approx(sums(MEASURES[measure], summary, ("group",))[0])
        staffed = sums(MEASURES["staffed_hours"], summary, ("group", "interval"))[0]
        assert array_of(futures, "logged_hours")[number] == pytest.approx(staffed[[1, 2]], rel=1e-6)
        assert futures.called_hours[number] == pytest.approx([0.0, 0.0, staffed[2].sum()])
        busy = sums(MEASURES["busy_agents"], summary, ("group", "day"))[0] / 3600
        assert futures.work[number] == pytest.approx(busy)
        assert futures.busy_hours[number] == pytest.approx(busy.sum(axis=1))
        of_partner = sums(MEASURES["cost"], summary, ("group",))[0][[1, 2]].sum()
        assert futures.shop_costs[number] == pytest.approx(sums(MEASURES["total_cost"], summary)[0] - of_partner)
        assert futures.lost_orders[number] == sums(MEASURES["lost_orders"], summary)[0]
        assert futures.lost_value[number] == pytest.approx(30 * futures.lost_orders[number])
        assert futures.contacts[number] == sum(sums(MEASURES[each], summary)[0] for each in ("served", "contained"))
        assert futures.resolved[number] == sums(MEASURES["cost_per_resolved"], summary)[1]
        for outcome in target_outcomes(summary):
            assert futures.met[number, outcome.channel] == outcome.share_met
            assert futures.all_met[number, outcome.channel] == (outcome.share_met == 1.0)
        enquiries.append(sums(MEASURES["enquiries"], summary)[0])
    assert futures.volume == pytest.approx(np.array(enquiries) / np.mean(enquiries))
    assert (futures.called_hours[:, 2] > 0).any()
    assert (futures.overtime_hours > 0).any()


def test_full_time_equivalents_make_a_month_of_paid_hours(futures: Futures) -> None:
    """Four agents for three hours, then five, a fifth of the paid time off the floor, absent ones paid too."""
    assert array_of(futures, "fte")[:, 0] == pytest.approx(np.tile([12 / 0.8 * 7 / 37.5, 15 / 0.8 * 7 / 37.5], (3, 1)))


# -- Forecasts ---------------------------------------------------------------------------------------------------------


def test_what_is_known_of_the_error_and_what_is_left_are_independent_and_make_it_up() -> None:
    """Scores 1 and 0 show what each weighs in the logarithm: variances add up, and what is left goes with neither."""
    uncertainty = Uncertainty(forecast_cv=0.3, lead=5 * 604_800.0)

    def weights(of: Callable[[float, float], NDArray[np.floating]]) -> NDArray[np.float64]:
        """[day, (score, fresh)] of a logarithm that is a straight line in both."""
        rows = [np.log(of(score, fresh)) - np.log(of(0.0, 0.0)) for score, fresh in ((1.0, 0.0), (0.0, 1.0))]
        return np.array(rows).T

    for weeks in (1, 4):
        error = weights(lambda score, _: forecast_factors(uncertainty, 3, score))
        known = weights(partial(revision, uncertainty, weeks, 3))
        left = error - known
        assert (known * left).sum(axis=1) == pytest.approx(np.zeros(3), abs=1e-12)
        alone = replace(uncertainty, lead=weeks * 604_800.0)
        assert (left**2).sum(axis=1) == pytest.approx(np.log(1 + forecast_cv(alone, 3) ** 2))
        # Of mean 1: a lognormal number is at its median e^(-variance / 2) below it.
        middle = revision(uncertainty, weeks, 3, 0.0, 0.0)
        assert middle == pytest.approx(np.exp(-0.5 * (known**2).sum(axis=1)))
        assert (middle < 1).all()


def test_a_forecast_from_before_the_scenarios_is_the_scenarios(futures: Futures) -> None:
    """It was made two weeks ahead: what stood three weeks ahead is the mean over the futures, one and the same."""
    assert list(futures.ledger.forecasts) == [3]
    assert futures.ledger.forecasts[3] == pytest.approx(array_of(futures, "offered").mean(axis=0))


def test_a_week_ahead_the_forecast_has_moved_with_what_came(folder: Path, centre: Scenario) -> None:
    """Of a forecast made two weeks ahead, half of the variance of the error is known a week later."""
    plain = a_contract(folder, BY_CONTACT.replace("weeks = 3", "weeks = 1"), centre, "plain.toml")
    futures = play_futures(centre, [plain], futures=60)
    assert futures.ledger.forecasts[1].shape == (60, 3, centre.calendar.intervals)
    came = array_of(futures, "offered").sum(axis=(1, 2))
    forecast = np.asarray(futures.ledger.forecasts[1]).sum(axis=(1, 2))
    assert forecast.mean() == pytest.approx(came.mean(), rel=0.1)
    assert np.corrcoef(forecast, came)[0, 1] > 0.4
    assert np.std(np.log(came / forecast)) < np.std(np.log(came))


def test_an_error_that_does_not_grow_is_not_known_before(folder: Path) -> None:
    steady = loaded(folder, CENTRE, uncertainty__growth="none")
    assert not known_spread(steady.uncertainty, 0, 2).any()


# -- Who plays and how ------------------------------------------------------------------------------------------------


def test_both_engines_fill_the_same_ledger(folder: Path, centre: Scenario, by_contact: Contract) -> None:
    del folder
    one, other = (play_futures(centre, [by_contact], futures=2, engine=each) for each in ("compiled", "reference"))
    same(one, other)


def test_the_number_of_workers_changes_nothing(centre: Scenario, by_contact: Contract, futures: Futures) -> None:
    same(futures, play_futures(centre, [by_contact], futures=3, workers=2, extra_judged=ALL_DEFINITIONS))


def test_the_first_futures_are_the_same_however_many_follow(centre: Scenario, futures: Futures) -> None:
    more = play_futures(centre, [], futures=4)
    assert np.array_equal(more.busy_hours[:3], futures.busy_hours)
    assert not np.array_equal(more.busy_hours[3], more.busy_hours[2])


def test_the_error_of_the_forecast_is_drawn_whatever_band_the_scenario_asks_for(
    folder: Path, centre: Scenario, futures: Futures
) -> None:
    drawn = loaded(folder, CENTRE, uncertainty__band="drawn")
    assert centre.uncertainty.band == "expected"
    assert np.array_equal(play_futures(drawn, [], futures=3).busy_hours, futures.busy_hours)
    assert futures.scenario.uncertainty.band == "drawn"


def test_the_same_customers_come_whoever_is_on_duty(folder: Path, futures: Futures) -> None:
    fewer = play_futures(loaded(folder, CENTRE, groups__partner__extra_agents=-3), [], futures=3)
    assert np.array_equal(fewer.volume, futures.volume)
    assert (fewer.logged_hours[:, 1] < futures.logged_hours[:, 1]).all()


def test_progress_is_told_after_each_future(centre: Scenario) -> None:
    told: list[tuple[int, int]] = []
    play_futures(centre, [], futures=2, on_progress=lambda done, wanted: told.append((done, wanted)))
    assert told == [(1, 2), (2, 2)]


def test_what_cannot_be_played_is_refused(folder: Path, centre: Scenario) -> None:
    with pytest.raises(ValueError, match="futures is 0; it must be at least 1"):
        play_futures(centre, [], futures=0)
    with pytest.raises(ValueError, match="workers is 0; it must be at least 1"):
        play_futures(centre, [], workers=0)
    with pytest.raises(ValueError, match="The scenario has no supplier nobody; it has none"):
        play_futures(centre, [], supplier="nobody")
    alone = loaded(folder, CENTRE.replace('employer = "outsourced"', 'employer = "in-house"'))
    with pytest.raises(ValueError, match="All groups of the scenario are employed in-house"):
        play_futures(alone, [])


SUPPLIERS = """
[suppliers.{name}]
groups = ["{group}"]
wage = "12 EUR/h"
"""


def test_a_scenarios_only_supplier_need_not_be_named_and_one_of_several_must(folder: Path) -> None:
    one = SUPPLIERS.format(name="north", group="called")
    two = one + SUPPLIERS.format(name="south", group="partner")
    only = play_futures(loaded(folder, CENTRE + one), [], futures=1)
    assert (only.supplier, only.groups) == ("north", (2,))
    with pytest.raises(ValueError, match=r"several suppliers: north, south\. Say which one"):
        play_futures(loaded(folder, CENTRE + two), [], futures=1)
    south = play_futures(loaded(folder, CENTRE + two), [], supplier="south", futures=1)
    assert south.ledger.teams == (Team("partner"),)


# -- Settling ----------------------------------------------------------------------------------------------------------


def test_a_contract_without_rates_by_language_bills_all_customers_alike(
    folder: Path, centre: Scenario, by_contact: Contract, futures: Futures
) -> None:
    plain = a_contract(folder, BY_CONTACT, centre, "plain.toml")
    alone = play_futures(centre, [plain], futures=3)
    assert len(alone.ledger.queues) == 3
    assert futures.settle(plain).total == pytest.approx(alone.settle(plain).total, rel=1e-6)
    assert (futures.settle(by_contact).total > futures.settle(plain).total).all()


def test_a_contract_that_judges_by_what_was_not_counted_is_refused_with_its_clause(
    folder: Path, centre: Scenario
) -> None:
    contract = a_contract(folder, BY_CONTACT, centre, "plain.toml")
    futures = play_futures(centre, [], futures=1)
    forecasts = {3: np.zeros((3, centre.calendar.intervals))}
    futures = replace(futures, ledger=replace(futures.ledger, forecasts=forecasts))
    with pytest.raises(ValueError, match=r"service_levels\.phone: the ledger does not count phone"):
        futures.settle(contract)


def test_the_horizon_is_billed_pro_rata_and_the_rest_of_the_engagement_stands_apart(folder: Path) -> None:
    """One day of June, one of July, nobody on duty: 60 h x 20 EUR x (1/30 + 1/31), and 100 EUR of set-up.

    Bound for two months, from 30 June until 29 August: all of July, 29 days of August, and that day of June.
    """
    scenario = loaded(folder, CENTRE, groups__partner__extra_agents=-9, groups__called__extra_agents=-9)
    contract = a_contract(folder, BY_HOUR, scenario, "by-hour.toml")
    futures = play_futures(scenario, [contract], futures=2)
    horizon = 1200 * (1 / 30 + 1 / 31) + 100
    whole = 1200 * (1 / 30 + 1 + 29 / 31) + 100
    assert futures.settle(contract).total == pytest.approx([horizon] * 2)
    assert futures.settle(contract, whole_engagement=True).total == pytest.approx([whole] * 2)
    assert futures.commitment(contract) == pytest.approx([whole - horizon] * 2)
    assert [str(month) for month in futures.settle(contract).months] == ["2026-06", "2026-07"]
    # Since the spring: set-up was billed then, and nobody is bound any longer.
    later = play_futures(scenario, [contract], futures=1, engaged=date(2026, 3, 1))
    assert later.settle(contract).total == pytest.approx([horizon - 100])
    assert later.commitment(contract) == pytest.approx([0.0])


# -- A day worked by hand ----------------------------------------------------------------------------------------------


HAND = """
title = "A morning"
currency = "EUR"
[horizon]
start = 2026-06-01
days = 1
interval = "30 min"
timezone = "UTC"
[channels.phone]
kind = "live"
hours = "mon-fri 09:00-11:00"
handling_time = "5 min"
patience = "1 h"
target = { answered = "80 %", within = "20 s" }
[channels.phone.demand]
per_week = 6
weekdays = { mon = 1 }
time_of_day = { "09:00" = 1, "11:00" = 0 }
[groups.shop.staffing]
"mon 10:00-11:00" = 1
[groups.shop.skills.phone]
[groups.partner]
employer = "outsourced"
[groups.partner.staffing]
"mon 09:00-11:00" = 1
[groups.partner.skills.phone]
level = 2
"""

HAND_CONTRACT = """
title = "All units at once"
currency = "EUR"
risk = "Shared."
[lines.hours]
unit = "logged hour"
rate = "20 EUR/h"
[lines.contacts]
unit = "contact"
rate = "4 EUR/contact"
times.late = { hours = "mon 10:00-11:00", rate = "1 EUR/contact" }
[lines.minutes]
unit = "handled minute"
rate = "0.50 EUR/min"
[forecast_lock]
weeks = 4
per = "day"
relief_above = "0 %"
beyond = "+50 %"
[service_levels.phone]
channels = ["phone"]
definition = "offered"
within = "20 s"
per = "day"
bands.poor = { below = "60 %", malus = "10 %" }
"""

NINE, TEN = 9 * 3600.0, 10 * 3600.0
MORNING = make_contacts(
    # The first two, and the last two, find the partner; the third gives up after a minute, the fourth the shop takes.
    [NINE, NINE + 120, NINE + 180, TEN, TEN + 60, TEN + 120],
    work=[300, 300, 60, 600, 240, 120],
    patience=[np.inf, np.inf, 60, np.inf, np.inf, np.inf],
)


class Fixed:
    """In place of a demand: these contacts and no others."""

    def __init__(self, scenario: Scenario) -> None:
        self.channels = len(scenario.channels)

    def draw_diverted(self, seed: int, replication: int) -> tuple[Contacts, Diverted]:
        """The morning, in every future."""
        del seed, replication
        return MORNING, Diverted.blank(0, self.channels)


def test_a_morning_worked_by_hand_from_the_contacts_to_the_invoice(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The partner is there for 2 h and serves four of five: 10 minutes of work from nine, 6 minutes from ten.

    Of all six, one of whom gave up, the partner is offered as large a share as of those who were served: four fifths.
    Three of six are answered within 20 s, which is below 60 %: 2 h x 20 + 4 x 4 + 2 x 1 + 16 min x 0.50 = 66 EUR, and a
    tenth of it is taken off.
    """
    monkeypatch.setattr(replications, "Demand", Fixed)
    scenario = loaded(folder, HAND)
    contract = a_contract(folder, HAND_CONTRACT, scenario, "hand.toml")
    futures = play_futures(scenario, [contract], futures=2)
    ledger = futures.ledger.future(1)
    from_nine, from_ten = 18, 20
    for name, at_nine, at_ten in (
        ("logged_hours", 0.5, 0.5),
        ("contacts", 2, 2),
        ("minutes", 10, 6),
        ("resolved", 2, 2),
        ("offered", 2.4, 2.4),
        ("met", 1, 2),
        ("counted", 3, 3),
    ):
        row = getattr(ledger, name)[0]
        assert row[[from_nine, from_ten]] == pytest.approx([at_nine, at_ten]), name
        assert np.flatnonzero(row).tolist() == ([18, 19, 20, 21] if name == "logged_hours" else [18, 20]), name
    assert ledger.forecasts[4][0, [from_nine, from_ten]] == pytest.approx([2.4, 2.4])
    assert futures.work[:, 1, 0] == pytest.approx([16 / 60] * 2)
    assert futures.demand[1, 0, from_nine] * 60 == pytest.approx(11)
    billed = invoice(contract, ledger)
    assert [(line.clause, line.amount) for line in billed.lines if line.amount] == [
        ("lines.hours.rate", 40),
        ("lines.contacts.rate", 16),
        ("lines.contacts.times.late", 2),
        ("lines.minutes.rate", 8),
        ("service_levels.phone.bands.poor", Decimal("-6.6")),
    ]
    assert futures.settle(contract).total == pytest.approx([59.40, 59.40])


# -- People ------------------------------------------------------------------------------------------------------------


def test_heads_are_those_of_the_busiest_interval_or_of_the_hours_whichever_are_more(folder: Path) -> None:
    """Two from seven to seven, and on Monday at noon eight: from Tuesday to Sunday that is 144 h.

    One works 30 of them on duty, which makes 4.8 people. Eight at once take 8 / 0.8 = 10, in the second week and in the
    last, of two days.
    """
    noon = '"mon 07:00-12:00" = 2\n"mon 12:00-13:00" = 8\n"mon 13:00-19:00" = 2\n"tue-sun 07:00-19:00" = 2'
    text = HAND.replace("2026-06-01", "2026-06-02").replace("days = 1", "days = 14")
    text = text.replace('"mon 09:00-11:00" = 1', noon)
    scenario = loaded(folder, text.replace('employer = "outsourced"', 'employer = "outsourced"\nshrinkage = "20 %"'))
    people = heads(scenario, 37.5)
    assert people[1].tolist() == [5, 10, 10]
    calendar = scenario.calendar
    assert np.flatnonzero(added(calendar, people)[1]).tolist() == [6]
    assert added(calendar, people)[1, 6] == 5
    half = np.array([0.0, 0.5])
    assert trained(calendar, people, half, from_the_start=True)[1, [0, 6]].tolist() == [2.5, 2.5]
    assert trained(calendar, people, half, from_the_start=False)[1, [0, 6]].tolist() == [0, 2.5]
    assert not trained(calendar, people, half, from_the_start=True)[0].any()


def test_who_is_added_in_a_week_that_begins_with_a_month_comes_on_its_monday(folder: Path) -> None:
    """From Thursday 4 June on: the next week begins four days later."""
    text = HAND.replace("days = 1", "days = 6").replace("2026-06-01", "2026-06-04")
    scenario = loaded(folder, text)
    grown = added(scenario.calendar, np.array([[1, 1], [2, 5]]))
    assert grown.tolist() == [[0] * 6, [0, 0, 0, 0, 3, 0]]
