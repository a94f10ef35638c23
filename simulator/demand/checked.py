"""Whether the volume files of a scenario tell what they are asked for; that is seen only when they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.demand.busyness import BusynessModel
from simulator.demand.expected import expected_contacts
from simulator.scenario import Problem, ScenarioError

if TYPE_CHECKING:
    from simulator.scenario import Scenario


def check_demand(scenario: Scenario) -> None:
    """Refuse a scenario whose volume files do not tell what they are asked for.

    Raises
    ------
    ScenarioError
        If a day is missing in them, or they show no busyness.
    """
    try:
        expected_contacts(scenario)
        BusynessModel.of(scenario)
    except ValueError as error:
        raise ScenarioError([Problem(str(error))]) from None
