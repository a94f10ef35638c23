"""Reading call logs: every row becomes a contact, or is left out or refused for a reason that is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.history.errors import refused
from simulator.history.intervals.volumes import MOST_NAMES
from simulator.history.logs.between_rows import internal_legs, occurrence, overlaps
from simulator.history.logs.calls import Calls
from simulator.history.logs.reader import LogReader, Names
from simulator.history.logs.rows import text_of
from simulator.history.logs.word_lists import words_text, words_with_rows
from simulator.language import say
from simulator.scenario.errors import listed, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.history.logs.content import NamedFile
    from simulator.history.logs.mapping import CallMapping
    from simulator.history.logs.placing import Placing
    from simulator.history.logs.quality import LogQuality
    from simulator.history.logs.rows import TextOf

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

_LONG = 12 * 3600.0
"""Seconds of waiting or work that are worth a look."""


def read_calls(files: Sequence[NamedFile], mapping: CallMapping) -> tuple[Calls, LogQuality]:
    """Read logs of the same form, one row a contact, into one table in the order of arrival.

    Parameters
    ----------
    files
        Name and place (or bytes) of each.
    mapping
        What their columns hold.

    Raises
    ------
    ReportError
        If a file cannot be read, lacks a column of the mapping, or no row can be used.
    """
    _check(files, mapping)
    reader = _CallReader(LogReader(files, mapping.columns, mapping.forms), mapping)
    reader.find_moments()
    reader.find_names()
    reader.look_between_rows()
    return reader.calls(), reader.log.quality(reader.arrival)


def _check(files: Sequence[NamedFile], mapping: CallMapping) -> None:
    """Refuse a mapping that does not tell when contacts came, were answered, and were over."""
    has = mapping.columns
    name = files[0][0] if files else ""
    told = listed([column for words in has.values() for column in words])
    if not (has.get("arrival") or has.get("entered")):
        raise refused(name, say("refusals.no_arrival", columns=told))
    if not (has.get("answered") or has.get("waited")):
        raise refused(name, say("refusals.no_answer", columns=told))
    if not any(has.get(role) for role in ("released", "ended", "worked")):
        raise refused(name, say("refusals.no_release", columns=told))


class _CallReader:
    """The contacts of a log in the making. Arrays have shape [row]."""

    arrival: Floats
    answered: Floats
    released: Floats
    ended: Floats
    consulted: Floats
    queue: Names
    agent: Names
    customer: Names

    def __init__(self, log: LogReader, mapping: CallMapping) -> None:
        self.log = log
        self.rows = log.rows
        self.mapping = mapping

    @property
    def served(self) -> Bools:
        """[row] Whether an agent took it."""
        return ~np.isnan(self.answered)

    def find_moments(self) -> None:
        """When each contact arrived, was answered, was over."""
        log, rows = self.log, self.rows
        first = "entered" if log.has("entered") else "arrival"
        placing = log.placing(first)
        begun = placing.moments(log.cells(first))
        self.arrival = placing.moments(log.cells("arrival"), begun) if first != "arrival" else begun
        if not log.has("arrival"):
            self.arrival = begun
        rows.note("entered_late", begun > self.arrival, _seconds(begun - self.arrival))
        rows.drop("no_arrival", np.isnan(self.arrival), text_of(log.cells("arrival")))
        waited, worked, wrap_up = (log.lengths(role) for role in ("waited", "worked", "wrap_up"))
        self._find_answers(placing, waited, worked)
        self._find_ends(placing, waited, worked, wrap_up)

    def find_names(self) -> None:
        """Queue, agent and customer of each contact."""
        log, rows = self.log, self.rows
        self.queue = log.names("queue", self.mapping.queue)
        self.agent = log.names("agent")
        self.customer = log.names("customer")
        if len(self.queue.names) > MOST_NAMES:
            message = say("refusals.too_many_queues", queues=len(self.queue.names), most=MOST_NAMES)
            raise refused(rows.sources[0], message, rows.header_line, column=self.mapping.columns["queue"][0])
        if log.has("agent"):
            rows.note("no_agent", self.served & (self.agent.index < 0))
            rows.note("rang_only", ~self.served & (self.agent.index >= 0), text_of(log.cells("agent")))

    def look_between_rows(self) -> None:
        """Contacts that stand there twice, internal legs, and overlapping calls of agents."""
        rows = self.rows
        arrival_text = self.log.moment_text(self.arrival)
        agent = np.where(self.served, self.agent.index, -1)
        contact, customer = self.log.names("contact").index, self.customer.index
        # Rows that were dropped are like no other.
        arrival = np.where(rows.kept, self.arrival, -1.0 - np.arange(len(rows)))
        told = (arrival, self.answered, self.ended, self.queue.index, agent, customer, contact)
        again = (occurrence(told) > 0) & rows.kept
        # Nobody answers two at once; but two unknown callers may well come, and give up, in the same seconds. Then
        # files that overlap tell of both.
        surely_one = (agent >= 0) | (customer >= 0) | (contact >= 0)
        if len(rows.sources) > 1:
            surely_one |= occurrence((*told, occurrence((*told, rows.file)))) > 0
        rows.drop("same_contact", again & surely_one, arrival_text)
        rows.note("alike", again & ~surely_one, arrival_text)
        legs = internal_legs(self.arrival, self.ended, np.where(rows.kept, self.consulted, np.nan))
        if self.mapping.legs == "leave out":
            rows.drop("leg_left_out", legs, arrival_text)
        else:
            rows.note("leg_kept", legs, arrival_text)
        overlap = overlaps(np.where(rows.kept, agent, -1), self.answered, self.released)
        rows.note("overlap", overlap, arrival_text)
        self.log.refuse_nothing()

    def calls(self) -> Calls:
        """The contacts that were kept, in the order of arrival."""
        rows = self.rows
        kept = np.flatnonzero(rows.kept)
        kept = kept[np.argsort(self.arrival[kept], kind="stable")]
        day, clock = self.log.zone.local(self.arrival[kept])
        queue = Names(self.queue.names, self.queue.index[kept]).used()
        agent = Names(self.agent.names, np.where(self.served, self.agent.index, -1)[kept]).used()
        return Calls(
            sources=rows.sources,
            timezone=self.mapping.forms.timezone,
            queues=queue.names,
            agents=agent.names,
            arrival=self.arrival[kept],
            answered=self.answered[kept],
            released=self.released[kept],
            ended=self.ended[kept],
            queue=queue.index,
            agent=agent.index,
            customer=self.customer.index[kept],
            day=day,
            clock=np.floor(clock).astype(np.int64),
            file=rows.file[kept],
            line=rows.line[kept],
        )

    def _find_answers(self, placing: Placing, waited: Floats | None, worked: Floats | None) -> None:
        """Who was answered and when: by its moment, else by the outcome, the agent or the work."""
        log, rows, mapping = self.log, self.rows, self.mapping
        outcome = text_of(log.cells("outcome"))
        unanswered = log.is_word("outcome", *mapping.unanswered_words)
        answered = log.is_word("outcome", *mapping.answered_words)
        log.note_misspelt("outcome", *mapping.answered_words, *mapping.unanswered_words)
        if log.has("answered"):
            moment = placing.moments(log.cells("answered"), self.arrival)
        else:
            # A word that is in neither list, as one that a first guess has not seen, tells nothing.
            no_others = bool(mapping.answered_words) and not mapping.unanswered_words
            told = answered | unanswered | no_others
            served = answered if mapping.answered_words else ~unanswered
            if log.has("agent"):
                served = np.where(told, served, ~log.is_word("agent", ""))
            elif worked is not None:
                served = np.where(told, served, np.nan_to_num(worked) > 0)
            if not served.any():
                self._refuse_other_words(unanswered)
            moment = np.where(served & ~unanswered, self.arrival + (np.nan if waited is None else waited), np.nan)
        rows.note("not_answered_after_all", unanswered & ~np.isnan(moment), outcome)
        moment = np.where(unanswered, np.nan, moment)
        rows.drop("no_answer_time", answered & np.isnan(moment), outcome)
        early = self.arrival - moment
        rows.drop("answer_before_arrival", early > mapping.slack, _seconds(early))
        rows.note("answer_at_once", early > 0, _seconds(early))
        self.answered = moment
        self.arrival = np.where(early > 0, moment, self.arrival)  # and the agent's times stay what they are

    def _refuse_other_words(self, unanswered: Bools) -> None:
        """Refuse words of the mapping by which nobody was answered, though rows say something else than unanswered."""
        log, asked = self.log, self.mapping.answered_words
        if not asked or (unanswered | log.is_word("outcome", "")).all():
            return
        words = words_text(words_with_rows(log.cells("outcome")))
        message = say("refusals.none_answered", asked=listed([shown(word) for word in asked]), words=words)
        raise refused(log.rows.sources[0], message, log.rows.header_line, column=self.mapping.columns["outcome"][0])

    def _find_ends(
        self, placing: Placing, waited: Floats | None, worked: Floats | None, wrap_up: Floats | None
    ) -> None:
        """When agents were free of contacts and customers were gone."""
        log, rows, served = self.log, self.rows, self.served
        begun = np.where(served, self.answered, self.arrival)
        roles = ("ended", "handed_over", "released", "gave_up", "consulted")
        ended, handed_over, told, gave_up, consulted = (
            placing.moments(log.cells(role), begun) if log.has(role) else np.full(len(rows), np.nan) for role in roles
        )
        if worked is not None:
            told = _first(told, self.answered + worked)
        after = 0.0 if wrap_up is None else np.nan_to_num(wrap_up)
        self.released = np.where(served, _first(handed_over + after, told, ended + after), np.nan)
        if waited is not None:
            gave_up = _first(gave_up, self.arrival + waited)
        rows.drop("no_end", np.isnan(np.where(served, self.released, _first(gave_up, ended))))
        if log.has("ended"):
            rows.note("end_from_release", served & np.isnan(ended))
        self.ended = np.where(served, _first(ended, self.released), _first(gave_up, ended))
        early = self.arrival - self.ended
        rows.drop("end_before_arrival", ~served & (early > self.mapping.slack), _seconds(early))
        rows.note("end_at_once", ~served & (early > 0), _seconds(early))
        self.ended = np.where(~served & (early > 0), self.arrival, self.ended)
        before = self.answered - np.fmin(self.released, self.ended)
        rows.drop("end_before_answer", before > 0, _seconds(before))
        long = (begun - self.arrival > _LONG) | (np.fmax(self.released, self.ended) - begun > _LONG)
        rows.note("very_long", long, log.moment_text(self.arrival))
        self.consulted = _first(consulted, handed_over)


def _first(*columns: Floats) -> Floats:
    """[row] The first value that there is."""
    result = columns[0]
    for column in columns[1:]:
        result = np.where(np.isnan(result), column, result)
    return result


def _seconds(values: Floats) -> TextOf:
    return lambda row: f"{float(values[row]):g} s"
