"""One queue in Ciw. A change of its schedule sends the whole crew home, each when done, and brings a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ciw
import numpy as np
from answers import ACCEPTABLE_WAIT, Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from workloads import Day


class OfCustomer(ciw.dists.Distribution):
    """A number that each customer has brought along."""

    def __init__(self, numbers: list[float]) -> None:
        self.numbers = numbers

    def sample(self, t: float | None = None, ind: Any = None) -> float:  # noqa: ARG002  # as Ciw calls it
        """Customers are numbered from 1."""
        number: int = ind.id_number
        return self.numbers[number - 1]


def prepare(day: Day) -> Callable[[], Answer]:
    """Get a day ready; what is returned plays it."""
    contacts = day.contacts
    gaps = np.diff(contacts.arrival, prepend=0.0).tolist()
    on_duty = day.staffing[0].tolist()
    edges = day.centre.edges.tolist()
    stable = min(on_duty) == max(on_duty)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*gaps, np.inf])],
        service_distributions=[OfCustomer(contacts.work.tolist())],
        reneging_time_distributions=[OfCustomer(contacts.patience.tolist())],
        number_of_servers=[on_duty[0] if stable else ciw.Schedule(on_duty, edges[1:])],
    )

    def play() -> Answer:
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_time(edges[-1])
        records = simulation.get_all_records()
        present = [person for person in simulation.nodes[1].all_individuals if person.server]
        waits = [record.waiting_time for record in records if record.record_type == "service"]
        waits += [person.service_start_date - person.arrival_date for person in present]
        return Answer(
            entered=len(contacts),
            in_time=sum(wait <= ACCEPTABLE_WAIT for wait in waits),
            abandoned=sum(record.record_type == "renege" for record in records),
        )

    return play
