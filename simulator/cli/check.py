"""`ruuhka check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.cli.console import output
from simulator.cli.failures import DONE
from simulator.cli.play import load
from simulator.report.document import story_document
from simulator.report.json_output import printed
from simulator.report.story import story

if TYPE_CHECKING:
    from pathlib import Path


def check_command(
    file: Path, variant: str | None, overrides: dict[str, object], *, intervals: bool, as_json: bool
) -> int:
    """Check one scenario and tell its story; returns the exit code."""
    scenario = load(file, variant, overrides)
    if as_json:
        print(printed(story_document(scenario)))
    else:
        output().print(story(scenario, intervals=intervals))
    return DONE
