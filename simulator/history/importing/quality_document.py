"""What became of the rows of a history's files, as JSON: a document of plain values, and back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from simulator.history.quality import Finding, Quality

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.history.logs.quality import LogQuality


def document_of_quality(quality: Quality | LogQuality) -> dict[str, object]:
    """The document of how interval reports or logs were read.

    In both `figures` = `kept` + the figures of all findings that are refused or left out. Of a log they are its rows.
    """
    of_kind: dict[str, object]
    if isinstance(quality, Quality):
        of_kind = {"rows": quality.rows, "figures": quality.figures}
    else:
        of_kind = {"rows": quality.read, "figures": quality.read}
    document: dict[str, object] = {
        **of_kind,
        "kept": quality.kept,
        "findings": [
            {
                "reason": finding.reason,
                "kind": finding.kind,
                "figures": finding.figures,
                "value": finding.value,
                "file": finding.file,
                "lines": list(finding.lines),
                "more": finding.more,
            }
            for finding in quality.findings
        ],
        "first_day": quality.first_day.isoformat(),
        "last_day": quality.last_day.isoformat(),
        "missing_days": [day.isoformat() for day in quality.missing_days],
        "date_order": quality.date_order,
    }
    if isinstance(quality, Quality):
        document["intervals_without_row"] = quality.intervals_without_row
    return document


def findings_of_document(document: Mapping[str, Any]) -> tuple[Finding, ...]:
    """The findings in a document.

    Raises
    ------
    KeyError, TypeError
        If `document_of_quality` did not make it.
    """
    return tuple(
        Finding(each["reason"], tuple(each["lines"]), each["value"], each["figures"], each["file"], each["more"])
        for each in document["findings"]
    )


def quality_of_document(document: Mapping[str, Any]) -> Quality:
    """The quality of interval reports that `document_of_quality` made a document of.

    Raises
    ------
    KeyError, TypeError, ValueError
        If something else made it.
    """
    return Quality(
        rows=document["rows"],
        figures=document["figures"],
        kept=document["kept"],
        findings=findings_of_document(document),
        first_day=date.fromisoformat(document["first_day"]),
        last_day=date.fromisoformat(document["last_day"]),
        missing_days=tuple(map(date.fromisoformat, document["missing_days"])),
        intervals_without_row=document["intervals_without_row"],
        date_order=document["date_order"],
    )
