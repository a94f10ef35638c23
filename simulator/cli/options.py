"""Options that several commands share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from simulator.history.importing.imported import HistoryKind

File = Annotated[Path, typer.Argument(metavar="FILE", help="Scenario file (TOML).", show_default=False)]
Variant = Annotated[str | None, typer.Option("--variant", help="Name of a variant in the file.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Override one field of the file; may be repeated."),
]
Staffing = Annotated[
    Path | None,
    typer.Option(
        metavar="CSV|XLSX",
        exists=True,
        dir_okay=False,
        help="Agents on duty from a file as a plan writes it: a column of times, a row for each interval, a column "
        "for each group.",
    ),
]
Replications = Annotated[int | None, typer.Option(min=1, help="Futures to play; by default as the file says.")]
Seed = Annotated[int | None, typer.Option(help="Seed of all luck; by default as the file says.")]
Until = Annotated[
    str | None,
    typer.Option(
        metavar="CHANNEL[.MEASURE]=HALF-WIDTH",
        help="Go on until the half-width of a 95 % confidence interval is reached: "
        '"phone=0.5 %" (percentage points) for the measure of the channel\'s target, or "phone.asa=1 s".',
    ),
]
MaxReplications = Annotated[int, typer.Option(min=2, help="Where --until gives up.")]
Out = Annotated[Path | None, typer.Option(help="Folder for tables (Parquet, CSV), charts and a manifest.")]
Force = Annotated[bool, typer.Option("--force", help="Replace an earlier result in --out.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Replications side by side; by default one a processor.")]
Engine = Annotated[
    str | None,
    typer.Option(help="Engine that plays: compiled (fast, default) or reference (SimPy, to read and to check)."),
]


@dataclass(frozen=True, slots=True)
class Run:
    """How to play."""

    replications: int | None = None
    seed: int | None = None
    workers: int | None = None
    engine: str | None = None
    until: str | None = None
    max_replications: int = 1000


def overrides(settings: list[str] | None) -> dict[str, object]:
    """What `--set` asked for: dotted path -> value.

    Raises
    ------
    BadInputError
        If a setting is not PATH=VALUE.
    """
    from simulator.cli.failures import BadInputError
    from simulator.scenario import parse_override

    try:
        return dict(parse_override(setting) for setting in settings or [])
    except ValueError as error:
        raise BadInputError(f"--set: {error}") from None


def kind(text: str | None) -> HistoryKind | None:
    """What `--kind` asked for.

    Raises
    ------
    BadInputError
        If there is no such kind of history.
    """
    from simulator.cli.failures import BadInputError
    from simulator.history.importing.imported import HISTORY_KINDS

    if text is None:
        return None
    for known in HISTORY_KINDS:
        if text == known:
            return known
    raise BadInputError(f"--kind: {text} is not allowed; allowed are {', '.join(HISTORY_KINDS)}.")


def share(option: str, text: str | None) -> float | None:
    """Read "90 %" or 0.9; None where nothing is asked.

    Raises
    ------
    BadInputError
        If it is no share.
    """
    from simulator.cli.failures import BadInputError
    from simulator.scenario.units import parse_share

    if text is None:
        return None
    try:
        number: object = float(text)
    except ValueError:
        number = text
    try:
        return parse_share(number)
    except ValueError as error:
        raise BadInputError(f"{option}: {error}") from None
