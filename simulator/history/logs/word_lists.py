"""Words that a mapping asks for and no row has: misspelt, they would change what becomes of every row unnoticed."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_MOST_WORDS = 1_000
"""Different cells of a column of words; one with more holds no words."""
_LIKE = 0.8
_MOST_NAMED = 4


def words_with_rows(cells: pa.Array) -> dict[str, int]:
    """Word -> how many cells say it, the most frequent first; nothing of a column that holds no words."""
    counted = pc.value_counts(cells)
    if len(counted) > _MOST_WORDS:
        return {}
    of = {each["values"]: each["counts"] for each in counted.to_pylist() if each["values"]}
    return dict(sorted(of.items(), key=lambda item: -item[1]))


def misspelt(asked: Collection[str], there: Mapping[str, int]) -> dict[str, str]:
    """Word asked for -> the word that was likely meant: one that some row has, and that is not asked for itself."""
    others = [word for word in there if word not in asked]
    found = {word: get_close_matches(word, others, 1, _LIKE) for word in asked if word not in there}
    return {word: close[0] for word, close in found.items() if close}


def words_text(there: Mapping[str, int]) -> str:
    """Those that most rows have, with their rows: "answered (381), gave up (19)"."""
    named = [f"{word} ({rows})" for word, rows in list(there.items())[:_MOST_NAMED]]
    return ", ".join(named) + (", …" if len(there) > len(named) else "")
