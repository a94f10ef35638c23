"""What `ruuhka plan` shows and writes: report, JSON document and workbook of a plan beside today's staffing."""

from __future__ import annotations

from simulator.report.plan.asked import AskedBudget, contract_words, short_contract_words
from simulator.report.plan.document import plan_document
from simulator.report.plan.found import found_words, judged_words, stage_words
from simulator.report.plan.report import plan_report
from simulator.report.plan.shifts import shifts_csv

__all__ = [
    "AskedBudget",
    "contract_words",
    "found_words",
    "judged_words",
    "plan_document",
    "plan_report",
    "shifts_csv",
    "short_contract_words",
    "stage_words",
]
