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


def show_findings(findings: Sequence[Finding]) -> None:
    """Everything that was found, where, and what was done about it."""
    if not findings:
        st.caption(say("volumes.nothing_found"))
        return
    found = [
        {
            "kind": kind_words(finding.kind),
            "what": finding_words(finding),
            "lines": " ".join(filter(None, (finding.file, lines_words(finding)))),
            "figures": finding.figures,
        }
        for finding in findings
    ]
    names = {name: say(f"volumes.finding.{name}") for name in ("kind", "what", "lines", "figures")}
    st.dataframe(pd.DataFrame(found).rename(columns=names), hide_index=True)
