"""All that was fitted to a history, put together: a scenario file that a planner reads, mends and plays.

What the parts of `simulator.history.fit` and `simulator.history.agents` have found becomes `SourcedField`s here, and
`scenario_text` writes them down.
"""

from __future__ import annotations

from simulator.history.fitted.names import field_names
from simulator.history.fitted.sourced import SourcedField
from simulator.history.fitted.text import raw_table, scenario_text

__all__ = ["SourcedField", "field_names", "raw_table", "scenario_text"]
