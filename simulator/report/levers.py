"""What `ruuhka levers` prints: what can be done and what may happen, each against the base, the best first."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from rich.console import Group as Lines
from rich.text import Text

from simulator.experiment import CONFIDENCE
from simulator.language import speaking
from simulator.report.compared import verdict
from simulator.report.document import estimate_document, run_document
from simulator.report.tables import new_table
from simulator.words import estimate_text, grid_words, run_words, target_words

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from simulator.experiment import Estimate, Levers, RankedBy, WhatIf

NOISE = "~"
"""Stands at a difference whose interval holds 0."""
WIDEST = 13
"""Signs of a line of a heading."""


def ranked_levers(levers: Levers, by: RankedBy, change: str = "") -> RenderableType:
    """The whole report."""
    scenario = levers.base.scenario
    head = Text.assemble((scenario.title, "bold"), f"\n{grid_words(scenario.calendar)}")
    head.append(f"\n{run_words(levers.base)}, the same customers everywhere")
    if change:
        head.append(f"\n{change}")
    titles = (("What you can do", True), ("What may happen", False))
    tables = [levers_table(levers, by, title, can_be_done=which) for title, which in titles]
    spaced = [part for table in tables if table is not None for part in (Text(), table)]
    return Lines(head, *spaced, Text(), footnotes(levers, by))


def levers_table(levers: Levers, by: RankedBy, title: str, *, can_be_done: bool) -> Table | None:
    """The what-ifs of one kind: each criterion as a difference from the base, which stands above in its own numbers."""
    what_ifs = levers.ranked(by, can_be_done=can_be_done)
    if not what_ifs:
        return None
    currency = levers.base.scenario.currency
    shown = criteria_shown(levers, by)
    headings = [
        fill(criterion.title.lower() + (f" ({currency})" if criterion.unit == "currency" else ""), WIDEST)
        for criterion in (levers.criteria[each] for each in shown)
    ]
    ranks = ["rank"] if can_be_done else []
    table = new_table(
        f"{title}: difference from the base, best {levers.criteria[by].title.lower()} first",
        *(*ranks, "what if", *headings, ""),
        texts=1 + len(ranks),
    )
    blank = [""] * len(ranks)
    own = (estimate_text(levers.of_base(each), levers.criteria[each].unit) for each in shown)
    table.add_row(*blank, "base", *own, "")
    for what_if in what_ifs:
        cells = (difference_cell(levers, what_if, each) for each in shown)
        rank = [rank_words(levers.ranks(what_if, by))] if can_be_done else []
        table.add_row(*rank, what_if.name, *cells, judgement(levers, what_if, by))
    return table


def criteria_shown(levers: Levers, by: RankedBy) -> list[RankedBy]:
    """All but one of the two numbers on targets: together they would not fit on a line."""
    return [each for each in levers.criteria if each != ("target" if by == "met" else "met")]


def difference_cell(levers: Levers, what_if: WhatIf, each: RankedBy) -> str:
    """One difference with its sign, marked where it is within noise."""
    difference = levers.difference(what_if, each)
    text = estimate_text(difference, levers.criteria[each].unit, signed=True)
    return f"{text} {NOISE if is_noise(difference) else ' '}"


def is_noise(difference: Estimate) -> bool:
    """Whether the interval of a difference holds 0, and is not just 0."""
    return verdict(difference) == "no clear difference"


def judgement(levers: Levers, what_if: WhatIf, by: RankedBy) -> str:
    """What a difference comes to."""
    difference = levers.difference(what_if, by)
    if is_noise(difference):
        return "within noise"
    words = verdict(difference)
    if words in ("more", "less"):
        return "better" if levers.is_better(difference, by) else "worse"
    return words


def rank_words(ranks: tuple[int, int]) -> str:
    """1, or 2–4 where it cannot be told more closely."""
    best, worst = ranks
    return str(best) if best == worst else f"{best}–{worst}"


def footnotes(levers: Levers, by: RankedBy) -> Text:
    """What the numbers mean: names, promises, formulas, confidence."""
    others = [each.name for each in levers.what_ifs if not each.same_targets]
    shown = (levers.criteria[each] for each in criteria_shown(levers, by))
    formulas = "; ".join(f"{each.title} = {each.formula}" for each in shown)
    targets = "; ".join(f"{each.title} {target_words(each)}" for each in levers.base.scenario.channels)
    together = levers.confidence > CONFIDENCE
    lines = [
        "; ".join(f"{each.name}: {each.title}" for each in levers.what_ifs) + ".",
        f"Targets: {targets}.",
        *([f"Other targets than the base's, by which theirs are judged: {', '.join(others)}."] if others else []),
        f"{formulas}. Ratios are ratios of sums.",
        "difference = what if - base, replication by replication; ± is half of a "
        + (
            f"{levers.confidence:.2%} confidence interval, so that all of a column hold together with {CONFIDENCE:.0%} "
            "(Bonferroni). "
            if together
            else f"{CONFIDENCE:.0%} confidence interval, of each difference by itself. "
        )
        + f"{NOISE}: within noise, the interval holds 0. pp: percentage points.",
        f"rank: by {levers.criteria[by].title.lower()}, as far as paired differences between the levers themselves "
        "tell; 2–4: not told more closely.",
    ]
    return Text("\n".join(lines), style="dim")


@speaking("en")
def levers_document(levers: Levers, by: RankedBy) -> dict[str, object]:
    """`ruuhka levers --json`."""
    return {
        "run": {**run_document(levers.base), "confidence": levers.confidence},
        "by": by,
        "criteria": {
            each: {
                "measure": criterion.name,
                "unit": criterion.unit,
                "better": "more" if criterion.more_is_better else "less",
                "formula": criterion.formula,
            }
            for each, criterion in levers.criteria.items()
        },
        "base": {each: estimate_document(levers.of_base(each)) for each in levers.criteria},
        "levers": [what_if_document(levers, each) for each in levers.ranked(by, can_be_done=True)],
        "may_happen": [what_if_document(levers, each) for each in levers.ranked(by, can_be_done=False)],
    }


def what_if_document(levers: Levers, what_if: WhatIf) -> dict[str, object]:
    """One what-if: its differences by criterion, and for levers their ranks."""
    found: dict[str, object] = {
        "name": what_if.name,
        "title": what_if.title,
        "same_targets": what_if.same_targets,
        "differences": {each: estimate_document(levers.difference(what_if, each)) for each in levers.criteria},
    }
    if what_if.can_be_done:
        found["ranks"] = {each: list(levers.ranks(what_if, each)) for each in levers.criteria}
    return found
