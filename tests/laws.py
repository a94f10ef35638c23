"""What holds on every day whatever the rules decide, asked of the tables an engine hands out.

Each law is worked out from the records alone, so that it can be asked of any engine and of a day worked by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.contacts import NOT_ARRIVED, ContactRecords, Outcome, Trigger

if TYPE_CHECKING:
    from days import Day
    from numpy.typing import NDArray

    from simulator.contacts import Ledger

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

ROUNDING = 1e-9
"""Sums of a few hundred seconds may differ by this when they are taken in another order."""


def check_laws(day: Day, records: ContactRecords, ledger: Ledger) -> None:
    """Assert every law below."""
    check_arrivals(day, records)
    check_follow_ups(day, records)
    check_bot(day, records)
    check_outcomes(day, records)
    check_told_waits(day, records)
    check_times(day, records)
    check_work(day, records)
    check_hands(day, records)
    check_ledger(day, records, ledger)
    check_on_call(day, records, ledger)
    check_nobody_waits_beside_an_idle_agent(day, records, ledger)


# -- What the records do not say outright ---------------------------------------------------------------------------


def interval_at(day: Day, instant: Floats) -> NDArray[np.int64]:
    """The interval that an instant belongs to; 0 for the starting backlog."""
    return np.maximum(np.searchsorted(day.centre.edges, instant, side="right") - 1, 0)


def in_bot(day: Day, records: ContactRecords) -> tuple[Bools, Bools]:
    """Who has met the bot, and who may have: of those who need no time there it cannot always be told."""
    contacts, arrived = day.contacts, records.arrived
    bot_on = day.centre.bot_on[contacts.channel, interval_at(day, np.where(arrived >= 0, arrived, 0.0))]
    wants = contacts.meets_bot & bot_on & (arrived >= 0) & (day.centre.bot_capacity[contacts.channel] > 0)
    at_agents_door = np.where(np.isnan(records.entered), records.ended, records.entered)
    surely = wants & ((records.outcome == Outcome.CONTAINED) | ~(at_agents_door == arrived))
    return surely, surely | (wants & ~contacts.contained & (contacts.bot_time == 0))


def at_door(day: Day, records: ContactRecords) -> Floats:
    """When each contact comes to the agents' door; nan if it does not."""
    met, _ = in_bot(day, records)
    comes = np.where(met, records.arrived + day.contacts.bot_time, records.arrived)
    return np.where((met & day.contacts.contained) | (comes >= day.centre.horizon), np.nan, comes)


def possible_patience(day: Day, records: ContactRecords) -> Floats:
    """[contact, with or without the bot] R5, R23: the patience of those who are not taken as they join."""
    centre, contacts = day.centre, day.contacts
    met, perhaps = in_bot(day, records)
    escalated = contacts.patience * centre.escalated_patience[contacts.channel, contacts.topic]
    patience: Floats = np.c_[
        np.where(met, escalated, contacts.patience), np.where(perhaps, escalated, contacts.patience)
    ]
    told = (centre.live & centre.tells)[contacts.channel]
    patience *= np.where(told, centre.told_patience[contacts.channel], 1.0)[:, None]
    return patience


def closings(day: Day, channel: int) -> Floats:
    """The boundaries at which a channel closes."""
    is_open = day.centre.open[channel]
    closes: Floats = day.centre.edges[1:-1][is_open[:-1] & ~is_open[1:]]
    return closes


def let_go(day: Day, records: ContactRecords) -> Floats:
    """When work on a contact ends, put-aside time included; the horizon, or when it cannot be told, at the latest."""
    last = np.where(np.isnan(records.ended), day.centre.horizon, records.ended)
    aside = day.centre.interruptible[day.contacts.channel]
    after_all = np.where(aside, day.centre.horizon, records.started + records.handled)
    return np.where(records.outcome == Outcome.GONE, after_all, last)


def leaves_line(day: Day, records: ContactRecords) -> Floats:
    """When each contact that has joined leaves its line; inf if it stays there, nan if it has not joined."""
    leaves = np.fmin(np.where(np.isnan(records.started), np.inf, records.started), records.ended)
    for contact in np.flatnonzero(records.outcome == Outcome.GONE):
        channel = day.contacts.channel[contact]
        cuts = closings(day, channel) if day.centre.live[channel] and day.centre.cut[channel] else np.empty(0)
        cut = np.min(cuts[cuts > records.ended[contact]], initial=np.inf)
        leaves[contact] = cut if np.isnan(records.started[contact]) else records.started[contact]
    return np.where(np.isnan(records.entered), np.nan, leaves)


def expected_waits(day: Day, records: ContactRecords, channel: int, instant: float) -> list[float]:
    """R23: what the expected wait can be at an instant; ties leave several possibilities."""
    is_open, edges = day.centre.open[channel], day.centre.edges[:-1]
    opens = is_open & (edges <= instant) & ~np.r_[False, is_open[:-1]]
    since = np.max(edges[opens], initial=0.0)
    taken = (day.contacts.channel == channel) & (records.group >= 0) & (records.started >= since)
    before = taken & (records.started < instant)
    latest = before & (records.started == np.max(records.started[before], initial=-np.inf))
    waits: list[float] = (records.started - records.entered)[latest | (taken & (records.started == instant))].tolist()
    return waits if (before & (records.started > since)).any() else [0.0, *waits]


# -- The laws ---------------------------------------------------------------------------------------------------------


def check_arrivals(day: Day, records: ContactRecords) -> None:
    """What comes by itself comes when it is drawn to; a follow-up is promised its due time when it comes."""
    centre, contacts = day.centre, day.contacts
    firsts = len(contacts) - len(contacts.follow_ups)
    assert np.array_equal(records.arrived[:firsts], contacts.arrival[:firsts])
    assert np.array_equal(records.due[:firsts], contacts.due[:firsts])
    away = np.isin(records.outcome, NOT_ARRIVED)
    assert not away[:firsts].any()
    assert np.array_equal(away, np.isnan(records.arrived))
    for contact in np.flatnonzero(away):
        row = (records.entered[contact], records.started[contact], records.ended[contact], records.handled[contact])
        assert np.array_equal(row, [np.nan, np.nan, np.nan, 0.0], equal_nan=True)
        assert (records.group[contact], records.agent[contact], records.due[contact]) == (-1, -1, np.inf)
    for contact in np.flatnonzero(~away[firsts:]) + firsts:
        channel, arrived = contacts.channel[contact], records.arrived[contact]
        assert 0 <= arrived < centre.horizon
        knot = np.flatnonzero(centre.due_from[channel] <= arrived)[-1]
        moved = centre.due_rate[channel, knot] * (arrived - centre.due_from[channel, knot])
        assert records.due[contact] == centre.due_at[channel, knot] + moved


def check_follow_ups(day: Day, records: ContactRecords) -> None:
    """A follow-up comes if what it waits for has happened, `delay` later to the bit, and else not."""
    contacts, follow_ups = day.contacts, day.contacts.follow_ups
    firsts = len(contacts) - len(follow_ups)
    for row, (after, trigger) in enumerate(zip(follow_ups.after.tolist(), follow_ups.trigger.tolist(), strict=True)):
        delay, ended = float(follow_ups.delay[row]), float(records.ended[after])
        found, outcome = float(records.arrived[firsts + row]), records.outcome[after]
        if trigger == Trigger.LATE:
            waits = not day.centre.live[contacts.channel[after]] and records.entered[after] == records.entered[after]
            late = max(float(records.due[after]) + delay, float(records.entered[after])) if waits else np.inf
            comes = coming(day, firsts + row, late, delay)
            sure, possible = not ended <= comes, not ended < comes
        else:
            sure = possible = outcome in OUTCOMES_OF[trigger]
            if trigger == Trigger.SERVED and possible:
                opinion = day.centre.quality[records.group[after]] < follow_ups.resolved_by[row]
                # Work that ends at a boundary may belong to the interval before it or, of no length, to the one after.
                ends_in = {int(np.searchsorted(day.centre.edges, ended, side=side)) - 1 for side in ("left", "right")}
                opinions = [bool(opinion[interval]) for interval in ends_in if 0 <= interval < len(opinion)]
                sure, possible = all(opinions), any(opinions)
            comes = coming(day, firsts + row, ended + delay, delay) if possible else np.inf
        before_the_end = comes < day.centre.horizon
        if found != found:  # R3
            to_come = records.outcome[firsts + row] == Outcome.TO_COME
            brought_about = (sure, possible) if trigger != Trigger.LATE else (False, False)
            assert to_come in brought_about, f"follow-up {firsts + row}"
        assert found == comes if found == found else not (sure and before_the_end), f"follow-up {firsts + row}"
        assert found != found or (possible and before_the_end), f"follow-up {firsts + row}"


OUTCOMES_OF = {
    Trigger.LOST: (Outcome.ABANDONED, Outcome.CLOSED, Outcome.CUT, Outcome.BALKED, Outcome.GONE),
    Trigger.CONTAINED: (Outcome.CONTAINED,),
    Trigger.SERVED: (Outcome.SERVED,),
    Trigger.CALLBACK: (Outcome.CALLBACK,),
}


def coming(day: Day, follow_up: int, instant: float, delay: float) -> float:
    """R22: when a follow-up that would come at an instant does come."""
    centre, contacts = day.centre, day.contacts
    instant = max(instant, 0.0)
    waits = contacts.follow_ups.waits_for_opening[follow_up - len(contacts)]
    if instant >= centre.horizon or not waits:
        return instant
    is_open = centre.open[contacts.channel[follow_up]]
    interval = int(np.searchsorted(centre.edges, instant, side="right")) - 1
    if is_open[interval]:
        return instant
    later = centre.edges[:-1][is_open & (np.arange(len(is_open)) > interval)]
    spread = float(centre.after_opening[contacts.channel[follow_up]])
    return float(later[0]) + delay % spread if len(later) else np.inf


def check_bot(day: Day, records: ContactRecords) -> None:
    """The bot holds no more contacts than its capacity, and turns nobody away while it has room."""
    contacts, arrived = day.contacts, records.arrived
    met, perhaps = in_bot(day, records)
    left = arrived + contacts.bot_time
    bot_on = day.centre.bot_on[contacts.channel, interval_at(day, np.where(arrived >= 0, arrived, 0.0))]
    for contact in np.flatnonzero(contacts.meets_bot & bot_on & (arrived >= 0)):
        now, others = arrived[contact], contacts.channel == contacts.channel[contact]
        others[contact] = False
        capacity = day.centre.bot_capacity[contacts.channel[contact]]
        if met[contact]:
            assert np.sum(others & met & (arrived < now) & (left > now)) < capacity
        elif not perhaps[contact]:
            assert np.sum(others & perhaps & (arrived <= now) & (left >= now)) >= capacity


def check_outcomes(day: Day, records: ContactRecords) -> None:
    """Every contact of every channel is one of: served, contained, abandoned, gone, ..., still open, or never made.

    What each outcome means is asked of the other columns: the counts add up because each contact is accounted for.
    """
    centre, contacts = day.centre, day.contacts
    entered, started, ended = (~np.isnan(column) for column in (records.entered, records.started, records.ended))
    live, edges = centre.live[contacts.channel], centre.edges
    met, _ = in_bot(day, records)
    out_of_bot = records.arrived + contacts.bot_time
    door = at_door(day, records)
    comes = ~np.isnan(door)
    is_open = centre.open[contacts.channel, np.minimum(interval_at(day, np.where(comes, door, 0.0)), len(edges) - 2)]
    let_in = comes & (is_open | (door < 0))

    assert np.array_equal(records.entered[entered], door[entered])
    np.testing.assert_array_equal(entered, let_in)
    at_closing = np.array(
        [end in closings(day, channel) for end, channel in zip(records.ended, contacts.channel, strict=True)],
        dtype=bool,
    )
    cuts = live & centre.cut[contacts.channel]
    gives_up = (records.ended[:, None] == records.entered[:, None] + possible_patience(day, records)).any(axis=1)
    at_once = entered & ~started & live & (records.ended == records.entered)
    follow_ups = contacts.follow_ups
    offered = np.isin(np.arange(len(contacts)), follow_ups.after[follow_ups.trigger == Trigger.CALLBACK])
    meaning = {
        Outcome.OPEN: ~ended & (entered | (met & (out_of_bot >= edges[-1]))),
        Outcome.SERVED: entered & started & ended,
        Outcome.CONTAINED: met & contacts.contained & ~entered & (records.ended == out_of_bot),
        Outcome.ABANDONED: entered & ~started & gives_up & ~contacts.silent,
        Outcome.CLOSED: comes & ~is_open & ~entered & (records.ended == door),
        Outcome.CUT: entered & ~started & cuts & at_closing & (records.entered < records.ended),
        Outcome.NOT_MADE: np.isnan(records.arrived),
        Outcome.TO_COME: np.isnan(records.arrived),
        Outcome.BALKED: at_once & centre.tells[contacts.channel],
        Outcome.CALLBACK: at_once & offered,
        Outcome.GONE: entered & gives_up & contacts.silent & ~(records.started < records.ended),
    }
    accounted = np.any([(records.outcome == outcome) & holds for outcome, holds in meaning.items()], axis=0)
    for channel in range(len(centre.live)):
        arrived = contacts.channel == channel
        assert np.sum(accounted[arrived]) == np.sum(arrived), (
            f"channel {channel}: contacts {np.flatnonzero(arrived & ~accounted)}"
        )
    assert np.array_equal(started, records.group >= 0)
    assert np.array_equal(started, records.agent >= 0)


def check_told_waits(day: Day, records: ContactRecords) -> None:
    """Of those who join and are not taken, it is the long expected wait that makes them balk or take a callback."""
    centre, contacts, follow_ups = day.centre, day.contacts, day.contacts.follow_ups
    offered = set(follow_ups.after[follow_ups.trigger == Trigger.CALLBACK].tolist())
    for contact in np.flatnonzero((records.entered >= 0) & ~(records.started == records.entered)).tolist():
        channel, outcome = int(contacts.channel[contact]), records.outcome[contact]
        if not centre.live[channel]:
            continue
        waits = expected_waits(day, records, channel, float(records.entered[contact]))
        if contact in offered:
            takes = [wait >= centre.callback_from[channel] for wait in waits]
            assert any(takes) if outcome == Outcome.CALLBACK else not all(takes), f"contact {contact}"
        if centre.tells[channel] and outcome != Outcome.CALLBACK:
            balks = [wait > contacts.tolerance[contact] for wait in waits]
            assert any(balks) if outcome == Outcome.BALKED else not all(balks), f"contact {contact}"


def check_times(day: Day, records: ContactRecords) -> None:
    """Nobody is taken before joining, before the level opened, after giving up, or by a group without the skill."""
    centre, contacts = day.centre, day.contacts
    taken = np.flatnonzero(records.group >= 0)
    skill = contacts.customer_class[taken], contacts.channel[taken], contacts.topic[taken], records.group[taken]
    assert (centre.level[skill] >= 0).all()
    assert (records.started[taken] >= records.entered[taken] + centre.opens_after[skill]).all()
    assert (records.started[taken] >= 0).all()
    gone = records.outcome == Outcome.GONE
    in_time = (records.started[:, None] <= records.entered[:, None] + possible_patience(day, records)).any(axis=1)
    assert (in_time | gone | (records.started == records.entered))[taken].all()
    assert not (records.ended < records.started)[~gone].any()
    assert not (records.ended > centre.horizon).any()


def check_work(day: Day, records: ContactRecords) -> None:
    """A served contact was in hand as long as its work needs, and never longer than from start to end."""
    centre, contacts = day.centre, day.contacts
    taken = np.flatnonzero(records.group >= 0)
    channel, group = contacts.channel[taken], records.group[taken]
    gone = records.outcome[taken] == Outcome.GONE
    last = np.where(np.isnan(records.ended[taken]) | gone, centre.horizon, records.ended[taken])
    span, handled = last - records.started[taken], records.handled[taken]
    assert (handled <= span + ROUNDING).all()
    whole = ~centre.interruptible[channel] & ~gone
    assert np.array_equal(handled[whole], span[whole])
    assert not records.handled[records.group < 0].any()

    speed = centre.speed[contacts.customer_class[taken], channel, contacts.topic[taken], group]
    usable = np.arange(centre.slot_speed.shape[1]) < centre.slots[channel, group][:, None]
    fastest = (
        np.max(centre.slot_speed[channel], axis=1, initial=0, where=usable) * speed * centre.pace.max(axis=1)[group]
    )
    slowest = (
        np.min(centre.slot_speed[channel], axis=1, initial=np.inf, where=usable)
        * speed
        * centre.pace.min(axis=1)[group]
    )
    served = records.outcome[taken] == Outcome.SERVED
    met, perhaps = (rows[taken] for rows in in_bot(day, records))
    work, escalated = contacts.work[taken], centre.escalated_work[channel, contacts.topic[taken]]
    work = np.where(met, work * escalated, work)
    least, most = (bound(work, np.where(perhaps & ~met, work * escalated, work)) for bound in (np.minimum, np.maximum))
    most = np.where(gone, centre.silent_work[channel], most)
    assert (handled[served] >= (least / fastest)[served] - ROUNDING).all()
    assert (handled <= most / slowest + ROUNDING).all()


def check_hands(day: Day, records: ContactRecords) -> None:
    """No agent holds more than its slots, nor contacts of two channels; interruptible work may lie beside them."""
    centre, contacts = day.centre, day.contacts
    last = let_go(day, records) - np.where(records.outcome == Outcome.GONE, ROUNDING, 0.0)
    firm = (records.group >= 0) & ~centre.interruptible[contacts.channel]
    for contact in np.flatnonzero(firm & (last > records.started)):
        now = records.started[contact]
        same_agent = (records.group == records.group[contact]) & (records.agent == records.agent[contact])
        held = firm & same_agent & (records.started <= now) & (last > now)
        channel = contacts.channel[contact]
        assert (contacts.channel[held] == channel).all()
        assert np.sum(held) <= centre.slots[channel, records.group[contact]]


def on_duty(day: Day, ledger: Ledger) -> NDArray[np.int64]:
    """[group, interval] R28: the staffing, but none of an on-call group that is not there."""
    away = day.centre.on_call[:, None] & (ledger.staffed == 0)
    agents: NDArray[np.int64] = np.where(away, 0, day.staffing)
    return agents


def check_ledger(day: Day, records: ContactRecords, ledger: Ledger) -> None:
    """The ledger's seconds are those of the records, and nobody is busy who is not there."""
    centre, contacts = day.centre, day.contacts
    groups, intervals = day.staffing.shape
    assert np.array_equal(ledger.staffed, on_duty(day, ledger) * np.diff(centre.edges))
    assert (ledger.busy <= ledger.staffed + ledger.overtime + ROUNDING).all()
    assert (ledger.busy <= ledger.slot_seconds + ROUNDING).all()
    assert (ledger.overtime <= ledger.busy + ROUNDING).all()
    has_fallen = np.maximum.accumulate(np.diff(on_duty(day, ledger), axis=1, prepend=0) < 0, axis=1)
    assert not ledger.overtime[~has_fallen].any()
    by_group = np.bincount(records.group + 1, weights=records.handled, minlength=groups + 1)[1:]
    np.testing.assert_allclose(ledger.slot_seconds.sum(axis=1), by_group, rtol=0, atol=ROUNDING)

    taken = np.flatnonzero(records.group >= 0)
    if centre.interruptible[contacts.channel[taken]].any():
        return  # when such work lay aside is not in the records
    last = let_go(day, records)
    in_hand, busy = np.zeros((groups, intervals)), np.zeros((groups, intervals))
    for group in range(groups):
        for agent in set(records.agent[records.group == group].tolist()):
            held = np.flatnonzero((records.group == group) & (records.agent == agent))
            spans = sorted(zip(records.started[held].tolist(), last[held].tolist(), strict=True))
            together: list[list[float]] = []
            for start, end in spans:
                in_hand[group] += _seconds_in(day, start, end)
                if together and start <= together[-1][1]:
                    together[-1][1] = max(together[-1][1], end)
                else:
                    together.append([start, end])
            for start, end in together:
                busy[group] += _seconds_in(day, start, end)
    np.testing.assert_allclose(ledger.slot_seconds, in_hand, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(ledger.busy, busy, rtol=0, atol=ROUNDING)


def _seconds_in(day: Day, start: float, end: float) -> NDArray[np.float64]:
    """Seconds of a span in each interval."""
    edges = day.centre.edges
    seconds: NDArray[np.float64] = np.maximum(np.minimum(edges[1:], end) - np.maximum(edges[:-1], start), 0.0)
    return seconds


def check_on_call(day: Day, records: ContactRecords, ledger: Ledger) -> None:
    """An on-call group has come because many waited, or somebody long, and goes when few do, after its stay."""
    centre = day.centre
    for group in np.flatnonzero(centre.on_call).tolist():
        lead, stay = int(centre.lead[group]), int(centre.stay[group])
        called_from, kept_from = int(centre.called_from[group]), int(centre.released_at[group]) + 1
        # Where the staffing is 0, the ledger does not say whether the group is there.
        there, away = ledger.staffed[group] > 0, (ledger.staffed[group] == 0) & (day.staffing[group] > 0)
        came: int | None = None
        for interval in range(len(there)):
            called = interval - lead
            if there[interval] and (interval == 0 or away[interval - 1]):
                came = interval
                assert called >= 0
                assert has_cause(day, records, group, called, called_from)[1]
            elif there[interval] and came is not None and interval - came >= stay:
                assert has_cause(day, records, group, interval, kept_from)[1]
            elif away[interval] and came is not None:
                assert interval - came >= stay
                assert not has_cause(day, records, group, interval, kept_from)[0]
            elif away[interval] and stay > 0 and called >= 0 and away[max(called - 1, 0) : interval].all():
                assert not has_cause(day, records, group, called, called_from)[0]
            came = came if there[interval] else None


def has_cause(day: Day, records: ContactRecords, group: int, boundary: int, least: int) -> tuple[bool, bool]:
    """Whether so many wait for a group at a boundary, or somebody long: surely, and possibly; ties leave it open."""
    centre, now, leaves = day.centre, float(day.centre.edges[boundary]), leaves_line(day, records)
    contacts = day.contacts
    serves = centre.level[contacts.customer_class, contacts.channel, contacts.topic, group] >= 0
    surely = serves & (records.entered < now) & (leaves > now)
    perhaps = serves & (records.entered <= now) & (leaves >= now)
    heard = centre.live & centre.open[:, boundary] & (centre.level[..., group] >= 0).any(axis=(0, 2))
    channels = np.flatnonzero(heard).tolist()
    waits = [expected_waits(day, records, channel, now) for channel in channels]
    long_wait = centre.called_from_wait[group]
    return (
        bool(surely.sum() >= least or any(min(each) >= long_wait for each in waits)),
        bool(perhaps.sum() >= least or any(max(each) >= long_wait for each in waits)),
    )


def check_nobody_waits_beside_an_idle_agent(day: Day, records: ContactRecords, ledger: Ledger) -> None:
    """At every instant at which anything can happen, whoever could still be taken by an idle agent has been taken.

    A group with fewer agents in charge of contacts than it has staff has somebody idle and not marked to leave.
    """
    centre, contacts = day.centre, day.contacts
    _, _, groups, _ = centre.shape
    lines = contacts.customer_class, contacts.channel, contacts.topic
    opens = records.entered[:, None] + centre.opens_after[lines]
    instants = np.concatenate([records.entered, records.started, records.ended, opens.ravel(), centre.edges])
    leaves = leaves_line(day, records)
    stands_by = np.where(centre.live[contacts.channel], records.entered, records.due)
    last = let_go(day, records) + np.where(records.outcome == Outcome.GONE, ROUNDING, 0.0)
    agents_on_duty = on_duty(day, ledger)
    for now in np.unique(instants[(instants >= 0) & (instants < centre.horizon)]):
        staffing = agents_on_duty[:, interval_at(day, now)]
        in_charge = (records.started <= now) & (last > now)
        agents = [len(set(records.agent[in_charge & (records.group == group)].tolist())) for group in range(groups)]
        idle = staffing - np.array(agents)
        waiting = np.flatnonzero((records.entered <= now) & (leaves > now)).tolist()
        heads: dict[tuple[int, ...], int] = {}
        for contact in sorted(waiting, key=lambda contact: (stands_by[contact], contact)):
            heads.setdefault(tuple(int(column[contact]) for column in lines), contact)
        for line, head in heads.items():
            kept_back = 0 if centre.live[line[1]] else centre.reserve
            may = (centre.level[line] >= 0) & (opens[head] <= now)
            assert not (may & (idle > kept_back)).any(), f"contact {head} waits at {now} beside an idle agent"
