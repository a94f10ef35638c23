"""Plays days that are over and compares with what happened."""

from __future__ import annotations
