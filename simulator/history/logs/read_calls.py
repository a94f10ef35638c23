"""Reading call logs: every row becomes a contact, or is left out or refused for a reason that is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.history.date_order import settled_order
from simulator.history.errors import refused
from simulator.history.logs.between_rows import internal_legs, overlaps, repeats
from simulator.history.logs.calls import Calls
from simulator.history.logs.lengths import decimal_sign
from simulator.history.logs.placing import Placing
from simulator.history.logs.quality import LogQuality
from simulator.history.logs.rows import Rows, text_of
from simulator.history.logs.times import date_texts, distinct, read_lengths, read_times
from simulator.history.logs.zone import Zone
from simulator.history.sentences import finding_words
from simulator.history.volumes import MOST_NAMES
from simulator.history.words import is_total
from simulator.language import say
from simulator.scenario.errors import listed, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.history.logs.content import NamedFile
    from simulator.history.logs.mapping import CallMapping, CallRole
    from simulator.history.logs.rows import TextOf
    from simulator.history.moments import DateOrder

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
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
    columns = [column for words in mapping.columns.values() for column in words]
    rows = Rows(files, columns, mapping.forms)
    reader = _Reader(rows, mapping)
    reader.find_moments()
    reader.find_names()
    reader.look_between_rows()
    return reader.calls(), reader.quality()


def _check(files: Sequence[NamedFile], mapping: CallMapping) -> None:
    name = files[0][0] if files else ""
    if not files:
        raise refused(name, say("refusals.no_file"))
    has = mapping.columns
    told = listed([column for words in has.values() for column in words])
    if not (has.get("arrival") or has.get("entered")):
        raise refused(name, say("refusals.no_arrival", columns=told))
    if not (has.get("answered") or has.get("waited")):
        raise refused(name, say("refusals.no_answer", columns=told))
    if not any(has.get(role) for role in ("released", "ended", "worked")):
        raise refused(name, say("refusals.no_release", columns=told))
    try:
        ZoneInfo(mapping.forms.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = say("refusals.no_timezone", timezone=shown(mapping.forms.timezone))
        raise refused(name, message) from None


@dataclass(frozen=True, slots=True)
class _Names:
    """A column of names: [row] which of them a row has, -1 for none."""

    names: tuple[str, ...]
    index: Ints


class _Reader:
    """The columns of a log, one after the other; what a row lacks or gainsays drops it."""

    arrival: Floats
    answered: Floats
    released: Floats
    ended: Floats
    consulted: Floats
    queue: _Names
    agent: _Names
    customer: _Names
    order: DateOrder | None

    def __init__(self, rows: Rows, mapping: CallMapping) -> None:
        self.rows = rows
        self.mapping = mapping
        self.zone = Zone(mapping.forms.timezone)

    def find_moments(self) -> None:
        """When each contact arrived, was answered, was over."""
        rows = self.rows
        first: CallRole = "entered" if self._has("entered") else "arrival"
        placing = self._placing(first)
        first_cells = self._cells(first)
        self._drop_totals(first_cells)
        begun = placing.moments(first_cells)
        self.arrival = placing.moments(self._cells("arrival"), begun) if first == "entered" else begun
        if first == "entered":
            if not self._has("arrival"):
                self.arrival = begun
            rows.note("entered_late", begun > self.arrival, _seconds(begun - self.arrival))
        rows.drop("no_arrival", np.isnan(self.arrival), text_of(self._cells("arrival")))
        waited, worked, wrap_up = (self._lengths(role) for role in ("waited", "worked", "wrap_up"))
        self._find_answers(placing, waited, worked)
        self._find_ends(placing, waited, worked, wrap_up)

    def find_names(self) -> None:
        """Queue, agent and customer of each contact."""
        rows = self.rows
        self.queue = self._names("queue", self.mapping.queue)
        self.agent = self._names("agent")
        self.customer = self._names("customer")
        if len(self.queue.names) > MOST_NAMES:
            message = say("refusals.too_many_queues", queues=len(self.queue.names), most=MOST_NAMES)
            raise refused(rows.sources[0], message, rows.header_line, column=self.mapping.columns["queue"][0])
        if not self._has("agent"):
            return
        served = ~np.isnan(self.answered)
        cells = self._cells("agent")
        rows.note("no_agent", served & (self.agent.index < 0))
        rows.note("rang_only", ~served & (self.agent.index >= 0), text_of(cells))

    def look_between_rows(self) -> None:
        """Contacts that stand there twice, internal legs, and overlapping calls of agents."""
        rows = self.rows
        served = ~np.isnan(self.answered)
        agent = np.where(served, self.agent.index, -1)
        contact = self._names("contact").index
        customer = self.customer.index
        numbers = (self.queue.index, agent, customer, contact)
        again = (
            repeats((np.where(rows.kept, self.arrival, -rows.line), self.answered, self.ended, *numbers)) & rows.kept
        )
        # Nobody answers two at once; but two unknown callers may well come, and give up, in the same seconds.
        surely_one = (agent >= 0) | (customer >= 0) | (contact >= 0)
        rows.drop("same_contact", again & surely_one, self._arrival_text)
        rows.note("alike", again & ~surely_one, self._arrival_text)
        legs = internal_legs(self.arrival, self.ended, np.where(rows.kept, self.consulted, np.nan))
        if self.mapping.legs == "leave out":
            rows.drop("leg_left_out", legs, self._arrival_text)
        else:
            rows.note("leg_kept", legs, self._arrival_text)
        overlap = overlaps(np.where(rows.kept, agent, -1), self.answered, self.released)
        rows.note("overlap", overlap, self._arrival_text)
        if not rows.kept.any():
            reasons = "; ".join(map(finding_words, rows.findings()))
            raise refused(", ".join(rows.sources), say("refusals.no_row", reasons=reasons), rows.header_line)

    def calls(self) -> Calls:
        """The contacts that were kept."""
        rows = self.rows
        kept = np.flatnonzero(rows.kept)
        kept = kept[np.argsort(self.arrival[kept], kind="stable")]
        served = ~np.isnan(self.answered[kept])
        day, clock = self.zone.local(self.arrival[kept])
        agents = _used(_Names(self.agent.names, np.where(served, self.agent.index[kept], -1)))
        queues = _used(_Names(self.queue.names, self.queue.index[kept]))
        customers = _used(_Names((), self.customer.index[kept]))
        return Calls(
            sources=rows.sources,
            timezone=self.mapping.forms.timezone,
            queues=queues.names,
            agents=agents.names,
            arrival=self.arrival[kept],
            answered=self.answered[kept],
            released=self.released[kept],
            ended=self.ended[kept],
            queue=queues.index,
            agent=agents.index,
            customer=customers.index,
            day=day,
            clock=np.floor(clock).astype(np.int64),
            file=rows.file[kept],
            line=rows.line[kept],
        )

    def quality(self) -> LogQuality:
        """What became of every row."""
        rows = self.rows
        days = np.unique(self.zone.local(self.arrival[rows.kept])[0])
        missing = np.setdiff1d(np.arange(days[0], days[-1] + 1), days)
        return LogQuality(
            read=rows.read,
            kept=int(rows.kept.sum()),
            findings=rows.findings(),
            first_day=date.fromordinal(int(days[0])),
            last_day=date.fromordinal(int(days[-1])),
            missing_days=tuple(date.fromordinal(int(day)) for day in missing),
            date_order=self.order,
        )

    def _has(self, role: CallRole) -> bool:
        return bool(self.mapping.columns.get(role))

    def _cells(self, role: CallRole) -> pa.Array:
        return self.rows.cells(self.mapping.columns.get(role, ()))

    def _placing(self, first: CallRole) -> Placing:
        rows, forms = self.rows, self.mapping.forms
        role: CallRole = "date" if self._has("date") else first
        cells = self._cells(role)
        empty = np.ones(len(rows), dtype=np.bool_)
        for each in self.mapping.columns:
            empty &= _is(self._cells(each), "")
        rows.drop("empty_row", empty)
        texts = [] if forms.date_format else [text for text in date_texts(cells) if not is_total(text)]
        order = settled_order(
            rows.sources[0], rows.header_line, texts, forms.date_order or _any_order(forms.date_format)
        )
        self.order = None if forms.date_format else order
        if role != "date":
            return Placing(rows, self.zone, order, forms, None)
        self._drop_totals(cells)
        days = read_times(cells, order, forms.date_format)
        rows.drop("no_date", days.wrong | (days.day == 0), text_of(cells))
        return Placing(rows, self.zone, order, forms, days.day)

    def _drop_totals(self, cells: pa.Array) -> None:
        """Rows that add up others."""
        texts, place = distinct(cells)
        starts = pc.utf8_slice_codeunits(texts, 0, 1)
        letters = pc.utf8_is_alpha(starts).to_numpy(zero_copy_only=False)
        totals = np.zeros(len(texts), dtype=np.bool_)
        for number in np.flatnonzero(letters):
            totals[number] = is_total(texts[number].as_py())
        self.rows.drop("total", totals[place], text_of(cells))

    def _lengths(self, role: CallRole) -> Floats | None:
        """[row] Seconds, those of all columns of the role added up; None if there are none."""
        total = None
        for column in self.mapping.columns.get(role, ()):
            cells = self.rows.cells((column,))
            sign = decimal_sign(self.rows, column, cells, self.mapping.forms.decimal)
            seconds, wrong = read_lengths(cells, sign, self.mapping.forms.unit)
            self.rows.drop("no_length", wrong, text_of(cells))
            self.rows.drop("negative_length", seconds < 0, text_of(cells))
            total = seconds if total is None else _sum(total, seconds)
        return total

    def _find_answers(self, placing: Placing, waited: Floats | None, worked: Floats | None) -> None:
        """Who was answered and when: by its moment, else by the outcome, the agent or the work."""
        rows, mapping = self.rows, self.mapping
        outcome = self._cells("outcome")
        unanswered, answered = (_is(outcome, *words) for words in (mapping.unanswered_words, mapping.answered_words))
        if self._has("answered"):
            moment = placing.moments(self._cells("answered"), self.arrival)
        else:
            served = answered
            if not mapping.answered_words and self._has("agent"):
                served = ~_is(self._cells("agent"), "")
            elif not mapping.answered_words:
                served = np.ones(len(rows), dtype=np.bool_) if worked is None else np.nan_to_num(worked) > 0
            moment = np.where(served & ~unanswered, self.arrival + (np.nan if waited is None else waited), np.nan)
        rows.note("not_answered_after_all", unanswered & ~np.isnan(moment), text_of(outcome))
        moment = np.where(unanswered, np.nan, moment)
        rows.drop("no_answer_time", answered & np.isnan(moment), text_of(outcome))
        early = self.arrival - moment
        rows.drop("answer_before_arrival", early > mapping.slack, _seconds(early))
        rows.note("answer_at_once", early > 0, _seconds(early))
        self.answered = moment
        self.arrival = np.where(early > 0, moment, self.arrival)  # and the agent's times stay what they are

    def _find_ends(
        self, placing: Placing, waited: Floats | None, worked: Floats | None, wrap_up: Floats | None
    ) -> None:
        """When agents were free of contacts and customers were gone."""
        rows = self.rows
        served = ~np.isnan(self.answered)
        begun = np.where(served, self.answered, self.arrival)
        ended = placing.moments(self._cells("ended"), begun)
        handed_over = placing.moments(self._cells("handed_over"), begun)
        told = placing.moments(self._cells("released"), begun)
        if worked is not None:
            told = _first(told, self.answered + worked)
        after = 0.0 if wrap_up is None else np.nan_to_num(wrap_up)
        self.released = np.where(served, _first(handed_over + after, told, ended + after), np.nan)
        gave_up = placing.moments(self._cells("gave_up"), begun)
        if waited is not None:
            gave_up = _first(gave_up, self.arrival + waited)
        rows.drop("no_end", np.isnan(np.where(served, self.released, _first(gave_up, ended))))
        if self._has("ended"):
            rows.note("end_from_release", served & np.isnan(ended))
        self.ended = np.where(served, _first(ended, self.released), _first(gave_up, ended))
        early = self.arrival - self.ended
        rows.drop("end_before_arrival", ~served & (early > self.mapping.slack), _seconds(early))
        rows.note("end_at_once", ~served & (early > 0), _seconds(early))
        self.ended = np.where(~served & (early > 0), self.arrival, self.ended)
        before = self.answered - np.fmin(self.released, self.ended)
        rows.drop("end_before_answer", before > 0, _seconds(before))
        long = (begun - self.arrival > _LONG) | (np.fmax(self.released, self.ended) - begun > _LONG)
        rows.note("very_long", long, self._arrival_text)
        consulted = placing.moments(self._cells("consulted"), begun)
        self.consulted = _first(consulted, handed_over)

    def _names(self, role: CallRole, without: str | None = None) -> _Names:
        """The names in a column; where it says nothing, none, or the name that stands for it."""
        texts, place = distinct(self._cells(role))
        names = tuple(texts.to_pylist())
        if without is not None:
            names = tuple(name or without for name in names)
        elif "" in names:
            place = np.where(place == names.index(""), -1, place)
        return _Names(names, place.astype(np.int64))

    def _arrival_text(self, row: int) -> str:
        day, clock = self.zone.local(self.arrival[row : row + 1])
        seconds = int(clock[0])
        return f"{date.fromordinal(int(day[0]))} {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _used(names: _Names) -> _Names:
    """The names that some row has, in their order: numbers by size, words by the alphabet."""
    used, place = np.unique(names.index[names.index >= 0], return_inverse=True)
    index = np.full(len(names.index), -1, dtype=np.int64)
    if not names.names:
        index[names.index >= 0] = place
        return _Names((), index)
    some = [names.names[k] for k in used]
    order = sorted(
        range(len(some)), key=lambda k: (not some[k].isdecimal(), len(some[k]) * some[k].isdecimal(), some[k])
    )
    rank = np.empty(len(some), dtype=np.int64)
    rank[order] = np.arange(len(some))
    index[names.index >= 0] = rank[place]
    return _Names(tuple(some[k] for k in order), index)


def _any_order(date_format: str) -> DateOrder | None:
    """A form that is told leaves no order open."""
    return "day first" if date_format else None


def _first(*columns: Floats) -> Floats:
    """[row] The first value that there is."""
    result = columns[0]
    for column in columns[1:]:
        result = np.where(np.isnan(result), column, result)
    return result


def _sum(first: Floats, second: Floats) -> Floats:
    """[row] The sum of what there is; nan where there is nothing."""
    return np.where(np.isnan(first), second, first + np.nan_to_num(second))


def _is(cells: pa.Array, *words: str) -> Bools:
    """[row] Whether a cell is one of the words."""
    return np.asarray(pc.is_in(cells, value_set=pa.array(words, pa.string())).to_numpy(zero_copy_only=False))


def _seconds(values: Floats) -> TextOf:
    return lambda row: f"{float(values[row]):g} s"
