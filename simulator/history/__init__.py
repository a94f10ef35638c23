"""What happened: reports of telephone systems and planners, read from their bytes and put into a scenario.

`read_report` makes a table of text of a file, `guess_mapping` says what its columns hold, `volumes_of` makes tidy
volumes of both and says what became of every row, and `scenario_volumes` puts them into a scenario.
"""

from __future__ import annotations

from simulator.history.errors import ReportError
from simulator.history.files.limits import LARGEST_REPORT
from simulator.history.files.report import Report, read_report
from simulator.history.files.words import Role
from simulator.history.intervals.guess import guess_mapping
from simulator.history.intervals.into_scenario import ScenarioVolumes, handling_time_overrides, scenario_volumes
from simulator.history.intervals.mapping import ColumnMapping, Use
from simulator.history.intervals.volumes import Volumes, volumes_of
from simulator.history.quality import Finding, Kind, Quality
from simulator.history.sentences import finding_words, kind_words, lines_words, role_words, why_words

__all__ = [
    "LARGEST_REPORT",
    "ColumnMapping",
    "Finding",
    "Kind",
    "Quality",
    "Report",
    "ReportError",
    "Role",
    "ScenarioVolumes",
    "Use",
    "Volumes",
    "finding_words",
    "guess_mapping",
    "handling_time_overrides",
    "kind_words",
    "lines_words",
    "read_report",
    "role_words",
    "scenario_volumes",
    "volumes_of",
    "why_words",
]
