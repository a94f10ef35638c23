"""What a session asked a page for last: long work that goes on while the session looks at other pages.

It is kept in an object that a page looks up while it is made. A button's callback changes that object and nothing else:
Streamlit breaks a run off wherever it touches the session's state if the next move has come by then, and what was
broken off in a callback is never called again, so that a press would be lost, and its work go on unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import streamlit as st

if TYPE_CHECKING:
    from simulator.ui.errands import Errand

E = TypeVar("E", bound="Errand[Any, Any]")


@dataclass(slots=True)
class LastAsked(Generic[E]):
    """The work, and the file that it is of."""

    of: str = ""
    """Content of the file."""
    errand: E | None = None

    def keep(self, of: str, errand: E) -> None:
        """Another one from now on."""
        self.of, self.errand = of, errand

    def forget(self) -> None:
        """It is not looked at any longer."""
        self.errand = None

    def of_file(self, of: str) -> E | None:
        """The work, if it is of this file."""
        return self.errand if self.of == of else None

    @property
    def running(self) -> E | None:
        """The work, of whatever file, if it goes on: a session has one under way."""
        return self.errand if self.errand is not None and not self.errand.is_over() else None


def last_asked(page: str) -> LastAsked[Any]:
    """What this session asked this page for."""
    found: LastAsked[Any] = st.session_state.setdefault(f"{page} asked", LastAsked())
    return found
