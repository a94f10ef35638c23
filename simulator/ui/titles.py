"""Titles by which a reader chooses: no two the same."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.scenario import Scenario


def told_apart(titles: Mapping[str, str]) -> dict[str, str]:
    """Name -> title, with the name behind each of those that are called the same.

    A list goes by what it shows: of two that are called the same, choosing either would open the last.
    """
    often = Counter(titles.values())
    return {name: f"{title} ({name})" if often[title] > 1 else title for name, title in titles.items()}


def channel_titles(scenario: Scenario) -> dict[str, str]:
    """Name -> title of each channel, in their order."""
    return told_apart({channel.name: channel.title for channel in scenario.channels})


def group_titles(scenario: Scenario) -> dict[str, str]:
    """Name -> title of each group, in their order."""
    return told_apart({group.name: group.title for group in scenario.groups})
