"""What a field's declaration says about moving it: `Field(..., json_schema_extra=lever("0 min", "30 min"))`.

It travels in the JSON Schema of the tables, where `knobs` finds it. Within a section every field of a kind that can be
moved is a knob by itself; a declaration says more only where there is more to say.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict, get_args

Section = Literal["agents", "bot", "demand", "service", "customers", "costs"]
"""Where a planner looks for a lever."""

SECTIONS: tuple[Section, ...] = get_args(Section)
"""In the order in which a planner thinks."""

SECTION = "x-section"
LEVER = "x-lever"
"""What this module adds to a JSON Schema."""


class Lever(TypedDict):
    """What `lever` says; its parameters tell what that is."""

    low: str | float | None
    high: str | float | None
    step: str | float | None
    first: bool | Literal["if written"]
    sibling: str
    needs: str
    only: dict[str, str | bool]


def section(name: Section, **marks: Any) -> dict[str, Any]:
    """Say to which section a field belongs, with all that is in it; `marks` come from the functions below."""
    return {SECTION: name, **marks}


def lever(
    low: str | float | None = None,
    high: str | float | None = None,
    *,
    step: str | float | None = None,
    first: bool | Literal["if written"] = False,
    sibling: str = "",
    needs: str = "",
    only: dict[str, str | bool] | None = None,
) -> dict[str, Any]:
    """Say how far a field is moved.

    Parameters
    ----------
    low, high, step
        Of its slider, as the file writes them; None: by the present value. With both ends given, the lever is there
        even where the file leaves the field out and nothing stands for it. `step` may be "interval", that of the
        horizon.
    first
        Whether it is one of the first that a planner reaches for; perhaps only where the file has it.
    sibling
        A field beside it that sets the size: the length of a list, the most agents of a table. Without it this is no
        first lever.
    needs
        A field beside it without which it has nothing to act on.
    only
        Fields beside it with the value that they must have, or that is their default.
    """
    said = Lever(low=low, high=high, step=step, first=first, sibling=sibling, needs=needs, only=only or {})
    return {LEVER: said}


NOTHING_SAID: Lever = lever()[LEVER]


def no_lever(why: str) -> dict[str, Any]:
    """Say that a field cannot be moved by itself, and why."""
    return {LEVER: why}
