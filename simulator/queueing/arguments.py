"""Checks of what the formulas are given: each refusal names the argument, its value and what is allowed."""

from __future__ import annotations

import math
import operator


def check_whole(name: str, value: object, *, least: int) -> None:
    """Refuse anything but a whole number of at least `least`."""
    try:
        fits = operator.index(value) >= least  # type: ignore[arg-type]  # what has no index is refused below
    except TypeError:
        fits = False
    if not fits:
        msg = f"{name} is {value!r}; it must be a whole number, {least} or more."
        raise ValueError(msg)


def check_not_negative(name: str, value: float, unit: str) -> None:
    """Refuse anything but a finite number of 0 or more."""
    if not 0 <= value < math.inf:
        msg = f"{name} is {value!r}; it must be a finite number of {unit}, 0 or more."
        raise ValueError(msg)


def check_positive(name: str, value: float, unit: str = "", *, infinite: bool = False) -> None:
    """Refuse anything but a number above 0; `infinite` allows inf as well."""
    if not (0 < value < math.inf or (infinite and value == math.inf)):
        number = f"number of {unit}" if unit else "number"
        allowed = f"a {number} above 0, or inf" if infinite else f"a finite {number} above 0"
        msg = f"{name} is {value!r}; it must be {allowed}."
        raise ValueError(msg)


def check_inner_share(name: str, value: float) -> None:
    """Refuse anything but a share strictly between 0 and 1."""
    if not 0 < value < 1:
        msg = f"{name} is {value!r}; it must be a share above 0 and below 1, as in 0.8 for 80 %."
        raise ValueError(msg)


def check_stable(servers: int, load: float) -> None:
    """Refuse a queue without abandonment whose load is not below the number of servers: it grows for ever."""
    if not load < servers:
        msg = (
            f"servers is {servers} at an offered load of {load:.6g} erlangs; without abandonment the queue is "
            f"stable only with {math.floor(load) + 1} or more servers."
        )
        raise ValueError(msg)
