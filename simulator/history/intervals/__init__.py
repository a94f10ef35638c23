"""Interval reports: which column says what, and the volumes in them."""

from __future__ import annotations
