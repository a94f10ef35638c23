"""From a team's files to the folder of its history: mapping files, first guesses, and what is kept."""

from __future__ import annotations
