"""The pages that a session can choose from."""

from __future__ import annotations
