"""What is shown when a scenario is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from simulator.language import say
from simulator.scenario.paths import join_path

if TYPE_CHECKING:
    from simulator.scenario import ScenarioError


def show_refusal(error: ScenarioError) -> None:
    """All that is wrong with a scenario, each with its field and what is allowed.

    Fields and what they allow are in the words of the file, which are English, and are introduced as such.
    """
    st.error(say("page.refused"))
    st.caption(say("page.in_words_of_file"))
    show_problems(error)


def show_problems(error: ScenarioError) -> None:
    """The fields at fault, in the words of the file; as plain text, for it may quote what a user wrote."""
    for problem in error.problems:
        where = " ".join(part for part in (problem.file.rpartition("/")[2], join_path(problem.field)) if part)
        st.text(f"{where}\n{problem.message}" if where else problem.message)
