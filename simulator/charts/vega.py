"""Vega-Lite in plain tables, as it is written down: marks over rows, fields of these rows, panels side by side.

Altair would write the same. It also copies and checks each of its objects at every level of a figure, which takes a
second where this takes some milliseconds; a test holds every chart against Vega-Lite's own schema instead.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

Chart = dict[str, Any]
"""A chart, or a part of one, in Vega-Lite's terms."""
Row = dict[str, Any]
"""One row of a chart's data, as JSON has it."""

SCHEMA_VERSION = "6.4"
"""Of Vega-Lite, in what is written here; vl-convert brings this version along."""


def marks(
    rows: Sequence[Row], mark: str, encoding: Row, *, where: str = "", calculate: Row | None = None, **options: Any
) -> Chart:
    """A mark for each row.

    Parameters
    ----------
    rows
        The data. Layers of one figure that are given the same list have it written once.
    mark
        The kind of mark.
    encoding
        Where it stands and what it looks like, by channel.
    where
        A Vega expression: only rows of which it is true.
    calculate
        Further fields by their Vega expressions.
    options
        What is the same for all marks.
    """
    made: Chart = {"data": {"values": rows}, "mark": {"type": mark, **options}, "encoding": encoding}
    transform: list[Row] = [{"filter": where}] if where else []
    transform += [{"calculate": expression, "as": name} for name, expression in (calculate or {}).items()]
    return {**made, "transform": transform} if transform else made


def quantity(field: str, **options: Any) -> Row:
    """A field with a number."""
    return {"field": field, "type": "quantitative", **options}


def category(field: str, **options: Any) -> Row:
    """A field with a name."""
    return {"field": field, "type": "nominal", **options}


def until(field: str) -> Row:
    """The field where a mark ends that starts at another."""
    return {"field": field}


def tips(**titles: str) -> list[Row]:
    """What the pointer is told: fields with words and their titles."""
    return [category(field, title=title) for field, title in titles.items()]


def below(parts: Sequence[Chart], **options: Any) -> Chart:
    """Parts of a figure one below the other."""
    return {"vconcat": list(parts), **options}


def beside(parts: Sequence[Chart], **options: Any) -> Chart:
    """Parts of a figure side by side."""
    return {"hconcat": list(parts), **options}


def literal(text: str) -> str:
    """A Vega expression that is this text."""
    return json.dumps(text, ensure_ascii=False)


def lookup(values: Sequence[float], texts: Sequence[str]) -> str:
    """A Vega expression that labels these tick values with these texts."""
    numbers = ",".join(repr(float(value)) for value in values)
    words = ",".join(map(literal, texts))
    return f"[{words}][indexof([{numbers}], datum.value)]"
