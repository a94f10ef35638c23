"""Names of fields for what a history calls by whatever name it likes."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 50
"""Signs of a name; some are left for what keeps two apart."""


def field_names(titles: Iterable[str], otherwise: str, taken: Iterable[str] = ()) -> dict[str, str]:
    """A name of a scenario's field for each title, no two the same.

    Parameters
    ----------
    titles
        As the history has them, each once.
    otherwise
        The name of a title without a letter or digit that names may have.
    taken
        Names that are no title's.
    """
    names: dict[str, str] = {}
    used = set(taken)
    for title in titles:
        name = _name(title) or otherwise
        number = 2
        while name in used:
            name = f"{_name(title) or otherwise}-{number}"
            number += 1
        used.add(name)
        names[title] = name
    return names


def _name(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9_]+", "-", plain).strip("-")[:_LONGEST].rstrip("-")
