"""JSON as this program prints it: ASCII, and null for what is no number."""

from __future__ import annotations

import json
import math


def printed(document: object) -> str:
    """The document as text, in ASCII: whatever the terminal's encoding, it is the same JSON."""
    return json.dumps(document, indent=2, allow_nan=False)


def number(value: object) -> float | None:
    """One number; null if it is none."""
    result = float(value)  # type: ignore[arg-type]  # numpy scalars of any kind
    return result if math.isfinite(result) else None
