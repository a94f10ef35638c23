"""What `ruuhka fit` prints and writes beside the scenario."""

from __future__ import annotations
