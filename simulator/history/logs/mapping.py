"""Which column of a log says what, and how its cells are written; a planner may change both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from simulator.history.files.words import unit_of

if TYPE_CHECKING:
    from simulator.history.cells.moments import DateOrder
    from simulator.history.cells.numbers import DecimalSign

Words = tuple[str, ...]

CallRole = Literal[
    "date",
    "entered",
    "arrival",
    "answered",
    "consulted",
    "handed_over",
    "released",
    "gave_up",
    "ended",
    "waited",
    "worked",
    "wrap_up",
    "queue",
    "agent",
    "customer",
    "contact",
    "outcome",
]
"""What a column of a call log holds.

date: the day of moments that are clock times only. entered: the contact came, and was not yet in the queue (voice
response). arrival: it joined the queue. answered: an agent took it. consulted: that agent called a colleague.
handed_over: it went on to somebody else and the agent was free of it. released: the agent was free of it. gave_up: the
customer left unanswered. ended: the customer was gone. waited, worked, wrap_up: lengths of time in the queue, of the
agent's, and of the agent's after the end. contact: number of the contact. outcome: a word that tells what became of it.
"""

CALL_ROLES: tuple[CallRole, ...] = get_args(CallRole)

Legs = Literal["keep", "leave out"]


@dataclass(frozen=True, slots=True)
class CellForms:
    """How the cells of a log are written: all that the log itself leaves open."""

    timezone: str = "UTC"
    """Of times without an offset, and of the local days and clock times of what is read."""
    date_order: DateOrder | None = None
    """Of dates such as 3/4/2026. None: the log tells it."""
    date_format: str = ""
    """Of dates in another form than the usual, as `strptime` knows it: "%y%m%d" for 990201."""
    decimal: DecimalSign | None = None
    """Of lengths of time and numbers. None: the log tells it."""
    unit: float | Mapping[str, float] | None = None
    """Seconds that a plain number stands for where a length of time is asked for: in all columns, or column by column.
    None, or a column that is not among them: its name tells, "Talk time (min)"; else seconds."""
    nothing: Mapping[str, Words] = field(default_factory=dict)
    """Column -> words that say nothing there, besides those that never do ("", "-", "null"): "0:00:00"."""
    sheet: str = ""
    """The only sheet of a workbook to be read; nothing: all that have the columns."""
    leave_out: Mapping[str, Words] = field(default_factory=dict)
    """Column -> words; a row with one of them is not asked for: "PHANTOM"."""

    def unit_in(self, column: str) -> float:
        """Seconds that a plain number stands for in a column of lengths of time."""
        if isinstance(self.unit, Mapping):
            return self.unit.get(column, unit_of(column))
        return unit_of(column) if self.unit is None else self.unit


@dataclass(frozen=True, slots=True)
class CallMapping:
    """How a log of calls (or chats) is read."""

    columns: Mapping[CallRole, Words]
    """Names of the columns of each role. Of several the first that holds something counts; lengths are added up."""
    forms: CellForms = field(default_factory=CellForms)
    queue: str = "calls"
    """What the queue is called if the log tells no queues apart."""
    answered_words: Words = ()
    """Outcomes that say that an agent took it."""
    unanswered_words: Words = ()
    """Outcomes that say that none did, whatever else the row says."""
    slack: float = 10.0
    """Seconds by which two clocks of the telephone system may disagree: an answer so little before the arrival is one
    at once; earlier ones are refused."""
    legs: Legs = "keep"
    """What is done with the likely internal legs of consultations and transfers."""
