"""Several interval reports become one table, in which nothing counts twice and nothing is lost unseen."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.history import ReportError, Volumes, guess_mapping, read_report
from simulator.history.intervals.volumes import volumes_of_reports

HEADER = "Date,Time,Queue,Offered,AHT\n"
JANUARY = "2026-01-30,08:00,Phone,12,250\n2026-01-30,08:30,Phone,14,260\n"
FEBRUARY = """2026-02-02,08:00,Phone,9,240
2026-02-02,08:30,Chat,3,500
2026-02-02,09:00,Chat,four,500
2026-02-02,09:30,Chat,5,500
2026-02-02,10:00,Chat,6,500
"""


def together(*texts: str) -> Volumes:
    reports = [read_report(f"{k}.csv", (HEADER + text).encode()) for k, text in enumerate(texts, start=1)]
    return volumes_of_reports([(report, guess_mapping(report)) for report in reports], "Europe/Helsinki")


def test_two_months_are_the_same_as_one_file_of_both() -> None:
    both, one = together(JANUARY, FEBRUARY), together(JANUARY + FEBRUARY)
    assert both.channels == one.channels == ("Phone", "Chat")
    for name in ("day", "clock", "showing", "channel", "topic", "offered"):
        np.testing.assert_array_equal(getattr(both, name), getattr(one, name))
    np.testing.assert_array_equal(both.measured["handling_time"], one.measured["handling_time"])
    assert both.source == "1.csv, 2.csv"
    assert (both.quality.rows, both.quality.figures, both.quality.kept) == (7, 7, 6)
    assert both.quality.missing_days == one.quality.missing_days
    assert both.quality.intervals_without_row == one.quality.intervals_without_row


def test_the_order_of_the_files_does_not_matter() -> None:
    there, back = together(JANUARY, FEBRUARY), together(FEBRUARY, JANUARY)
    np.testing.assert_array_equal(there.day, back.day)
    np.testing.assert_array_equal(there.offered, back.offered)


def test_a_finding_says_in_which_file_it_is() -> None:
    (finding,) = together(JANUARY, FEBRUARY).quality.findings
    assert (finding.reason, finding.file, finding.lines) == ("no_number", "2.csv", (4,))


def test_what_two_files_say_alike_counts_once() -> None:
    volumes = together(JANUARY, JANUARY.splitlines(keepends=True)[1] + FEBRUARY)
    assert volumes.offered.sum() == together(JANUARY, FEBRUARY).offered.sum()
    quality = volumes.quality
    assert quality.figures == quality.kept + quality.figures_of("left_out") + quality.figures_of("refused")
    repeated = next(finding for finding in quality.findings if finding.reason == "repeated")
    assert (repeated.file, repeated.lines, repeated.figures) == ("2.csv", (2,), 1)


def test_files_that_contradict_each_other_are_refused_with_both_places() -> None:
    with pytest.raises(ReportError, match=r"2\.csv:2\n.*1\.csv, line 3.*2026-01-30 08:30 of Phone"):
        together(JANUARY, "2026-01-30,08:30,Phone,15,260\n2026-01-30,09:00,Phone,15,260\n")


def test_files_with_intervals_of_different_length_are_refused() -> None:
    with pytest.raises(ReportError, match=r"2\.csv\n.*15 min.*1\.csv 30 min"):
        together(JANUARY, "2026-02-02,08:00,Phone,9,240\n2026-02-02,08:15,Phone,3,500\n")


def test_a_file_without_any_usable_row_is_refused_by_name() -> None:
    with pytest.raises(ReportError, match=r"2\.csv.*\n.*No row"):
        together(JANUARY, "2026-02-30,08:00,Phone,7,240\n")
