"""What single cells of exports say: dates and clock times, numbers, lengths of time."""

from __future__ import annotations
