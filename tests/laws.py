"""What holds on every day whatever the rules decide, asked of the tables an engine hands out.

Each law is worked out from the records alone, so that it can be asked of any engine and of a day worked by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.contacts import Outcome

if TYPE_CHECKING:
    from days import Day
    from numpy.typing import NDArray

    from simulator.contacts import ContactRecords, Ledger

ROUNDING = 1e-9
"""Sums of a few hundred seconds may differ by this when they are taken in another order."""


def check_laws(day: Day, records: ContactRecords, ledger: Ledger) -> None:
    """Assert every law below."""
    check_outcomes(day, records)
    check_times(day, records)
    check_work(day, records)
    check_hands(day, records)
    check_ledger(day, records, ledger)
    check_nobody_waits_beside_an_idle_agent(day, records)


def interval_at(day: Day, instant: NDArray[np.float64]) -> NDArray[np.int64]:
    """The interval that an instant belongs to; 0 for the starting backlog."""
    return np.maximum(np.searchsorted(day.centre.edges, instant, side="right") - 1, 0)


def check_outcomes(day: Day, records: ContactRecords) -> None:
    """Every contact of every channel is one of: served, contained, abandoned, closed out, cut or still open.

    What each outcome means is asked of the other columns: the counts add up because each contact is accounted for.
    """
    centre, contacts = day.centre, day.contacts
    entered, started, ended = (~np.isnan(column) for column in (records.entered, records.started, records.ended))
    live, edges = centre.live[contacts.channel], centre.edges
    bot_on = centre.bot_on[contacts.channel, interval_at(day, contacts.arrival)]
    met_bot = contacts.meets_bot & bot_on & (contacts.arrival >= 0)
    out_of_bot = np.where(met_bot, contacts.arrival + contacts.bot_time, contacts.arrival)
    at_door = (~met_bot | ~contacts.contained) & (out_of_bot < edges[-1])
    is_open = centre.open[contacts.channel, np.minimum(interval_at(day, out_of_bot), len(edges) - 2)]
    let_in = at_door & (~live | is_open)

    assert np.array_equal(records.entered[entered], out_of_bot[entered])
    np.testing.assert_array_equal(entered, let_in)
    closing_edges = [
        edges[1:-1][centre.open[channel, :-1] & ~centre.open[channel, 1:]] for channel in range(len(centre.live))
    ]
    at_closing = np.array(
        [end in closing_edges[channel] for end, channel in zip(records.ended, contacts.channel, strict=True)],
        dtype=bool,
    )
    cuts = live & centre.cut[contacts.channel]
    meaning = {
        Outcome.OPEN: ~ended & (entered | (met_bot & (out_of_bot >= edges[-1]))),
        Outcome.SERVED: entered & started & ended,
        Outcome.CONTAINED: met_bot & contacts.contained & ~entered & (records.ended == out_of_bot),
        Outcome.ABANDONED: entered & ~started & (records.ended == records.entered + contacts.patience),
        Outcome.CLOSED: live & at_door & ~is_open & ~entered & (records.ended == out_of_bot),
        Outcome.CUT: entered & ~started & cuts & at_closing & (records.entered < records.ended),
    }
    accounted = np.any([(records.outcome == outcome) & holds for outcome, holds in meaning.items()], axis=0)
    for channel in range(len(centre.live)):
        arrived = contacts.channel == channel
        assert np.sum(accounted[arrived]) == np.sum(arrived), (
            f"channel {channel}: contacts {np.flatnonzero(arrived & ~accounted)}"
        )
    assert np.array_equal(started, records.group >= 0)
    assert np.array_equal(started, records.agent >= 0)


def check_times(day: Day, records: ContactRecords) -> None:
    """Nobody is taken before joining, before the level opened, after giving up, or by a group without the skill."""
    centre, contacts = day.centre, day.contacts
    taken = np.flatnonzero(records.group >= 0)
    skill = contacts.channel[taken], contacts.topic[taken], records.group[taken]
    assert (centre.level[skill] >= 0).all()
    assert (records.started[taken] >= records.entered[taken] + centre.opens_after[skill]).all()
    assert (records.started[taken] >= 0).all()
    assert (records.started[taken] <= records.entered[taken] + contacts.patience[taken]).all()
    assert not (records.ended < records.started).any()
    assert not (records.ended > centre.horizon).any()


def check_work(day: Day, records: ContactRecords) -> None:
    """A served contact was in hand as long as its work needs, and never longer than from start to end."""
    centre, contacts = day.centre, day.contacts
    taken = np.flatnonzero(records.group >= 0)
    channel, group = contacts.channel[taken], records.group[taken]
    last = np.where(np.isnan(records.ended[taken]), centre.horizon, records.ended[taken])
    span, handled = last - records.started[taken], records.handled[taken]
    assert (handled <= span + ROUNDING).all()
    whole = ~centre.interruptible[channel]
    assert np.array_equal(handled[whole], span[whole])
    assert not records.handled[records.group < 0].any()

    speed = centre.speed[channel, contacts.topic[taken], group]
    usable = np.arange(centre.slot_speed.shape[1]) < centre.slots[channel, group][:, None]
    fastest = np.max(centre.slot_speed[channel], axis=1, initial=0, where=usable) * speed
    slowest = np.min(centre.slot_speed[channel], axis=1, initial=np.inf, where=usable) * speed
    served = records.outcome[taken] == Outcome.SERVED
    work = contacts.work[taken]
    assert (handled[served] >= (work / fastest)[served] - ROUNDING).all()
    assert (handled <= work / slowest + ROUNDING).all()


def check_hands(day: Day, records: ContactRecords) -> None:
    """No agent holds more than its slots, nor contacts of two channels; interruptible work may lie beside them."""
    centre, contacts = day.centre, day.contacts
    last = np.where(np.isnan(records.ended), np.inf, records.ended)
    firm = (records.group >= 0) & ~centre.interruptible[contacts.channel]
    for contact in np.flatnonzero(firm & (last > records.started)):
        now = records.started[contact]
        same_agent = (records.group == records.group[contact]) & (records.agent == records.agent[contact])
        held = firm & same_agent & (records.started <= now) & (last > now)
        channel = contacts.channel[contact]
        assert (contacts.channel[held] == channel).all()
        assert np.sum(held) <= centre.slots[channel, records.group[contact]]


def check_ledger(day: Day, records: ContactRecords, ledger: Ledger) -> None:
    """The ledger's seconds are those of the records, and nobody is busy who is not there."""
    centre, contacts = day.centre, day.contacts
    groups, intervals = day.staffing.shape
    assert np.array_equal(ledger.staffed, day.staffing * np.diff(centre.edges))
    assert (ledger.busy <= ledger.staffed + ledger.overtime + ROUNDING).all()
    assert (ledger.busy <= ledger.slot_seconds + ROUNDING).all()
    assert (ledger.overtime <= ledger.busy + ROUNDING).all()
    has_fallen = np.maximum.accumulate(np.diff(day.staffing, axis=1, prepend=0) < 0, axis=1)
    assert not ledger.overtime[~has_fallen].any()
    by_group = np.bincount(records.group + 1, weights=records.handled, minlength=groups + 1)[1:]
    np.testing.assert_allclose(ledger.slot_seconds.sum(axis=1), by_group, rtol=0, atol=ROUNDING)

    taken = np.flatnonzero(records.group >= 0)
    if centre.interruptible[contacts.channel[taken]].any():
        return  # when such work lay aside is not in the records
    last = np.where(np.isnan(records.ended), centre.horizon, records.ended)
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


def check_nobody_waits_beside_an_idle_agent(day: Day, records: ContactRecords) -> None:
    """At every instant at which anything can happen, whoever could still be taken by an idle agent has been taken.

    A group with fewer agents in charge of contacts than it has staff has somebody idle and not marked to leave.
    """
    centre, contacts = day.centre, day.contacts
    _, _, groups = centre.level.shape
    opens = records.entered[:, None] + centre.opens_after[contacts.channel, contacts.topic]
    instants = np.concatenate([records.entered, records.started, records.ended, opens.ravel(), centre.edges])
    first_gone = np.fmin(np.where(np.isnan(records.started), np.inf, records.started), records.ended)
    stands_by = np.where(centre.live[contacts.channel], records.entered, contacts.due)
    last = np.where(np.isnan(records.ended), np.inf, records.ended)
    for now in np.unique(instants[(instants >= 0) & (instants < centre.horizon)]):
        staffing = day.staffing[:, interval_at(day, now)]
        in_charge = (records.started <= now) & (last > now)
        agents = [len(set(records.agent[in_charge & (records.group == group)].tolist())) for group in range(groups)]
        idle = staffing - np.array(agents)
        waiting = np.flatnonzero((records.entered <= now) & (first_gone > now)).tolist()
        heads: dict[tuple[int, int], int] = {}
        for contact in sorted(waiting, key=lambda contact: (stands_by[contact], contact)):
            heads.setdefault((int(contacts.channel[contact]), int(contacts.topic[contact])), contact)
        for (channel, topic), head in heads.items():
            kept_back = 0 if centre.live[channel] else centre.reserve
            may = (centre.level[channel, topic] >= 0) & (opens[head] <= now)
            assert not (may & (idle > kept_back)).any(), f"contact {head} waits at {now} beside an idle agent"
