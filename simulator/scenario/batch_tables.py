"""The tables of a batch file, each checked by itself; `simulator.batch` makes cases of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, ValidationError

from simulator.scenario.errors import Problem, ScenarioError
from simulator.scenario.fields import Text
from simulator.scenario.table import Table, problems_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.scenario.source import Source

Number = int | float | str
"""A number, or one with a unit in quotes: "30 %", "5 min"."""
Measures = Literal["all"] | list[Text] | None
Paths = Annotated[list[Text], Field(min_length=1)]

MOST_SEED = 2**63 - 1
WAYS = ("values", "range", "log_range", "pairs", "sample")
"""The fields of a sweep of which there is exactly one."""


class RangeTable(Table):
    """From one value to another in equal steps."""

    first: Number = Field(description="First value, in the field's own unit.")
    last: Number = Field(description="No value lies beyond it.")
    step: Number = Field(description="From one value to the next.")


class LogRangeTable(Table):
    """From one value to another in equal ratios."""

    first: Number = Field(description="First value, above 0.")
    last: Number = Field(description="Last value.")
    points: int = Field(description="How many values, both ends among them.", ge=2, le=10_000)


class SampledTable(Table):
    """The ends between which a field is sampled."""

    low: Number = Field(description="Lowest value.")
    high: Number = Field(description="Highest value.")
    whole: bool = Field(default=False, description="Whether only whole numbers are drawn, both ends among them.")


class SweepTable(Table):
    """An axis: the values that a field takes, or several fields together."""

    path: Text | None = Field(default=None, description="Dotted path of the field; with values, range and log_range.")
    values: list[object] | None = Field(default=None, description="A list of values.")
    range: RangeTable | None = Field(default=None, description="{ first, last, step }: equal steps.")
    log_range: LogRangeTable | None = Field(default=None, description="{ first, last, points }: equal ratios.")
    pairs: Text | None = Field(
        default=None,
        description="A CSV file whose columns are named by dotted paths; each row is one point of the axis.",
    )
    sample: Literal["latin hypercube", "sobol"] | None = Field(
        default=None, description="How fields are sampled together; with points, seed and fields."
    )
    points: int | None = Field(default=None, description="Points of the sample.", ge=1, le=1_000_000)
    seed: int = Field(default=1, ge=0, le=MOST_SEED, description="Of the sample.")
    fields: dict[str, SampledTable] = Field(default={}, description="Dotted path -> { low, high, whole }; with sample.")

    def findings(self) -> Iterator[Problem]:
        """Exactly one way to say the values, with what belongs to it and nothing else."""
        said = [way for way in WAYS if getattr(self, way) is not None]
        if len(said) != 1:
            what = " and ".join(said) if said else "none of them"
            yield Problem(f"A sweep takes exactly one of {', '.join(WAYS)}; here is {what}.")
            return
        needed = {"pairs": set(), "sample": {"points", "fields"}}.get(said[0], {"path"})
        allowed = {*needed, said[0], *({"seed"} if said[0] == "sample" else ())}
        for name in sorted(needed):
            if getattr(self, name) in (None, {}):
                yield Problem(
                    f"This field is missing. What it means: {SweepTable.model_fields[name].description}", (name,)
                )
        for name in sorted(self.model_fields_set - allowed):
            yield Problem(f"A sweep by {said[0]} does not take this. It takes: {', '.join(sorted(allowed))}.", (name,))
        if self.values == []:
            yield Problem("This must not be empty.", ("values",))


class RunTable(Table):
    """How each case is played."""

    replications: int | None = Field(
        default=None, description="Futures of each case; by default as its scenario says.", ge=1, le=1_000_000
    )
    until: Text | None = Field(
        default=None, description='Go on until this half-width, as in "phone=1 %" or "phone.asa=2 s".'
    )
    max_replications: int = Field(
        default=1000, description="Where a case that waits for a half-width gives up.", ge=2, le=1_000_000
    )
    seed: int | None = Field(
        default=None, ge=0, le=MOST_SEED, description="Of all luck; by default as the scenario says."
    )
    engine: Literal["compiled", "reference"] = Field(default="compiled", description="Who plays.")


class OutputsTable(Table):
    """What is kept of each case: names of measures, or "all"."""

    measures: Measures = Field(default=None, description="Of the horizon. Default: the usual ones.")
    intervals: Measures = Field(default=None, description="Kept interval by interval. Default: the usual ones.")
    summary: Measures = Field(default=None, description="In the wide summary. Default: the usual ones.")


class BatchDocument(Table):
    """A batch file."""

    title: Text = Field(default="", description="What the batch is called on screens.")
    scenarios: Paths = Field(description="Scenario files, or patterns with * of them, seen from the batch file.")
    variants: Literal["all"] | Paths = Field(
        default=["base"], description='Variants of each file, "base" being the file as it is; or "all".'
    )
    set: dict[str, object] = Field(default={}, description="Dotted path -> value: overrides of every case.")
    sweep: dict[str, SweepTable] = Field(
        default={}, description="Axes by name; cases are all combinations, the last fastest."
    )
    run: RunTable = Field(default=RunTable(), description="How each case is played.")
    outputs: OutputsTable = Field(default=OutputsTable(), description="What is kept of each case.")


def batch_document(source: Source) -> BatchDocument:
    """Judge a batch file by itself.

    Raises
    ------
    ScenarioError
        With everything that is wrong with it.
    """
    try:
        return BatchDocument.model_validate(source.raw)
    except ValidationError as error:
        raise ScenarioError(map(source.located, problems_of(error))) from None
