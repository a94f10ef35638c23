"""What happened: a team's own files, the models that are fitted to them, and how good such models are.

From files to a history: `files` makes tables of text of them, `cells` says what a cell says, `intervals` reads reports
of counts and `logs` single calls, tickets and orders, each with what became of every row; `importing` guesses which
column says what and keeps it all in a folder. From a history to a model: `estimators` find single parameters, `agents`
who was on duty and for what, `fitted_scenario` makes the scenario of all of it. `forecast` says what comes in the weeks
ahead, and `backtest` plays days that are over.

Here stand the names of interval reports, as the what-if page uses them: `read_report` makes a table of a file,
`guess_mapping` says what its columns hold, `volumes_of` makes tidy volumes of both, and `scenario_volumes` puts them
into a scenario. All else is taken from the packages.
"""

from __future__ import annotations

from simulator.history.errors import ReportError
from simulator.history.files.report import Report, read_report
from simulator.history.files.words import Role
from simulator.history.intervals.guess import guess_mapping
from simulator.history.intervals.into_scenario import handling_time_overrides, scenario_volumes
from simulator.history.intervals.mapping import ColumnMapping
from simulator.history.intervals.volumes import Volumes, volumes_of
from simulator.history.quality import Finding
from simulator.history.sentences import finding_words, kind_words, lines_words, role_words, why_words

__all__ = [
    "ColumnMapping",
    "Finding",
    "Report",
    "ReportError",
    "Role",
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
