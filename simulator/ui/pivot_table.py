"""Tables of cases in HTML, which can be scrolled where there is less room."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from simulator.language import NOTHING, say
from simulator.ui.side_by_side import PAPER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COLUMNS = ("measure", "first", "second", "difference")
STYLE = """
<style>
.ruuhka-pivot { overflow-x: auto; border: 1px solid color-mix(in srgb, currentColor 18%, transparent);
  border-radius: .6rem; }
.ruuhka-pivot table { border-collapse: collapse; min-width: 100%; margin: 0; font-variant-numeric: tabular-nums; }
.ruuhka-pivot caption { caption-side: top; text-align: left; padding: .5rem .7rem .2rem; font-weight: 600;
  font-size: .9rem; }
.ruuhka-pivot th, .ruuhka-pivot td { border: 0; padding: .3rem .7rem; text-align: right; font-size: .86rem;
  white-space: nowrap; }
.ruuhka-pivot tbody tr + tr > * { border-top: 1px solid color-mix(in srgb, currentColor 10%, transparent); }
.ruuhka-pivot thead th { font-weight: 600; vertical-align: bottom; }
.ruuhka-pivot tr > :first-child { position: sticky; left: 0; background: var(--ruuhka-paper); text-align: left;
  font-weight: 400; color: color-mix(in srgb, currentColor 78%, transparent); }
.ruuhka-pivot thead th[scope="colgroup"] { text-align: left; }
.ruuhka-pivot td.clear { font-weight: 600; }
.ruuhka-pivot td.noise { opacity: .65; }
.ruuhka-pivot.words tr > :first-child { white-space: normal; min-width: 7.5rem; }
</style>
"""


def pivot_table(
    rows: str,
    columns: str,
    down: Sequence[str],
    across: Sequence[str],
    cells: Mapping[tuple[int, int], str],
    title: str,
    theme: str,
) -> str:
    """A measure by two axes.

    Parameters
    ----------
    rows, columns
        What the axes are called; `columns` is empty where there is one only.
    down, across
        Their values.
    cells
        (row, column) -> figure.
    """
    corner = f'<th scope="col">{escape(rows)}</th>'
    names = "".join(f'<th scope="col">{escape(each)}</th>' for each in across)
    over = f'<tr><th></th><th scope="colgroup" colspan="{len(across)}">{escape(columns)}</th></tr>' if columns else ""
    head = f"{over}<tr>{corner}{names}</tr>"
    body = "".join(
        f'<tr><th scope="row">{escape(value)}</th>'
        + "".join(f"<td>{escape(cells.get((row, column), NOTHING))}</td>" for column in range(len(across)))
        + "</tr>"
        for row, value in enumerate(down)
    )
    return _table(f"<caption>{escape(title)}</caption><thead>{head}</thead><tbody>{body}</tbody>", theme)


def compared_table(rows: Sequence[tuple[str, str, str, str, bool]], theme: str) -> str:
    """Two cases: measure, first, second, difference, and whether that is more than noise."""
    head = "".join(f'<th scope="col">{escape(say(f"batches.column.{name}"))}</th>' for name in COLUMNS)
    body = "".join(
        f'<tr><th scope="row">{escape(measure)}</th><td>{escape(first)}</td><td>{escape(second)}</td>'
        f'<td class="{"clear" if is_clear else "noise"}">{escape(change)}</td></tr>'
        for measure, first, second, change, is_clear in rows
    )
    return _table(f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>", theme, "words")


def _table(inside: str, theme: str, kind: str = "") -> str:
    return (
        f'{STYLE}<div class="ruuhka-pivot {kind}" style="--ruuhka-paper:{PAPER[theme]}" tabindex="0">'
        f"<table>{inside}</table></div>"
    )
