"""What became of the rows of a file, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from simulator.history import finding_words, kind_words, lines_words
from simulator.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.history import Finding


def show_findings(findings: Sequence[Finding], *, name_files: bool = False) -> None:
    """Everything that was found, where, and what was done about it.

    Parameters
    ----------
    name_files
        Whether the file of each is named: where there are several.
    """
    if not findings:
        st.caption(say("volumes.nothing_found"))
        return
    found = [
        {
            "kind": kind_words(finding.kind),
            "figures": finding.figures,
            "what": finding_words(finding),
            "lines": " ".join(filter(None, (finding.file if name_files else "", lines_words(finding)))),
        }
        for finding in findings
    ]
    names = {name: say(f"volumes.finding.{name}") for name in ("kind", "figures", "what", "lines")}
    st.dataframe(pd.DataFrame(found).rename(columns=names), hide_index=True)
