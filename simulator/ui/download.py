"""Files to take away: each is made when it is asked for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from simulator.language import speaking, spoken

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.delta_generator import DeltaGenerator

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offer(
    label: str, file: str, kind: str, made: Callable[[], bytes], *, key: str, place: DeltaGenerator | None = None
) -> None:
    """A button that makes a file and hands it over.

    Parameters
    ----------
    kind
        Its media type.
    place
        Where the button stands; by default below what is there.
    """
    (place or st).download_button(
        label,
        partial(_in_language, spoken(), made),
        file,
        kind,
        key=key,
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )


def _in_language(language: str, made: Callable[[], bytes]) -> bytes:
    """A file made in a thread of its own, in the language of the page."""
    with speaking(language):
        return made()
