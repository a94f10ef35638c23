"""What may follow a contact: against an independent slow drawing, against what was expected, and paired."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from demand_scenarios import BOT, a_channel, a_profile, a_scenario, a_type
from scipy import stats

from simulator.contacts import Cause, Contacts, Trigger
from simulator.demand import Demand, compiled, follow_ups
from simulator.demand.keys import constant
from simulator.scenario import load_scenario
from simulator.scenario.customers import Callback, Outage, Return, Returns, Silent, Told
from simulator.scenario.model import Distribution

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.model import Scenario

FILE = Path(__file__).parent / "data" / "customers.toml"
HOUR = 3600.0
SOON = Distribution("exponential", 600.0, 1.0)
WORDS = 1 << 64


def again(*share: float, **changes: Any) -> Return:
    """Those who come again do so on channel 0, ten minutes later on average."""
    return replace(Return(share, ((0, 1.0),), SOON, waits_for_opening=True), **changes)


def a_phone(*, per_day: float = 2000.0, attempts: int = 5, **changes: Any) -> Scenario:
    """One channel and topic; `changes` are its returns, or what a channel has."""
    returns = Returns(**{name: changes.pop(name) for name in list(changes) if name in Returns.__dataclass_fields__})
    kind = a_type(0, bot_share=changes.pop("bot_share", 0.0), returns=returns)
    changes.setdefault("types", (kind,))
    outages = changes.pop("outages", ())
    return a_scenario(a_channel(demand=a_profile(7 * per_day), **changes), attempts=attempts, outages=outages)


@cache
def everything() -> tuple[Scenario, Demand]:
    scenario = load_scenario(FILE)
    return scenario, Demand(scenario)


def drawn(scenario: Scenario, replication: int = 0) -> Contacts:
    return Demand(scenario).draw(7, replication)


def causes(contacts: Contacts) -> Counter[Cause]:
    return Counter(map(Cause, contacts.follow_ups.cause.tolist()))


def paths(contacts: Contacts) -> list[tuple[int, ...]]:
    """Of each row the number of its first attempt and the causes on the way from there: the same whoever else comes."""
    firsts = len(contacts) - len(contacts.follow_ups)
    path: list[tuple[int, ...]] = [(row,) for row in range(firsts)]
    for before, cause in zip(contacts.follow_ups.after.tolist(), contacts.follow_ups.cause.tolist(), strict=True):
        path.append((*path[before], cause))
    return path


def rows_by_path(contacts: Contacts, *leave_out: str) -> dict[tuple[int, ...], tuple[Any, ...]]:
    """Everything in the row of each path but numbers of rows."""
    columns = [getattr(contacts, name) for name in contacts.columns() if name not in {"enquiry", *leave_out}]
    firsts = len(contacts) - len(contacts.follow_ups)
    extra = [
        np.concatenate((np.zeros(firsts), getattr(contacts.follow_ups, name)))
        for name in ("delay", "resolved_by", "waits_for_opening")
        if name not in leave_out
    ]
    return dict(zip(paths(contacts), zip(*(column.tolist() for column in columns + extra), strict=True), strict=True))


# --- an independent slow drawing


def mixed(key: int, name: str) -> int:
    word = (key + int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")) % WORDS
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 % WORDS
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB % WORDS
    return word ^ (word >> 31)


def luck(key: int, name: str) -> float:
    return (mixed(key, name) >> 11) / 2**53


class SlowDrawing:
    """One enquiry after the other, one attempt after the other, in whole words of Python."""

    def __init__(self, scenario: Scenario, contacts: Contacts) -> None:
        self.scenario = scenario
        self.contacts = contacts
        self.found: dict[tuple[int, ...], tuple[int, int, int, bool, bool]] = {}
        """By path: channel, topic, attempt, meets the bot, contained by it."""

    def follow(self, path: tuple[int, ...], key: int, c: int, t: int, *, met: bool, done: bool, calls: int) -> None:
        attempt = len(path) - 1
        if attempt + 1 >= self.scenario.attempts:
            return
        channel = self.scenario.channels[c]
        kind = next(each for each in channel.types if each.topic == t)
        self.lost(path, key, c, t)
        if met and done:
            self.maybe(path, key, t, Cause.BOUNCE, "bounce", kind.returns.bounce)
        self.maybe(path, key, t, Cause.CHASER, "chaser", kind.returns.chaser)
        offer = channel.callback
        if offer and not calls and luck(key, "callback") < offer.taken:
            self.comes(path, key, c, t, Cause.CALLBACK, calls=1)
        if offer and calls and luck(key, "reached") >= offer.reached:
            if calls < offer.tries:
                self.comes(path, key, c, t, Cause.RETRY, calls=calls + 1)
        elif not self.maybe(path, key, t, Cause.HAND_ON, "hand on", kind.returns.hand_on) and kind.returns.repeat:
            resolved = 1 - kind.returns.repeat.share[0]
            if luck(key, "repeat") > resolved:
                self.comes(path, key, *self.place(key, t, Cause.REPEAT, kind.returns.repeat), Cause.REPEAT)

    def lost(self, path: tuple[int, ...], key: int, c: int, t: int) -> None:
        if len(path) == 1:
            for outage in self.scenario.outages:
                if outage.channel == c and outage.start <= self.contacts.arrival[path[0]] < outage.end:
                    returning = outage.back.share[0] if outage.back else 0.0
                    way = outage.back if luck(key, "redial") < returning else outage.switch
                    switching = outage.switch.share[0] if outage.switch else 0.0
                    if way and luck(key, "redial") < returning + switching:
                        self.comes(path, key, *self.place(key, t, Cause.REDIAL, way), Cause.REDIAL)
                    return
        kind = next(each for each in self.scenario.channels[c].types if each.topic == t)
        self.maybe(path, key, t, Cause.REDIAL, "redial", kind.returns.redial)

    def maybe(self, path: tuple[int, ...], key: int, t: int, cause: Cause, name: str, way: Return | None) -> bool:
        if way is None or luck(key, name) >= way.share[min(len(path) - 1, len(way.share) - 1)]:
            return False
        self.comes(path, key, *self.place(key, t, cause, way), cause)
        return True

    def place(self, key: int, t: int, cause: Cause, way: Return) -> tuple[int, int]:
        u, place = luck(mixed(key, f"next {cause.name}"), "channel"), 0
        until = np.cumsum([share for _, share in way.channels])[:-1]
        while place < len(until) and u >= until[place]:
            place += 1
        return way.channels[place][0], t if way.topic is None else way.topic

    def comes(self, path: tuple[int, ...], key: int, c: int, t: int, cause: Cause, *, calls: int = 0) -> None:
        key = mixed(key, f"next {cause.name}")
        kind = next(each for each in self.scenario.channels[c].types if each.topic == t)
        has_bot = self.scenario.channels[c].bot is not None
        met = has_bot and not calls and luck(key, "meets bot") < kind.bot_share
        done = luck(key, "contained") < kind.containment
        path = (*path, int(cause))
        assert path not in self.found
        self.found[path] = (c, t, len(path) - 1, met, done)
        self.follow(path, key, c, t, met=met, done=done, calls=calls)


def test_an_independent_slow_drawing_finds_the_same_attempts() -> None:
    scenario, demand = everything()
    plain = replace(scenario, attempts=1)
    base = Demand(plain).draw(3, 0)
    key = np.random.default_rng(5).integers(0, WORDS - 1, len(base), dtype=np.uint64)
    table = demand.follow_ups.drawn_after(base, key)
    slow = SlowDrawing(scenario, base)
    for row in range(len(base)):
        slow.follow(
            (row,), int(key[row]), int(base.channel[row]), int(base.topic[row]),
            met=bool(base.meets_bot[row]), done=bool(base.contained[row]), calls=0,
        )  # fmt: skip
    firsts = len(base)
    fast = zip(
        table.channel.tolist(), table.topic.tolist(), table.attempt.tolist(), table.meets_bot.tolist(),
        table.contained.tolist(), strict=True,
    )  # fmt: skip
    assert dict(list(zip(paths(table), fast, strict=True))[firsts:]) == slow.found
    assert set(causes(table)) == set(Cause) - {Cause.NEED}


def test_the_compiled_kernels_and_this_file_number_the_ways_alike() -> None:
    names = ("REDIAL", "BOUNCE", "REPEAT", "HAND_ON", "RETRY", "CALLBACK", "CHASER")
    assert [getattr(compiled, name) for name in names] == list(range(7))
    assert [cause.name for cause in follow_ups.CAUSES] == list(names)
    assert len(names) == compiled.OUTAGE


# --- the table


def test_the_table_is_one_that_can_be_played_and_knows_its_enquiries() -> None:
    scenario, demand = everything()
    contacts = demand.draw(1, 0)
    contacts.check(channels=len(scenario.channels), topics=len(scenario.topics))
    firsts = len(contacts) - len(contacts.follow_ups)
    after = contacts.follow_ups.after
    assert np.array_equal(contacts.enquiry[:firsts], np.arange(firsts))
    assert np.array_equal(contacts.enquiry[firsts:], contacts.enquiry[after])
    assert np.array_equal(contacts.attempt[firsts:], contacts.attempt[after] + 1)
    assert contacts.attempt.max() == scenario.attempts - 1
    assert np.all(after < np.arange(firsts, len(contacts)))


def test_without_any_of_it_the_table_is_left_as_it_is() -> None:
    demand = Demand(a_phone())
    contacts = demand.draw(1, 0)
    assert not demand.follow_ups.needed
    assert demand.follow_ups.drawn_after(contacts, np.zeros(len(contacts), dtype=np.uint64)) is contacts


def test_first_attempts_do_not_change_when_customers_may_come_again() -> None:
    scenario, demand = everything()
    types = [
        replace(each, types=tuple(replace(kind, returns=Returns()) for kind in each.types))
        for each in scenario.channels
    ]
    silent = replace(
        scenario, channels=tuple(replace(each, told=None, callback=None, silent=None) for each in types), outages=()
    )
    with_all, without = demand.draw(1, 0), Demand(silent).draw(1, 0)
    for name in without.columns():
        if name not in ("tolerance", "silent"):
            assert getattr(with_all, name)[: len(without)].tobytes() == getattr(without, name).tobytes(), name


@pytest.mark.parametrize("cause", ["redial", "repeat", "hand_on", "bounce"])
def test_a_larger_share_adds_follow_ups_and_leaves_all_others_as_they_were(cause: str) -> None:
    """But for repeats of what is handed on now: that is one or the other."""
    shares: dict[str, Any] = {
        "redial": again(0.3, 0.2),
        "repeat": again(0.3),
        "hand_on": again(0.1),
        "bounce": again(0.2),
    }
    few = drawn(a_phone(bot=BOT, bot_share=0.5, **shares))
    more = drawn(a_phone(bot=BOT, bot_share=0.5, **(shares | {cause: again(0.5)})))
    resolved_by = (
        ("resolved_by",) if cause == "repeat" else ()
    )  # the luck is the same, the share it is seen against is not
    before, after = rows_by_path(few, *resolved_by), rows_by_path(more, *resolved_by)
    handed = {path[:-1] for path in after if path[-1] == Cause.HAND_ON and len(path) > 1}
    gone = before.keys() - after.keys()
    assert len(after) > len(before)
    assert all(any(path[n] == Cause.REPEAT and path[:n] in handed for n in range(1, len(path))) for path in gone), (
        "only what is handed on instead may go"
    )
    assert cause == "hand_on" or not gone
    assert all(after[path] == row for path, row in before.items() if path in after)


def test_a_channel_that_is_left_alone_keeps_all_its_enquiries() -> None:
    scenario, demand = everything()
    phone = replace(scenario.channels[0], callback=None, told=None)
    before, after = demand.draw(1, 0), Demand(replace(scenario, channels=(phone, *scenario.channels[1:]))).draw(1, 0)
    old, new = rows_by_path(before), rows_by_path(after)
    elsewhere = {path for path in old if not any(before.channel[row] == 0 for row in _rows(path, before))}
    assert len(elsewhere) > 1000
    assert all(new[path] == old[path] for path in elsewhere)


@cache
def _index(contacts_id: int) -> dict[tuple[int, ...], int]:
    return {path: row for row, path in enumerate(paths(_TABLES[contacts_id]))}


_TABLES: dict[int, Contacts] = {}


def _rows(path: tuple[int, ...], contacts: Contacts) -> list[int]:
    """Rows on the way to a path."""
    _TABLES[id(contacts)] = contacts
    index = _index(id(contacts))
    return [index[path[:n]] for n in range(1, len(path) + 1)]


# --- how many


def assert_share(count: int, of: int, share: float) -> None:
    """A count of independent cases lies where chance has it all but once in 30,000 times."""
    assert abs(count - of * share) < 4.2 * np.sqrt(of * share * (1 - share)) + 1e-9, (count / of, share)


def test_redials_go_by_the_attempt_and_end_with_the_number_of_attempts() -> None:
    contacts = drawn(a_phone(per_day=30_000, attempts=5, redial=again(0.6, 0.4)))
    by_attempt = np.bincount(contacts.attempt)
    assert len(by_attempt) == 5
    assert_share(int(by_attempt[1]), int(by_attempt[0]), 0.6)
    for attempt in (2, 3, 4):
        assert_share(int(by_attempt[attempt]), int(by_attempt[attempt - 1]), 0.4)


def test_what_is_certain_happens_and_what_is_impossible_does_not() -> None:
    contacts = drawn(a_phone(attempts=9, redial=again(1.0, 1.0, 0.0)))
    firsts = len(contacts) - len(contacts.follow_ups)
    assert np.bincount(contacts.attempt).tolist() == [firsts] * 3
    assert not len(drawn(a_phone(repeat=again(0.0))).follow_ups)
    all_of_it = drawn(a_phone(attempts=2, repeat=again(1.0)))
    assert 2 * len(all_of_it.follow_ups) == len(all_of_it)
    assert np.all(all_of_it.follow_ups.resolved_by == np.inf)


def test_a_group_that_resolves_less_brings_more_repeats() -> None:
    """P(not resolved | quality q) = 1 - FCR q; rows are drawn for the least quality that there is."""
    scenario = a_phone(per_day=40_000, attempts=2, repeat=again(0.2))
    demand = Demand(scenario)
    demand.follow_ups._least_quality = 0.7
    contacts = demand.draw(1, 0)
    firsts = len(contacts) - len(contacts.follow_ups)
    for quality in (0.7, 0.85, 1.0):
        assert_share(int(np.sum(contacts.follow_ups.resolved_by > quality)), firsts, 1 - 0.8 * quality)
    usual = rows_by_path(drawn(scenario, 0))
    assert usual.keys() <= rows_by_path(Demand(scenario).draw(7, 0)).keys()


def test_only_what_the_bot_contains_bounces() -> None:
    contacts = drawn(a_phone(attempts=2, bounce=again(1.0)))
    assert not len(contacts.follow_ups)
    scenario, demand = everything()
    contacts = demand.draw(1, 0)
    bounced = contacts.follow_ups.cause == Cause.BOUNCE
    before = contacts.follow_ups.after[bounced]
    assert np.all(contacts.meets_bot[before] & contacts.contained[before])
    complaint = [topic.name for topic in scenario.topics].index("complaint")
    could = contacts.meets_bot & contacts.contained & (contacts.attempt < scenario.attempts - 1)
    for topic, share in ((0, 0.3), (complaint, 0.6)):
        assert_share(
            int(np.sum(contacts.topic[before] == topic)), int(np.sum(could & (contacts.topic == topic))), share
        )


def test_what_is_handed_on_goes_to_the_other_topic_and_is_not_repeated() -> None:
    scenario, demand = everything()
    contacts = demand.draw(1, 0)
    firsts = len(contacts) - len(contacts.follow_ups)
    follow = contacts.follow_ups
    handed, repeated = (follow.cause == cause for cause in (Cause.HAND_ON, Cause.REPEAT))
    assert not set(follow.after[handed]) & set(follow.after[repeated])
    phone = scenario.channel("phone")
    technical = [topic.name for topic in scenario.topics].index("technical")
    from_phone = handed & (contacts.channel[follow.after] == phone)
    assert np.all(contacts.topic[firsts:][from_phone] == technical)
    from_chat = handed & (contacts.channel[follow.after] == scenario.channel("chat"))
    assert np.all(contacts.channel[firsts:][from_chat] == scenario.channel("email"))
    assert np.all(follow.resolved_by[handed] == np.inf)


def test_calls_back_wait_for_ever_and_are_tried_again_until_somebody_answers() -> None:
    scenario = a_phone(
        per_day=30_000, attempts=9, callback=Callback(240.0, 0.5, 0.7, 3, SOON, 25.0), told=Told(SOON, 1.0),
        silent=Silent(0.5, 60.0),
    )  # fmt: skip
    contacts = drawn(scenario)
    firsts = len(contacts) - len(contacts.follow_ups)
    number = causes(contacts)
    assert_share(number[Cause.CALLBACK], firsts, 0.5)
    assert_share(number[Cause.RETRY], number[Cause.CALLBACK], 0.3 + 0.3 * 0.3)
    assert contacts.attempt.max() == 3
    calls = slice(firsts, None)
    assert np.all(contacts.patience[calls] == np.inf)
    assert np.all(contacts.tolerance[calls] == np.inf)
    assert not np.any(contacts.silent[calls] | contacts.meets_bot[calls])
    first_call = contacts.follow_ups.cause == Cause.CALLBACK
    assert np.all(contacts.follow_ups.delay[first_call] == 0)
    assert np.all(contacts.follow_ups.waits_for_opening == ~first_call)
    tried_again = contacts.follow_ups.after[~first_call]
    assert np.all(contacts.work[tried_again] == 25.0)
    in_vain = int(np.sum(contacts.work[calls] == 25.0))
    assert_share(in_vain, len(contacts) - firsts, 0.3)


def test_whoever_meets_an_outage_comes_back_switches_or_is_lost() -> None:
    back, switch = again(0.5), again(0.3, channels=((1, 1.0),))
    outage = Outage("lines", 0, 12 * HOUR, 14 * HOUR, back, switch)
    phone = a_channel(
        demand=a_profile(210_000.0), types=(a_type(0, bot_share=0.0, returns=Returns(redial=again(0.1))),)
    )
    chat = a_channel("chat", types=(a_type(0, bot_share=0.0),))
    contacts = drawn(a_scenario(phone, chat, outages=(outage,), attempts=2))
    firsts = len(contacts) - len(contacts.follow_ups)
    of_phone = contacts.channel[:firsts] == 0
    meets = of_phone & (contacts.arrival[:firsts] >= outage.start) & (contacts.arrival[:firsts] < outage.end)
    after, to = contacts.follow_ups.after, contacts.channel[firsts:]
    assert meets.sum() > 3000
    assert_share(int(np.sum(meets[after] & (to == 0))), int(meets.sum()), 0.5)
    assert_share(int(np.sum(meets[after] & (to == 1))), int(meets.sum()), 0.3)
    others = int(np.sum(of_phone & ~meets))
    assert_share(int(np.sum(~meets[after])), others, 0.1)
    assert np.all(to[~meets[after]] == 0)


def test_repeats_cost_less_where_agents_see_the_history() -> None:
    siloed = drawn(a_phone(repeat=again(0.5)))
    knows = drawn(a_phone(repeat=again(0.5, handling_factor=0.75)))
    firsts = len(siloed) - len(siloed.follow_ups)
    assert np.array_equal(knows.work[:firsts], siloed.work[:firsts])
    assert np.array_equal(knows.work[firsts:], 0.75 * siloed.work[firsts:])


# --- luck


def uniforms(count: int, *names: str) -> NDArray[np.float64]:
    """[name, key] Luck of keys in a row, which are as alike as keys can be."""
    place = np.arange(count)
    key = compiled.keys_of(place / 2.0**53, place, constant("enquiry"))
    return np.array([compiled.luck_of(key, place, constant(name)) for name in names])


def test_luck_is_uniform_and_that_of_one_purpose_tells_nothing_of_another() -> None:
    numbers = uniforms(200_000, *compiled.PURPOSES, "delay", "work", "patience")
    for row in numbers:
        assert stats.chisquare(np.histogram(row, bins=200, range=(0, 1))[0]).pvalue > 1e-5
        pairs = np.histogram2d(row[:-1], row[1:], bins=20, range=((0, 1), (0, 1)))[0]
        assert stats.chisquare(pairs.ravel()).pvalue > 1e-5
    off_diagonal = np.corrcoef(numbers) - np.eye(len(numbers))
    assert np.abs(off_diagonal).max() < 5 / np.sqrt(numbers.shape[1])


def test_the_luck_of_an_attempt_tells_nothing_of_the_next_ones() -> None:
    kind = a_type(
        0,
        bot_share=0.0,
        handling_time=Distribution("exponential", 300.0, 1.0),
        returns=Returns(redial=again(1.0)),
    )
    contacts = drawn(a_phone(per_day=40_000, attempts=4, types=(kind,)))
    firsts = len(contacts) - len(contacts.follow_ups)
    after = contacts.follow_ups.after
    scores = {
        "work": (contacts.work[firsts:], contacts.work[after]),
        "patience": (contacts.patience[firsts:], contacts.patience[after]),
        "work and patience": (contacts.work[firsts:], contacts.patience[firsts:]),
        "delay and work": (contacts.follow_ups.delay, contacts.work[firsts:]),
    }
    for name, (one, other) in scores.items():
        assert abs(stats.spearmanr(one, other).statistic) < 5 / np.sqrt(len(after)), name
    for column, mean in ((contacts.work, 300.0), (contacts.patience, 300.0)):
        assert stats.kstest(column[firsts:], stats.expon(scale=mean).cdf).pvalue > 1e-5
    assert stats.kstest(contacts.follow_ups.delay, stats.expon(scale=600.0).cdf).pvalue > 1e-5


def test_follow_ups_of_one_contact_wait_for_different_things() -> None:
    _, demand = everything()
    follow = demand.draw(1, 1).follow_ups
    pairs = list(zip(follow.after.tolist(), map(Trigger, follow.trigger.tolist()), strict=True))
    assert len(set(pairs)) == len(pairs)
