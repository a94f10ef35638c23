"""Lays out what the compiled engine plays on (the head of `compiled.py` says how), plays, and reads out the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.contacts import ContactRecords, Ledger
from simulator.engine import compiled as c
from simulator.engine.centre import NO_SKILL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.contacts import Contacts
    from simulator.engine.centre import Centre

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LISTS = (c.IDLE, c.TO_LEAVE, c.INTERRUPTIBLE)
"""The lists that every group has."""
INTEGRALS = (c.OVERTIME, c.BUSY, c.IN_HAND)
HEAPS = (c.LEAVING_BOT, c.OPENING, c.GIVING_UP, c.LEAVING)


def play_compiled(centre: Centre, contacts: Contacts, staffing: Ints) -> tuple[ContactRecords, Ledger]:
    """Play one replication with the compiled engine; `simulate` has checked the tables."""
    whole, real = lay_out(centre, contacts, staffing)
    groups, intervals = staffing.shape
    sums = np.empty((groups, len(INTEGRALS), intervals))
    c.play(
        whole,
        real,
        centre.edges,
        centre.open,
        centre.bot_on,
        staffing,
        sums,
        contacts.arrival,
        contacts.patience,
        contacts.due,
        contacts.meets_bot,
        contacts.contained,
        contacts.bot_time,
    )
    instants, kinds = np.empty((4, len(contacts))), np.empty((3, len(contacts)), dtype=np.int64)
    c.read_records(whole, real, instants, kinds)
    overtime, busy, in_hand = (np.ascontiguousarray(sums[:, k]) for k in range(len(INTEGRALS)))
    return ContactRecords(*instants, *kinds), Ledger(staffing * np.diff(centre.edges), overtime, busy, in_hand)


def lay_out(centre: Centre, contacts: Contacts, staffing: Ints) -> tuple[Ints, Floats]:
    """`whole` and `real` before anything has happened: every thing knows the others that it has to know."""
    channels, topics, groups, _ = centre.shape
    slots = int(centre.slots.max(initial=1))
    channel_of_line = np.repeat(np.arange(channels), topics)
    level, opens_after = (table.reshape(-1, groups) for table in (centre.level, centre.opens_after))
    serves = level != NO_SKILL
    most = staffing.max(axis=1)  # nobody new comes while a marked agent can be told to stay (R16)
    agents, lines, count = int(most.sum()), len(level), len(contacts)
    leaves = 1 << max(agents - 1, 0).bit_length()

    # R8: lines by priority, live before deferred: of each group in turn those that it serves, then all.
    rank = 2 * centre.priority.ravel() + ~centre.live[channel_of_line]
    by_rank = np.argsort(rank, kind="stable")
    owner_of_order, place_in_rank = np.nonzero(np.vstack((serves[by_rank].T, np.ones((1, lines), dtype=np.bool_))))
    # R10: a line's skills by level, then group. R9: its waits, shortest first.
    line_of_skill, group_of_skill = np.nonzero(serves)
    by_level = np.lexsort((group_of_skill, level[serves], line_of_skill))
    line_of_skill, group_of_skill = line_of_skill[by_level], group_of_skill[by_level]
    waits = np.unique(np.column_stack((line_of_skill, opens_after[line_of_skill, group_of_skill])), axis=0)
    waits = waits[waits[:, 1] > 0]

    ground = Ground(c.TOURNAMENT + 2 * leaves * c.ENTRY_WIDTH)
    channel = ground.stretches(channels, c.CHANNEL_WIDTH)[:-1]
    group = ground.stretches(groups, c.GROUP_WIDTH)
    desk = ground.stretches(channels * groups, c.OF_HELD + slots * c.OF_HELD_WIDTH)[:-1].reshape(channels, groups)
    lists = ground.stretches(groups * len(LISTS), c.LIST_WIDTH)[:-1].reshape(groups, len(LISTS))
    holding = ground.stretches(channels * groups * slots, c.LIST_WIDTH)[:-1].reshape(channels, groups, slots)
    line = ground.stretches(lines, c.OF_GROUPS + groups * c.OF_GROUP_WIDTH)
    order = ground.stretches(len(owner_of_order), 1)
    skill = ground.stretches(len(line_of_skill), c.SKILL_WIDTH)
    wait = ground.stretches(len(waits), 1)
    agent = ground.stretches(agents, c.HAND + slots * c.SLOT_WIDTH)
    heap = ground.stretches(len(HEAPS), (max(count, agents) + 1) * c.ENTRY_WIDTH)[:-1]
    place = ground.stretches(count, 1)
    contact = ground.stretches(count, c.CONTACT_WIDTH)
    whole = np.zeros(ground.size, dtype=np.int64)
    real = whole.view(np.float64)

    whole[c.CONTACTS] = whole[c.LATEST] = contact[0]
    whole[c.CHANNELS] = channel[0]
    whole[[c.GROUPS, c.GROUPS_END]] = group[[0, -1]]
    whole[[c.LINES, c.LINES_END]] = line[[0, -1]]
    whole[c.LINE_WIDTH], whole[c.AGENT_WIDTH] = np.diff(line[:2])[0], c.HAND + slots * c.SLOT_WIDTH
    whole[list(HEAPS)] = heap
    nodes = c.TOURNAMENT + c.ENTRY_WIDTH * np.arange(2 * leaves)
    for entry in (nodes, heap + c.ENTRY_WIDTH):
        whole[entry + c.WHOSE], real[entry + c.TIME] = c.NOBODY, c.NEVER

    whole[channel + c.CUTS] = centre.cut & centre.live  # R20: deferred lines just stay

    # R11, R13: the list of the agents who hold so many contacts of the channel.
    held = np.arange(1, slots + 1)
    of_held = desk[:, :, None] + c.OF_HELD + c.OF_HELD_WIDTH * (held - 1)
    whole[desk + c.SLOTS] = centre.slots
    whole[of_held + c.HOLDING] = np.where(held < centre.slots[:, :, None], holding, c.NOWHERE)
    whole[of_held[centre.interruptible, :, 0] + c.HOLDING] = lists[:, LISTS.index(c.INTERRUPTIBLE)]
    real[of_held + c.SLOT_SPEED] = centre.slot_speed[:, None, :]
    for empty in (lists, holding):
        whole[empty + c.NEXT] = whole[empty + c.PREVIOUS] = empty

    each = line[:-1]
    whole[each + c.CHANNEL] = channel[channel_of_line]
    whole[each + c.LIVE] = centre.live[channel_of_line]
    whole[each + c.PRIORITY] = centre.priority.ravel()
    whole[each + c.RANK] = rank
    in_line = np.bincount(contacts.channel * topics + contacts.topic, minlength=lines)
    for column in (c.START, c.HEAD, c.TAIL):
        whole[each + column] = place[np.cumsum(in_line) - in_line]
    whole[each + c.SKILLS], whole[each + c.SKILLS_END] = _stretch(skill, line_of_skill, lines)
    whole[each + c.WAITS], whole[each + c.WAITS_END] = _stretch(wait, waits[:, 0], lines)
    of_group = each[:, None] + c.OF_GROUPS + c.OF_GROUP_WIDTH * np.arange(groups)
    whole[of_group + c.DESK_OF_GROUP] = desk[channel_of_line]
    real[of_group + c.SPEED_OF_GROUP] = centre.speed.reshape(lines, groups)
    whole[order[:-1]] = line[by_rank[place_in_rank]]
    whole[skill[:-1] + c.GROUP] = group[group_of_skill]
    whole[skill[:-1] + c.LEVEL] = level[line_of_skill, group_of_skill]
    real[skill[:-1] + c.OPENS_AFTER] = opens_after[line_of_skill, group_of_skill]
    real[wait[:-1]] = waits[:, 1]

    each, own = group[:-1], np.cumsum(most) - most
    begins, ends = _stretch(order, owner_of_order, groups + 1)
    whole[c.ORDER], whole[c.ORDER_END] = begins[-1], ends[-1]
    whole[each + c.SERVES], whole[each + c.SERVES_END] = begins[:-1], ends[:-1]
    whole[each + c.INDEX] = np.arange(groups)
    whole[each + c.FIRST_AGENT], whole[each + c.AGENTS_END] = agent[own], agent[own + most]
    whole[each[:, None] + LISTS] = lists
    whole[each + c.RESERVE] = centre.reserve
    whole[each + c.RESUMING] = c.NOBODY

    each = agent[:-1]
    whole[each + c.NUMBER] = np.arange(agents) - np.repeat(own, most)
    whole[each + c.OF_GROUP] = np.repeat(group[:-1], most)
    whole[each + c.LEAF] = leaves + np.arange(agents)
    whole[each + c.LIST] = c.NOWHERE
    whole[each + c.ASIDE] = c.NOBODY

    c.lay_out_contacts(whole, real, contacts.channel, contacts.topic, contacts.work, topics)
    return whole, real


class Ground:
    """Cells to be given out in stretches, and filled once all are."""

    def __init__(self, used: int) -> None:
        self.size = used

    def stretches(self, count: int, width: int) -> Ints:
        """[number + 1] Where the stretches of so many things begin, and where the last one ends."""
        first, self.size = self.size, self.size + count * width
        return first + width * np.arange(count + 1)


def _stretch(things: Ints, owners: NDArray[np.generic], count: int) -> tuple[Ints, Ints]:
    """[owner] Where each owner's things begin and end, the things being sorted by owner."""
    edges = things[np.searchsorted(owners, np.arange(count + 1))]
    return edges[:-1], edges[1:]
