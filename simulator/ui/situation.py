"""What every page starts from: the scenario as the file has it, and as this session has changed it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from simulator.jit import is_compiled
from simulator.scenario.knobs import Knob, knobs
from simulator.scenario.overrides import apply_overrides, variant_overrides, variant_title
from simulator.scenario.paths import join_path
from simulator.scenario.source import table_at
from simulator.ui.titles import told_apart

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.scenario import Scenario
    from simulator.scenario.source import RawTable
    from simulator.ui.desk import Desk
    from simulator.ui.library import Library
    from simulator.ui.opened import Opened
    from simulator.ui.view import View


@dataclass(frozen=True)
class Situation:
    """A view, its scenario and the desk that answers."""

    view: View
    opened: Opened
    library: Library
    base: Scenario
    desk: Desk
    width: int
    """Pixels that there are for a chart."""

    @property
    def raw(self) -> RawTable:
        """The scenario's table as the file has it."""
        return self.opened.reader.source.raw

    @property
    def replications(self) -> int:
        """How many futures are asked for."""
        return self.view.replications or self.base.replications

    @cached_property
    def scenario(self) -> Scenario:
        """With the session's overrides.

        Raises
        ------
        ScenarioError
            If the scenario is refused with them.
        """
        return self.changed(self.view.overrides)

    def changed(self, overrides: Mapping[str, object]) -> Scenario:
        """With these overrides.

        Raises
        ------
        ScenarioError
            If the scenario is refused with them.
        """
        return self.opened.reader.scenario(None, overrides) if overrides else self.base

    @property
    def without_extras(self) -> Scenario:
        """With the session's overrides, but without the agents that come on top of the plan.

        Raises
        ------
        ScenarioError
            If the scenario is refused with them.
        """
        on_top: dict[str, object] = {}
        for group in self.base.groups:
            on_top |= {join_path(("groups", group.name, "extra_agents")): 0}
            on_top |= {join_path(("groups", group.name, "extra_in")): {}}
        kept = {path: value for path, value in self.view.overrides.items() if ".extra_in" not in path}
        return self.changed({**kept, **on_top})

    @property
    def answers_at_once(self) -> bool:
        """Whether the first look at changes is a matter of an instant: all else that it takes is there already."""
        return is_compiled() and self.desk.is_free and self.desk.known(self.base, self.replications) is not None

    @cached_property
    def knobs(self) -> tuple[Knob, ...]:
        """Every field that can be moved, as the file has it."""
        return knobs(self.raw)

    @cached_property
    def knobs_now(self) -> Mapping[str, Knob]:
        """The same by path, with the overrides applied.

        Raises
        ------
        ScenarioError
            If a path of the overrides leads nowhere.
        """
        return {knob.path: knob for knob in knobs(apply_overrides(self.raw, self.view.overrides))}

    @cached_property
    def variants(self) -> Mapping[str, Mapping[str, object]]:
        """The file's own variants: name -> overrides."""
        return {
            name: variant_overrides(self.opened.reader.source.raw, name)
            for name in table_at(self.opened.reader.source.raw, "variants")
        }

    @cached_property
    def variant_titles(self) -> Mapping[str, str]:
        """Name -> title of the file's own variants, no two the same."""
        return told_apart({name: variant_title(self.raw, name) for name in self.variants})

    def is_lever(self, name: str) -> bool:
        """Whether a variant of the file can be chosen; otherwise it is something that may happen."""
        return table_at(self.raw, "variants", name).get("lever") is not False
