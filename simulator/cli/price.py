"""`ruuhka price`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.cli.console import output, status
from simulator.cli.failures import DONE, BadInputError
from simulator.cli.play import announce_compiling, change_words, engine_of, load
from simulator.cli.price_options import load_contracts, parse_asked
from simulator.experiment import usable_processors
from simulator.planning.pricing.futures import FUTURES
from simulator.planning.pricing.pricing import PriceError, price
from simulator.report.folder import ResultFolderError, check_result_folder, result_folder
from simulator.report.json_output import printed
from simulator.report.pricing.document import price_document
from simulator.report.pricing.report import price_report

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from simulator.cli.options import Run
    from simulator.cli.price_options import Wanted
    from simulator.planning.pricing.pricing import Pricing


def price_command(
    file: Path,
    variant: str | None,
    overrides: dict[str, object],
    wanted: Wanted,
    how: Run,
    out: Path | None,
    *,
    force: bool,
    as_json: bool,
) -> int:
    """Price contracts on the futures of a scenario and show them; returns the exit code.

    Raises
    ------
    BadInputError
        If the scenario, a contract, an option or the folder for results is refused; of a contract, with file and
        clause.
    """
    change = _changed(variant, overrides, wanted)
    try:
        if out is not None:
            check_result_folder(out, force=force)  # before the work is done
        scenario = load(file, variant, overrides)
        asked, contracts, engine = parse_asked(wanted), load_contracts(wanted, scenario), engine_of(how)
        if not as_json:
            announce_compiling(engine)
        with status("Pricing", silent=as_json) as tell:
            pricing = price(
                scenario,
                contracts,
                supplier=wanted.supplier,
                futures=how.replications or FUTURES,
                seed=how.seed,
                engine=engine,
                workers=how.workers or usable_processors(),
                asked=asked,
                follow=wanted.follow,
                mixes=wanted.mix,
                on_stage=lambda words, done, of: tell(f"{words}, {done} of {of} futures" if of else words),
            )
        if out is not None:
            write(pricing, out, variant, overrides, wanted, change, force=force)
    except ResultFolderError as error:
        msg = f"--out {error}"
        raise BadInputError(msg) from None
    except PriceError as error:
        at_fault = error.contract.name if error.contract is not None else file.stem
        files = {each.stem: each for each in (*wanted.contracts, file)}
        msg = f"{files[at_fault]}  {error}"
        raise BadInputError(msg) from None
    if as_json:
        print(printed(price_document(pricing)))
        return DONE
    console = output()
    console.print(price_report(pricing, change))
    if out is not None:
        console.print(
            f"Quote sheet (HTML, xlsx), all tables (xlsx, JSON), figures by future and manifest are in {out}."
        )
    return DONE


def write(
    pricing: Pricing,
    out: Path,
    variant: str | None,
    overrides: Mapping[str, object],
    wanted: Wanted,
    change: str,
    *,
    force: bool,
) -> None:
    """Write quote sheet, workbook, JSON, the figures of every future and a manifest, all or nothing.

    Raises
    ------
    ResultFolderError
        If they cannot be written there.
    """
    from simulator.report.pricing.files import write_figures, write_price_manifest
    from simulator.report.pricing.quote_sheet import quote_page
    from simulator.report.pricing.workbook import price_xlsx, quote_xlsx

    with result_folder(out, force=force) as folder:
        (folder / "quote.html").write_text(quote_page(pricing, change), encoding="utf-8")
        (folder / "quote.xlsx").write_bytes(quote_xlsx(pricing, change))
        (folder / "price.xlsx").write_bytes(price_xlsx(pricing, change))
        (folder / "price.json").write_text(printed(price_document(pricing)) + "\n", encoding="utf-8")
        write_figures(pricing, folder)
        files = {file.stem: file.name for file in wanted.contracts}
        write_price_manifest(pricing, folder, variant, overrides, files, wanted.changes)


def _changed(variant: str | None, overrides: dict[str, object], wanted: Wanted) -> str:
    """What differs from the files, in words; nothing if nothing does."""
    parts = [change_words(variant, overrides)] if variant is not None or overrides else []
    parts += [f"contract {text}" for text in wanted.changes]
    return ", ".join(parts)
