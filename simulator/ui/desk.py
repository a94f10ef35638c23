"""Where a page's questions are answered: one desk for the process, with what it knows already and a queue of work."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from simulator.demand import expected_contacts
from simulator.engine import DEFAULT_ENGINE
from simulator.experiment import grow, usable_processors
from simulator.ui.histories import Fittings, Readings
from simulator.ui.kept import KeptCustomers, KeptExperiments
from simulator.ui.limits import TooMuchError
from simulator.ui.plans import Plans
from simulator.ui.prices import Plays
from simulator.ui.surfaces import Surfaces
from simulator.ui.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from simulator.experiment import Experiment
    from simulator.scenario import Scenario

FIRST_LOOK = 4
"""Replications of the first, rough answer."""
CONTACTS_OF_A_TURN = 400_000
"""So many contacts are played before another session gets its turn; a fraction of a second."""
MOST_CONTACTS = 50_000_000
"""Contacts of one question, replications counted; some half a minute of work."""
MOST_BYTES = 1 << 30
"""Of results kept."""


class Desk:
    """Answers questions of all sessions: each computes in its own thread, in turns."""

    def __init__(self, *, most_contacts: int = MOST_CONTACTS, most_bytes: int = MOST_BYTES) -> None:
        self.most_contacts = most_contacts
        self.kept = KeptExperiments(most_bytes)
        self.customers = KeptCustomers()
        self.turns = Turns()
        self.surfaces = Surfaces(self.turns)
        behind = Turns()
        self.plans = Plans(turns=behind)
        self.prices = Plays(turns=behind)
        self.readings = Readings()
        self.fittings = Fittings(turns=behind)

    @property
    def is_free(self) -> bool:
        """Whether nobody computes or waits."""
        return not len(self.turns)

    def known(self, scenario: Scenario, replications: int) -> Experiment | None:
        """The answer, if the desk has it already."""
        return self.kept.get(_key(scenario, replications))

    def answers(self, scenario: Scenario, replications: int) -> Iterator[Experiment]:
        """The experiment as it grows: a rough answer first, the whole one last; at once the whole one if it is known.

        Nothing goes on behind the back of whoever stops asking.

        Raises
        ------
        TooMuchError
            If it is more than one question may take.
        """
        found = self.known(scenario, replications)
        if found is not None:
            yield found
            return
        contacts = max(float(expected_contacts(scenario).sum()), 1.0)
        if contacts * replications > self.most_contacts:
            raise TooMuchError(contacts * replications, self.most_contacts)
        sizes = _sizes(replications, max(int(CONTACTS_OF_A_TURN / contacts), 1))
        customers = self.customers.of(scenario)
        with closing(
            grow(scenario, sizes, engine=DEFAULT_ENGINE, workers=usable_processors(), customers=customers)
        ) as growing:
            for _ in sizes:
                with self.turns.turn():
                    experiment = next(growing)
                if experiment.replications == replications:
                    self.kept.keep(_key(scenario, replications), experiment)
                yield experiment

    def answer(self, scenario: Scenario, replications: int) -> Experiment:
        """The whole answer.

        Raises
        ------
        TooMuchError
            As `answers`.
        """
        *_, last = self.answers(scenario, replications)
        return last


def _key(scenario: Scenario, replications: int) -> Hashable:
    """All that an experiment follows from; two sessions that ask the same share the answer."""
    return scenario.content_hash, scenario.seed, replications


def _sizes(replications: int, most: int) -> list[int]:
    """Numbers of replications to show: a first look, then by turns of at most so many more."""
    first = min(FIRST_LOOK, most, replications)
    return [*range(first, replications, most), replications]
