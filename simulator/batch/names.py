"""Names of columns that a query need not put into quotes, and values of axes as numbers where they are some."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

_AMOUNT = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))\s*(\D*)")


class AxisColumn(NamedTuple):
    """A column that holds what an axis sets."""

    name: str
    path: str
    """Dotted path of the field."""
    unit: str
    """Of its numbers, as in "min"; empty where they have none, or the values are no numbers."""
    values: tuple[object, ...]
    """By case; numbers if all are."""


class _Amount(NamedTuple):
    number: float
    unit: str


def distinct(wanted: Iterable[str], taken: Collection[str] = ()) -> list[str]:
    """Names with a number behind those that are there already; SQL takes large and small letters for the same."""
    known = {name.lower() for name in taken}
    names = []
    for each in wanted:
        name, often = each, 1
        while name.lower() in known:
            often += 1
            name = f"{each}_{often}"
        known.add(name.lower())
        names.append(name)
    return names


def column_names(wanted: Iterable[str], taken: Collection[str] = (), reserved: Collection[str] = ()) -> list[str]:
    """Names for columns: letters, digits and underscores, none a word of SQL, and no two alike.

    Parameters
    ----------
    wanted
        What each would be called, such as "phone.mean_wait".
    taken
        Names that are given away already.
    reserved
        Words that SQL keeps to itself, in small letters.
    """
    plain = [re.sub(r"\W+", "_", each).strip("_") or "column" for each in wanted]
    plain = [f"_{each}" if each[0].isdigit() else f"{each}_" if each.lower() in reserved else each for each in plain]
    return distinct(plain, taken)


def axis_columns(
    axes: Mapping[str, Sequence[str]],
    swept: Sequence[Mapping[str, object]],
    taken: Collection[str],
    reserved: Collection[str] = (),
) -> list[AxisColumn]:
    """What axes set, by case. An axis of one field is called by its own name, fields of others by their paths.

    Parameters
    ----------
    axes
        Name -> the paths that it sets.
    swept
        Of each case: path -> value.
    """
    paths = [path for each in axes.values() for path in each]
    wanted = [name if len(each) == 1 else path for name, each in axes.items() for path in each]
    columns = []
    for name, path in zip(column_names(wanted, taken, reserved), paths, strict=True):
        unit, values = _numbers([each.get(path) for each in swept])
        columns.append(AxisColumn(name, path, unit, tuple(values)))
    return columns


def _numbers(values: Sequence[object]) -> tuple[str, list[object]]:
    """Values in the unit that they have in common; as text where they are no numbers of one unit. None stays None."""
    given = [value for value in values if value is not None]
    amounts = [_amount(value) for value in given]
    found = [each for each in amounts if each is not None]
    units = {each.unit for each in found}
    if len(units) == 1 and len(found) == len(given):
        kind = int if all(each.number.is_integer() for each in found) else float
        numbers = iter([kind(each.number) for each in found])
        return units.pop(), [None if value is None else next(numbers) for value in values]
    if all(isinstance(value, bool) for value in given):
        return "", list(values)
    return "", [None if value is None else str(value) for value in values]


def _amount(value: object) -> _Amount | None:
    """A number, or one with a unit behind it; None if it is neither."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _Amount(float(value), "")
    match = _AMOUNT.fullmatch(value.strip()) if isinstance(value, str) else None
    return _Amount(float(match[1]), match[2].strip()) if match else None
