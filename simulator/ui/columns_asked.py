"""The columns of a file as a table: what each is taken for and why; each can be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from simulator.language import say
from simulator.scenario.errors import clipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LONGEST = 40
"""Signs of one cell that are shown."""


def ask_roles(
    columns: Sequence[str],
    roles: Sequence[str],
    why: Sequence[str],
    cells: Sequence[Sequence[str]],
    words: Mapping[str, str],
    *,
    key: str,
) -> list[str]:
    """Show the table; the role of each column as it stands there now.

    Parameters
    ----------
    columns
        Names.
    roles
        [column] What each is taken for at first; it must stay the same while the table is on the page.
    why
        [column] In words.
    cells
        [column] Its first ones; empty ones are not shown.
    words
        Role -> its words, of all that may be chosen.
    """
    role_of = {told: role for role, told in words.items()}
    shown = pd.DataFrame(
        {
            "column": columns,
            "role": [words[role] for role in roles],
            "why": why,
            "cells": [" · ".join(clipped(cell, _LONGEST) for cell in of_column if cell) for of_column in cells],
        }
    )
    st.markdown(f"**{say('volumes.columns')}**")
    edited = st.data_editor(
        shown,
        key=key,
        hide_index=True,
        disabled=["column", "why", "cells"],
        column_config={
            "column": say("volumes.column"),
            "role": st.column_config.SelectboxColumn(say("volumes.role"), options=list(role_of), required=True),
            "why": say("volumes.why"),
            "cells": say("volumes.cells"),
        },
    )
    return [role_of[told] for told in edited["role"]]
