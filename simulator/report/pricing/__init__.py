"""What `ruuhka price` shows and writes: tables, JSON, kept figures, and the quote sheet of a price."""

from __future__ import annotations
