"""The what-if page: widgets make overrides, experiments answer them, charts show the answer. No arithmetic here."""

from __future__ import annotations
