"""The language that is spoken: one for each thread and task, English unless said otherwise."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "fi": "Suomi"})
"""The languages there are: code -> what its speakers call it. The code is that of CLDR and the catalogues' folder."""

_SPOKEN = ContextVar("spoken", default="en")


def spoken() -> str:
    """The code of the language that is spoken here and now."""
    return _SPOKEN.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language within this block, in this thread or task only.

    Raises
    ------
    ValueError
        If there is no such language.
    """
    if language not in LANGUAGES:
        msg = f'There is no language "{language}"; allowed are {", ".join(LANGUAGES)}.'
        raise ValueError(msg)
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(before)
