"""A back-test, told: a page of charts, tables on the terminal, JSON and CSV."""

from __future__ import annotations
