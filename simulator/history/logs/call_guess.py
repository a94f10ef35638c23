"""Guessing how a call log is read: by the names of its columns where their cells agree, and by what its cells say."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.history.cells.moments import looks_like_clock, looks_like_date, looks_like_moment
from simulator.history.cells.numbers import NOTHING
from simulator.history.cells.steps import on_steps
from simulator.history.files.words import known, place_of, words_of
from simulator.history.logs.call_words import ANSWERED, CALL_WORDS, NO_CONTACT, WHOLE, phrases
from simulator.history.logs.guess_cells import (
    CELLS_LOOKED_AT,
    MOST,
    SHORT_DATE,
    is_length,
    is_moment,
    is_short_date,
    no_clocks,
    units_of,
)
from simulator.history.logs.mapping import CallMapping, CellForms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.history.logs.mapping import CallRole, Words
    from simulator.history.logs.table import LogTable

_FEW = 3
"""Cells of which one may be strange."""
_NEARLY_ALL = 0.9
_MOMENTS: frozenset[CallRole] = frozenset(
    ("entered", "arrival", "answered", "consulted", "handed_over", "released", "gave_up", "ended")
)
_LENGTHS: frozenset[CallRole] = frozenset(("waited", "worked", "wrap_up"))
_FIRST: frozenset[CallRole] = frozenset(("entered", "arrival"))
_MANY: frozenset[CallRole] = frozenset(("arrival", "worked"))
"""Roles that several columns may have."""
_NEEDED: tuple[tuple[CallRole, ...], ...] = (
    ("arrival", "entered"),
    ("answered", "waited"),
    ("released", "ended", "worked"),
)
"""Of each one, at least."""


class CallGuess(NamedTuple):
    """How a call log would be read."""

    mapping: CallMapping
    seen: Mapping[CallRole, str]
    """Role -> the words of its column's name that say so."""
    missing: tuple[tuple[CallRole, ...], ...] = ()
    """Roles of each of which one column is needed still."""
    said: Mapping[str, str] = MappingProxyType({})
    """Column -> the words of its name, for roles that may have several columns."""


def guess_calls(table: LogTable, timezone: str, *, whole: bool = True) -> CallGuess | None:
    """Guess how a log is read, by its first rows; None if it does not look like one of calls.

    Parameters
    ----------
    table
        All columns of its first rows.
    timezone
        Whose clocks it shows.
    whole
        Whether nothing may be missing; else whatever is known of it, if anything is.
    """
    return _Guess(table).guess(timezone, whole=whole)


class _Guess:
    """A mapping in the making."""

    def __init__(self, table: LogTable) -> None:
        self.cells: dict[str, list[str]] = {name: cells.to_pylist() for name, cells in table.cells.items()}
        self.nothing: dict[str, Words] = {
            name: words for name, cells in self.cells.items() if (words := no_clocks(cells))
        }
        self.columns: dict[CallRole, list[str]] = {}
        self.seen: dict[CallRole, str] = {}
        self.said: dict[str, str] = {}
        self.has_dates = False

    def guess(self, timezone: str, *, whole: bool) -> CallGuess | None:
        """The mapping, if the columns can make one."""
        self._by_names()
        self._find_the_arrival()
        has = self.columns
        missing = tuple(roles for roles in _NEEDED if not has.keys() & set(roles))
        if self._counts_contacts() or (missing if whole else missing == _NEEDED):
            return None
        self._leave_what_is_told_twice()
        self._say_when_those_gave_up_who_did_not_queue()
        self._find_words_for_nobody()
        answered, unanswered, left_out = self._outcomes()
        date_format = SHORT_DATE if "date" in has and self._look_like(has["date"][0], is_short_date) else ""
        # A length of 0:00:00 is one of nought, and does say something.
        moments = {name for role, names in has.items() if role not in _LENGTHS for name in names}
        forms = CellForms(
            timezone=timezone,
            date_format=date_format,
            unit=units_of({name: self.cells[name] for role in _LENGTHS for name in has.get(role, ())}),
            nothing={name: words for name, words in self.nothing.items() if name in moments},
            leave_out={has["outcome"][0]: left_out} if left_out else {},
        )
        columns = {role: tuple(has[role]) for role in CALL_WORDS if role in has}
        mapping = CallMapping(columns, forms, answered_words=answered, unanswered_words=unanswered)
        return CallGuess(mapping, {role: self.seen[role] for role in columns if role in self.seen}, missing, self.said)

    def _by_names(self) -> None:
        """Give each column the role that its name says by the longest phrase, if its cells agree."""
        lengths: dict[CallRole, int] = {}
        dated = self._is_dated()
        for name in self.cells:
            words = words_of(name)
            for phrase, role in phrases():
                if place_of(phrase, words) is None or (role == "date" and dated) or not self._agree(name, role):
                    continue
                if role in _FIRST and dated and not self._look_like(name, looks_like_moment):
                    continue  # a length of time that looks like a clock
                if role in _MANY:
                    self.columns.setdefault(role, []).append(name)
                    self.seen.setdefault(role, " ".join(phrase))
                    self.said[name] = " ".join(phrase)
                elif len(phrase) > lengths.get(role, 0):
                    self.columns[role] = [name]
                    self.seen[role] = " ".join(phrase)
                    lengths[role] = len(phrase)
                else:
                    continue
                break
        # An empty queue start says that the contact did not queue; the end of the voice response always is there.
        self.columns.get("arrival", []).sort(key=lambda name: self._filled(name))

    def _is_dated(self) -> bool:
        return any(self._look_like(name, looks_like_moment) for name in self.cells)

    def _find_the_arrival(self) -> None:
        """Where no name says it, the first column that is called a date or time and holds moments of no intervals."""
        if _FIRST & self.columns.keys():
            return
        used = {name for names in self.columns.values() for name in names}
        test = looks_like_moment if self._is_dated() else looks_like_clock
        for name in self.cells:
            found = known(name)
            if found is None or found.role not in ("moment", "date", "time") or name in used:
                continue
            if self._look_like(name, test) and not on_steps(self.cells[name]):
                self.columns["arrival"], self.seen["arrival"] = [name], found.words
                return

    def _counts_contacts(self) -> bool:
        """Whether this is a report of intervals: a column holds the contacts offered."""
        return any(
            (found := known(name)) is not None
            and (found.role, found.vague) == ("offered", False)
            and self._look_like(name, str.isdecimal)
            for name in self.cells
        )

    def _leave_what_is_told_twice(self) -> None:
        """Where moments tell how long something lasted, lengths are not asked for; nor the parts of a whole."""
        has = self.columns
        if "answered" in has and has.keys() & {"ended", "gave_up"}:
            has.pop("waited", None)
        whole = [name for name in has.get("worked", ()) if WHOLE & set(words_of(name))]
        if whole:
            has["worked"] = whole[:1]
        if "released" in has or ("ended" in has and not whole):
            has.pop("worked", None)
        if "released" in has or whole:
            has.pop("wrap_up", None)
        if "worked" in has and "wrap_up" in has:
            has["worked"] += has.pop("wrap_up")  # of talk and hold the rest, since no end is told to add it to

    def _say_when_those_gave_up_who_did_not_queue(self) -> None:
        """Who left at once has no moment of leaving the queue; the one of arrival is as good."""
        has = self.columns
        if "gave_up" in has and "ended" not in has:
            has["gave_up"] += [name for name in has.get("arrival", ())[-1:] if name not in has["gave_up"]]

    def _find_words_for_nobody(self) -> None:
        """What stands for no agent where nobody answered, and for no customer."""
        has = self.columns
        if "agent" in has and "answered" in has:
            answered = self._told("answered")
            agents = Counter(
                cell for cell, told in zip(self.cells[has["agent"][0]], answered, strict=True) if cell and not told
            )
            word, often = agents.most_common(1)[0] if agents else ("", 0)
            if often > max(1, _NEARLY_ALL * agents.total()):
                self.nothing[has["agent"][0]] = (word,)
        if "customer" in has and "0" in self.cells[has["customer"][0]]:
            self.nothing[has["customer"][0]] = ("0",)

    def _outcomes(self) -> tuple[Words, Words, Words]:
        """Outcomes that say that an agent took the contact, that none did, and that it was none."""
        if "outcome" not in self.columns:
            return (), (), ()
        outcomes = self.cells[self.columns["outcome"][0]]
        words = [word for word, _ in Counter(filter(None, outcomes)).most_common(20)]
        left_out = tuple(word for word in words if word.lower() in NO_CONTACT)
        served = np.ones(len(outcomes), dtype=np.bool_)
        telling: list[CallRole] = [role for role in ("answered", "agent") if role in self.columns]
        for role in telling:
            served &= self._told(role)
        answered, unanswered = [], []
        for word in words:
            if word in left_out:
                continue
            share = served[[outcome == word for outcome in outcomes]].mean()
            is_answered = share >= _NEARLY_ALL if telling else word.lower() in ANSWERED
            if is_answered:
                answered.append(word)
            elif not telling or share <= 1 - _NEARLY_ALL:
                unanswered.append(word)
        return tuple(answered), tuple(unanswered), left_out

    def _told(self, role: CallRole) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """[row] Whether the columns of a role say something."""
        result = np.zeros(len(next(iter(self.cells.values()))), dtype=np.bool_)
        for name in self.columns[role]:
            nothing = {"", *self.nothing.get(name, ())}
            result |= [cell not in nothing and cell.lower() not in NOTHING for cell in self.cells[name]]
        return result

    def _filled(self, name: str) -> int:
        nothing = {"", *self.nothing.get(name, ())}
        return sum(cell not in nothing for cell in self.cells[name])

    def _agree(self, name: str, role: CallRole) -> bool:
        """Whether most cells of a column may hold what a role asks for."""
        if role in _MOMENTS:
            return self._look_like(name, is_moment)
        if role in _LENGTHS:
            return self._look_like(name, is_length)
        if role == "date":
            return self._look_like(name, lambda cell: looks_like_date(cell) or is_short_date(cell))
        if role == "outcome":
            return not self._look_like(name, is_moment) and len(set(self.cells[name])) <= 30
        return not self._look_like(name, is_moment)

    def _look_like(self, name: str, test: Callable[[str], bool]) -> bool:
        nothing = () if test is is_length else self.nothing.get(name, ())
        cells = (cell for cell in self.cells[name] if cell.lower() not in NOTHING and cell not in nothing)
        some = list(islice(cells, CELLS_LOOKED_AT))
        strange = len(some) - sum(map(test, some))
        return bool(some) and (strange <= (1 - MOST) * len(some) or (strange == 1 and len(some) >= _FEW))
