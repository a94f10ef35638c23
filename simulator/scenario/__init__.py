"""What the centre is: scenario files in, a frozen `Scenario` out, and every refusal in words.

::

    scenario = load_scenario("scenarios/black_friday.toml", overrides={"groups.inhouse.extra_agents": 2})

`model` is what everything else reads; `document` is the file, field by field.
"""

from __future__ import annotations

from simulator.scenario.errors import Problem, ScenarioError
from simulator.scenario.load import Reader, load_scenario, load_source, load_variants, scenario_hash
from simulator.scenario.model import Scenario
from simulator.scenario.overrides import apply_overrides, parse_override
from simulator.scenario.source import Source, read_source, read_upload

__all__ = [
    "Problem",
    "Reader",
    "Scenario",
    "ScenarioError",
    "Source",
    "apply_overrides",
    "load_scenario",
    "load_source",
    "load_variants",
    "parse_override",
    "read_source",
    "read_upload",
    "scenario_hash",
]
