"""What became of a report's rows, as JSON: a document of plain values, and back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from simulator.history.quality import Finding, Quality

if TYPE_CHECKING:
    from collections.abc import Mapping


def document_of_quality(quality: Quality) -> dict[str, object]:
    """The document of how an interval report was read."""
    return {
        "rows": quality.rows,
        "figures": quality.figures,
        "kept": quality.kept,
        "findings": [
            {
                "reason": finding.reason,
                "kind": finding.kind,
                "figures": finding.figures,
                "value": finding.value,
                "lines": list(finding.lines),
            }
            for finding in quality.findings
        ],
        "first_day": quality.first_day.isoformat(),
        "last_day": quality.last_day.isoformat(),
        "missing_days": [day.isoformat() for day in quality.missing_days],
        "intervals_without_row": quality.intervals_without_row,
        "date_order": quality.date_order,
    }


def quality_of_document(document: Mapping[str, Any]) -> Quality:
    """What `document_of_quality` made a document of.

    Raises
    ------
    KeyError, TypeError, ValueError
        If something else made it.
    """
    return Quality(
        rows=document["rows"],
        figures=document["figures"],
        kept=document["kept"],
        findings=tuple(
            Finding(each["reason"], tuple(each["lines"]), each["value"], each["figures"])
            for each in document["findings"]
        ),
        first_day=date.fromisoformat(document["first_day"]),
        last_day=date.fromisoformat(document["last_day"]),
        missing_days=tuple(map(date.fromisoformat, document["missing_days"])),
        intervals_without_row=document["intervals_without_row"],
        date_order=document["date_order"],
    )
