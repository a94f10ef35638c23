"""The ground that the compiled engine plays on: every thing has its cells, and knows the others that it has to know.

The head of `compiled.py` says what things are, and what their columns mean.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from simulator.engine import compiled as c
from simulator.engine.centre import NO_SKILL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.engine.centre import Centre

    Ints = NDArray[np.int64]

LISTS = (c.IDLE, c.TO_LEAVE, c.INTERRUPTIBLE)
"""The lists of agents that every group has."""
HEAPS = (c.COMING, c.OPENING, c.GIVING_UP, c.TO_MARK)


class Ground:
    """A centre with room for its agents, laid out before anything has happened; the same for every replication.

    Parameters
    ----------
    most
        [group] Agents who are there at once, at most. Room for more changes nothing: the lowest free number comes.
    """

    def __init__(self, centre: Centre, most: Ints) -> None:
        channels, topics, groups, intervals = centre.shape
        slots = int(centre.slots.max(initial=1))
        channel_of_line = np.tile(np.repeat(np.arange(channels), topics), centre.customer_classes)
        level, opens_after = (table.reshape(-1, groups) for table in (centre.level, centre.opens_after))
        serves = level != NO_SKILL
        agents, lines = int(most.sum()), len(level)
        leaves = 1 << max(agents - 1, 0).bit_length()

        # R8: lines by priority, live before deferred: of each group in turn those that it serves, then all.
        priority = np.unique(centre.priority, return_inverse=True)[1].ravel()
        rank = 2 * priority + ~centre.live[channel_of_line]
        by_rank = np.argsort(rank, kind="stable")
        owner_of_order, place_in_rank = np.nonzero(np.vstack((serves[by_rank].T, np.ones((1, lines), dtype=np.bool_))))
        # R10: a line's skills by level, then group. R9: its waits, shortest first.
        line_of_skill, group_of_skill = np.nonzero(serves)
        by_level = np.lexsort((group_of_skill, level[serves], line_of_skill))
        line_of_skill, group_of_skill = line_of_skill[by_level], group_of_skill[by_level]
        waits = np.unique(np.column_stack((line_of_skill, opens_after[line_of_skill, group_of_skill])), axis=0)
        waits = waits[waits[:, 1] > 0]

        self.size = c.TOURNAMENT + 2 * leaves * c.ENTRY_WIDTH
        channel = self.stretches(channels, c.CHANNEL_WIDTH)[:-1]
        group = self.stretches(groups, c.GROUP_WIDTH)
        desk = self.stretches(channels * groups, c.BY_HELD + slots * c.BY_HELD_WIDTH)[:-1].reshape(channels, groups)
        lists = self.stretches(groups * len(LISTS), c.LIST_WIDTH)[:-1].reshape(groups, len(LISTS))
        holding = self.stretches(desk.size * slots, c.LIST_WIDTH)[:-1].reshape(channels, groups, slots)
        line = self.stretches(lines, c.BY_GROUP + groups * c.BY_GROUP_WIDTH)
        order = self.stretches(len(owner_of_order), 1)
        skill = self.stretches(len(line_of_skill), c.SKILL_WIDTH)
        wait = self.stretches(len(waits), 1)
        knots = centre.due_from.shape[1]
        knot = self.stretches(channels * knots, c.KNOT_WIDTH)[:-1].reshape(channels, knots)
        agent = self.stretches(agents, c.HAND + slots * c.SLOT_WIDTH)
        whole = np.zeros(self.size, dtype=np.int64)
        real = whole.view(np.float64)
        self.cells, self.line, self.agents, self.most = whole, line[:-1], agents, most
        self.reopens = _reopens(centre.open)

        whole[c.CHANNELS] = channel[0]
        whole[[c.GROUPS, c.GROUPS_END]] = group[[0, -1]]
        whole[[c.LINES, c.LINES_END]] = line[[0, -1]]
        whole[c.LINE_WIDTH], whole[c.AGENT_WIDTH] = line[1] - line[0], c.HAND + slots * c.SLOT_WIDTH

        # Nobody works yet: of two leaves the left one wins, as no NEVER is equal to another.
        node = np.arange(1, 2 * leaves)
        entry = c.TOURNAMENT + c.ENTRY_WIDTH * node
        whole[entry + c.WHOSE], real[entry + c.TIME] = c.NOBODY, c.NEVER
        whole[entry + c.TIME] += node << (np.frexp(leaves)[1] - np.frexp(node)[1])

        whole[channel + c.CUTS] = centre.cut & centre.live  # R20: deferred lines just stay
        whole[channel + c.REOPENS] = 1 + (1 + intervals) * np.arange(channels)
        whole[channel + c.BOT_CAPACITY] = centre.bot_capacity
        whole[channel + c.HEARS] = centre.tells | (centre.callback_from < np.inf)
        whole[channel + c.TELLS] = centre.tells
        real[channel + c.TOLD_PATIENCE] = centre.told_patience
        real[channel + c.CALLBACK_FROM] = centre.callback_from
        real[channel + c.SILENT_WORK] = centre.silent_work
        real[channel + c.AFTER_OPENING] = centre.after_opening
        whole[channel + c.PROMISE] = knot[:, 0]
        whole[channel + c.PROMISE_END] = knot[:, -1] + c.KNOT_WIDTH
        real[knot + c.DUE_FROM] = centre.due_from
        real[knot + c.DUE_AT] = centre.due_at
        real[knot + c.DUE_RATE] = centre.due_rate

        # R11, R13: the list of the agents who hold so many contacts of the channel.
        held = np.arange(1, slots + 1)
        by_held = desk[:, :, None] + c.BY_HELD + c.BY_HELD_WIDTH * (held - 1)
        whole[desk + c.SLOTS] = centre.slots
        whole[by_held + c.HOLDING] = np.where(held < centre.slots[:, :, None], holding, c.NOWHERE)
        whole[by_held[centre.interruptible, :, 0] + c.HOLDING] = lists[:, LISTS.index(c.INTERRUPTIBLE)]
        real[by_held + c.SLOT_SPEED] = centre.slot_speed[:, None, :]
        for empty in (lists, holding):
            whole[empty + c.NEXT] = whole[empty + c.PREVIOUS] = empty

        each = line[:-1]
        whole[each + c.CHANNEL] = channel[channel_of_line]
        whole[each + c.LIVE] = centre.live[channel_of_line]
        whole[each + c.PRIORITY] = centre.priority.ravel()
        whole[each + c.RANK] = rank
        whole[each + c.SKILLS], whole[each + c.SKILLS_END] = _stretch(skill, line_of_skill, lines)
        whole[each + c.WAITS], whole[each + c.WAITS_END] = _stretch(wait, waits[:, 0], lines)
        real[each + c.ESCALATED_WORK] = np.tile(centre.escalated_work.ravel(), centre.customer_classes)
        real[each + c.ESCALATED_PATIENCE] = np.tile(centre.escalated_patience.ravel(), centre.customer_classes)
        by_group = each[:, None] + c.BY_GROUP + c.BY_GROUP_WIDTH * np.arange(groups)
        whole[by_group + c.ITS_DESK] = desk[channel_of_line]
        real[by_group + c.ITS_SPEED] = real[by_group + c.PLAIN_SPEED] = centre.speed.reshape(lines, groups)
        whole[order[:-1]] = line[by_rank[place_in_rank]]
        whole[skill[:-1] + c.GROUP] = group[group_of_skill]
        whole[skill[:-1] + c.LEVEL] = level[line_of_skill, group_of_skill]
        real[skill[:-1] + c.OPENS_AFTER] = opens_after[line_of_skill, group_of_skill]
        real[wait[:-1]] = waits[:, 1]

        each, first_agent = group[:-1], np.cumsum(most) - most
        begins, ends = _stretch(order, owner_of_order, groups + 1)
        whole[c.ORDER], whole[c.ORDER_END] = begins[-1], ends[-1]
        whole[each + c.SERVES], whole[each + c.SERVES_END] = begins[:-1], ends[:-1]
        whole[each + c.INDEX] = np.arange(groups)
        whole[each + c.FIRST_AGENT], whole[each + c.AGENTS_END] = agent[first_agent], agent[first_agent + most]
        whole[each[:, None] + LISTS] = lists
        whole[each + c.RESERVE] = centre.reserve
        whole[each + c.RESUMING] = c.NOBODY
        real[each + c.PACE] = 1.0
        whole[each + c.ON_CALL] = centre.on_call
        whole[each + c.CALLED_FROM] = centre.called_from
        real[each + c.CALLED_FROM_WAIT] = centre.called_from_wait
        whole[each + c.LEAD] = centre.lead
        whole[each + c.STAY] = centre.stay
        whole[each + c.RELEASED_AT] = centre.released_at

        each = agent[:-1]
        whole[each + c.NUMBER] = np.arange(agents) - np.repeat(first_agent, most)
        whole[each + c.OF_GROUP] = np.repeat(group[:-1], most)
        whole[each + c.LEAF] = leaves + np.arange(agents)
        whole[each + c.LIST] = c.NOWHERE
        whole[each + c.ASIDE] = c.NOBODY

    def stretches(self, count: int, width: int) -> Ints:
        """[number + 1] Where the cells of so many things begin, and where those of the last one end."""
        first, self.size = self.size, self.size + count * width
        return first + width * np.arange(count + 1)

    def laid_out(self, in_line: Ints) -> Ints:
        """The cells for one replication, with heaps, and a place in its line for every contact.

        They are this thread's, and used again for its next replication.

        Parameters
        ----------
        in_line
            [line] How many contacts there are.
        """
        count, known = int(in_line.sum()), self.size
        heap = known + (max(count, self.agents, 1) + 1) * c.ENTRY_WIDTH * np.arange(len(HEAPS) + 1)
        whole = _memory(int(heap[-1]) + count)
        whole[:known] = self.cells
        whole[list(HEAPS)] = heap[:-1]
        whole[heap[:-1]] = 0
        whole[heap[:-1] + c.ENTRY_WIDTH + c.WHOSE] = c.NOBODY
        whole.view(np.float64)[heap[:-1] + c.ENTRY_WIDTH + c.TIME] = c.NEVER
        for column in (c.START, c.HEAD, c.TAIL):
            whole[self.line + column] = heap[-1] + np.cumsum(in_line) - in_line
        return whole


_of_thread = threading.local()


def _memory(count: int) -> Ints:
    """So many cells with anything in them: memory that the system has handed out already is quicker."""
    kept: Ints | None = getattr(_of_thread, "cells", None)
    if kept is None or len(kept) < count:
        _of_thread.cells = kept = np.empty(count + count // 8, dtype=np.int64)
    return kept


def _stretch(things: Ints, owners: NDArray[np.generic], count: int) -> tuple[Ints, Ints]:
    """[owner] Where each owner's things begin and end, the things being sorted by owner."""
    edges = things[np.searchsorted(owners, np.arange(count + 1))]
    return edges[:-1], edges[1:]


def _reopens(is_open: NDArray[np.bool_]) -> Ints:
    """For each channel: how many intervals there are; then, of each interval, the first open one from there on."""
    channels, intervals = is_open.shape
    own = np.where(is_open, np.arange(intervals), intervals)
    first = np.minimum.accumulate(own[:, ::-1], axis=1)[:, ::-1]
    return np.hstack((np.full((channels, 1), intervals), first)).ravel()
