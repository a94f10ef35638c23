"""Typing into the grids of a page, which Streamlit's tests cannot do by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    import pytest


class Typed:
    """What is typed into editors, by the beginning of their keys; the keys that were asked for are kept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cells: dict[str, Mapping[tuple[int, str], Any]] = {}
        self.keys: list[str] = []
        self.shown: dict[str, pd.DataFrame] = {}
        monkeypatch.setattr(st, "data_editor", self._edit)

    def _edit(self, shown: pd.DataFrame, *, key: str, **_: Any) -> pd.DataFrame:
        self.keys.append(key)
        name = key.partition(" ")[0]
        self.shown[name] = shown
        edited = shown.copy()
        for (row, column), value in self.cells.get(name, {}).items():
            edited.loc[edited.index[row], column] = value
        return edited
