"""The text of a mapping file, with what a planner needs to change it: reasons, and the columns that are not used."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import tomlkit
from tomlkit.items import InlineTable, Table

from simulator.history.importing.mapping_file import written_values
from simulator.scenario.errors import clipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulator.history.importing.mapping_file import HistoryMapping

_WIDTH = 110
_NO_REASONS: Mapping[str, str] = MappingProxyType({})


def mapping_text(
    mapping: HistoryMapping,
    *,
    head: Sequence[str] = (),
    reasons: Mapping[str, str] = _NO_REASONS,
    unit_reasons: Mapping[str, str] = _NO_REASONS,
    unused: Sequence[str] = (),
) -> str:
    """A mapping as its file has it.

    Parameters
    ----------
    mapping
        What to write; fields that are as if left out are left out.
    head
        Lines of comment at the top.
    reasons
        Role -> why its column is thought to hold it; a comment behind it.
    unit_reasons
        Column -> why its plain numbers are thought to be of its unit.
    unused
        Columns of the files that the mapping does not name; a comment below the columns.
    """
    document = tomlkit.document()
    for line in head:
        document.add(tomlkit.comment(line))
    for name, value in written_values(mapping).items():
        if isinstance(value, dict):
            document.add(tomlkit.nl())
            is_columns = name == "columns"
            why = reasons if is_columns else unit_reasons if name == "unit" else {}
            document.add(name, _table(value, why, unused if is_columns else ()))
        else:
            document.add(name, tomlkit.item(value))
    return tomlkit.dumps(document)


def _table(values: Mapping[str, object], reasons: Mapping[str, str], unused: Sequence[str]) -> Table:
    table = tomlkit.table()
    for key, value in values.items():
        item = _inline(value) if isinstance(value, dict) else tomlkit.item(value)
        table.add(key, item)
        if key in reasons:
            item.comment(clipped(reasons[key], _WIDTH))
    for line in _wrapped(unused):
        table.add(tomlkit.comment(line))
    return table


def _inline(values: Mapping[str, object]) -> InlineTable:
    table = tomlkit.inline_table()
    for key, value in values.items():
        table.add(key, tomlkit.item(value))
    return table


def _wrapped(unused: Sequence[str]) -> list[str]:
    """Lines that name the columns not used."""
    if not unused:
        return []
    lines = ["not used:"]
    for k, name in enumerate(unused):
        word = clipped(name, 60) + ("," if k < len(unused) - 1 else "")
        if len(lines[-1]) + len(word) >= _WIDTH:
            lines.append("   ")
        lines[-1] += f" {word}"
    return lines
