"""Volumes: taken from a report, or edited in a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from simulator.language import say
from simulator.ui.pages.volumes_edited import edit
from simulator.ui.pages.volumes_imported import bring_in

if TYPE_CHECKING:
    from simulator.ui.situation import Situation


def show(situation: Situation) -> None:
    """Two ways to say how many contacts come."""
    st.markdown(f"### {say('volumes.title')}")
    from_report, by_hand = st.tabs([say("volumes.from_report"), say("volumes.by_hand")])
    with from_report:
        bring_in(situation)
    with by_hand:
        edit(situation)
