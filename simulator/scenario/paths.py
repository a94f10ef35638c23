"""Dotted paths, such as `groups.inhouse.staffing."mon-fri 08:00-16:00"`, the way TOML writes its keys.

A segment that is not made of letters a-z, digits, `-` and `_` alone stands in quotes. `*` without quotes is left to
those who give it a meaning.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SEGMENT = re.compile(rf"""[ \t]*({_BARE.pattern}|\*|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')[ \t]*""")


def split_path(text: str) -> tuple[str, ...]:
    """The segments of a dotted path.

    Raises
    ------
    ValueError
        If `text` is not a dotted path.
    """
    path, rest = split_leading_path(text)
    if rest:
        msg = (
            f'"{text}" is not a path: write names with dots between them, those with other signs than letters, '
            'digits, - and _ in quotes, as in groups.inhouse.staffing."mon-fri 08:00-16:00".'
        )
        raise ValueError(msg)
    return path


def split_leading_path(text: str) -> tuple[tuple[str, ...], str]:
    """The segments of the dotted path that `text` starts with, and what follows it.

    Raises
    ------
    ValueError
        If `text` does not start with a dotted path.
    """
    segments = []
    end = 0
    while True:
        found = _SEGMENT.match(text, end)
        if not found:
            msg = f'"{text}" does not start with a path, such as channels.phone.handling_time.'
            raise ValueError(msg)
        segments.append(_unquoted(found[1]))
        end = found.end()
        if text[end : end + 1] != ".":
            return tuple(segments), text[end:]
        end += 1


def join_path(segments: Iterable[str]) -> str:
    """The dotted path of `segments`."""
    return ".".join(segment if _BARE.fullmatch(segment) else _quoted(segment) for segment in segments)


def _unquoted(segment: str) -> str:
    if segment[0] != '"':
        return segment.strip("'") if segment[0] == "'" else segment
    if "\\" not in segment:
        return segment[1:-1]
    return str(tomllib.loads(f"key = {segment}")["key"])


def _quoted(segment: str) -> str:
    plain = segment.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(sign if sign.isprintable() else f"\\U{ord(sign):08X}" for sign in plain) + '"'
