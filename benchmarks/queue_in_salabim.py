"""One queue in salabim, in its style with `yield`, a component a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import salabim as sim
from answers import ACCEPTABLE_WAIT, Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from workloads import Day

    Process = Generator[Any, None, None]

sim.yieldless(False)


class Customer(sim.Component):
    """Waits for an agent, or gives up."""

    def setup(self, work: float, patience: float, tally: dict[str, int]) -> None:
        """What customers bring."""
        self.work = work
        self.patience = patience
        self.tally = tally

    def process(self) -> Process:
        """A customer's life."""
        arrival = self.env.now()
        yield self.request(self.env.agents, fail_delay=self.patience)
        if self.failed():
            self.tally["abandoned"] += 1
        else:
            self.tally["in time"] += self.env.now() - arrival <= ACCEPTABLE_WAIT
            yield self.hold(self.work)


class Arrivals(sim.Component):
    """Lets the customers come."""

    def setup(self, rows: list[list[float]], tally: dict[str, int]) -> None:
        """Columns: arrival, work, patience."""
        self.rows = rows
        self.tally = tally

    def process(self) -> Process:
        """One customer after the other."""
        for arrival, work, patience in zip(*self.rows, strict=True):
            yield self.hold(till=arrival)
            Customer(work=work, patience=patience, tally=self.tally)


class Staff(sim.Component):
    """Changes the number of agents."""

    def setup(self, shifts: list[tuple[float, int]]) -> None:
        """Start and number of each interval."""
        self.shifts = shifts

    def process(self) -> Process:
        """One interval after the other; at once, if a number stays the same."""
        for start, number in self.shifts:
            yield self.hold(till=start)
            self.env.agents.set_capacity(number)


def prepare(day: Day) -> Callable[[], Answer]:
    """Get a day ready; what is returned plays it."""
    contacts = day.contacts
    rows = [column.tolist() for column in (contacts.arrival, contacts.work, contacts.patience)]
    on_duty = day.staffing[0].tolist()
    edges = day.centre.edges.tolist()
    changes = [(edges[i], number) for i, number in enumerate(on_duty) if i > 0 and number != on_duty[i - 1]]

    def play() -> Answer:
        env = sim.Environment(random_seed="", trace=False)
        env.agents = sim.Resource("agents", capacity=on_duty[0], env=env)
        tally = {"in time": 0, "abandoned": 0}
        Staff(shifts=changes)
        Arrivals(rows=rows, tally=tally)
        env.run(till=edges[-1])
        return Answer(len(contacts), tally["in time"], tally["abandoned"])

    return play
