"""Who was there to take calls, and for what: inferred from who answered what when, for logs know no rosters."""

from __future__ import annotations

from simulator.history.agents.attendance import Attendance, attendance_of
from simulator.history.agents.teams import Teams, teams
from simulator.history.agents.trained import Trained, train

__all__ = ["Attendance", "Teams", "Trained", "attendance_of", "teams", "train"]
