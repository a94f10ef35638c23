"""`ruuhka batch`."""

from __future__ import annotations

import json
import sys
import time
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from simulator.batch import (
    DaskCluster,
    InProcess,
    OtherVersionError,
    Processes,
    ScenarioChangedError,
    Shard,
    StoreError,
    WorkersError,
    cases,
    forecast,
    read_batch,
    run_batch,
)
from simulator.cli.batch_log import logged
from simulator.cli.console import is_watched, output, progress
from simulator.cli.failures import CASES_FAILED, DONE, BadInputError
from simulator.cli.play import announce_compiling
from simulator.experiment import usable_processors
from simulator.language import number, rounded_duration
from simulator.scenario import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from simulator.batch import Batch, Executor, Forecast, Progress

SHOWN = 20
"""Cases that a dry run prints by name; all of them with --json."""
TOLD_EVERY = 30.0
"""Seconds between two lines of progress where nobody watches, as in the log of a queue system."""

TELLING = 5
"""Cases after which the time left is told; the first ones also load and compile."""


@dataclass(frozen=True, slots=True)
class How:
    """What the options say."""

    shard: str | None = None
    workers: int | None = None
    retry: bool = False
    quiet: bool = False
    as_json: bool = False
    dask: str | None = None
    log: Path | None = None


def batch_command(file: Path, out: Path | None, how: How, *, dry_run: bool) -> int:
    """Play a batch, or tell what it would take; returns the exit code.

    Raises
    ------
    BadInputError
        If the batch, an option or the folder for results is refused, or no process can be started.
    """
    shard = _shard(how.shard)
    if out is None and not dry_run:
        msg = "--out: name a folder for the results, or add --dry-run to see what would be played."
        raise BadInputError(msg)
    try:
        batch = read_batch(file)
        if dry_run or out is None:
            announce_compiling(batch.settings.engine)
            tell(batch, shard, how)
            return DONE
        return play(batch, out, shard, how)
    except (ScenarioError, ScenarioChangedError, OtherVersionError, WorkersError) as error:
        raise BadInputError(str(error)) from None
    except StoreError as error:
        msg = f"--out {error}"
        raise BadInputError(msg) from None


def _shard(text: str | None) -> Shard | None:
    try:
        return None if text is None else Shard.parse(text)
    except ValueError as error:
        msg = f"--shard: {error}"
        raise BadInputError(msg) from None


def play(batch: Batch, out: Path, shard: Shard | None, how: How) -> int:
    """Play what is not played yet; returns the exit code.

    Raises
    ------
    StoreError
        If the folder cannot be used.
    ScenarioChangedError
        If a scenario changes meanwhile.
    WorkersError
        If no process can be started.
    """
    if not (how.quiet or how.as_json):
        announce_compiling(batch.settings.engine)
    workers = how.workers or usable_processors()
    start = time.monotonic()
    with ExitStack() as stack:
        log = stack.enter_context(logged(out, how.log))
        log(f"begin: {batch.title}, {number(len(batch))} cases into {out}{f', share {shard}' if shard else ''}")
        executor = stack.enter_context(_players(how.dask, workers))
        report = stack.enter_context(_reported(how, log))
        done = run_batch(
            batch,
            out,
            executor,
            shard=shard,
            retry=how.retry,
            on_done=report,
        )
        log(f"end: {number(done.done)} of {number(done.wanted)} cases, {number(done.failed)} failed")
    seconds = time.monotonic() - start
    if how.as_json:
        end = {"done": done.done, "of": done.wanted, "failed": done.failed, "contacts": done.contacts}
        print(json.dumps({"event": "end", **end, "seconds": round(seconds, 3)}))
    elif not how.quiet:
        speed = done.contacts / seconds if seconds > 0 else 0.0
        output().print(
            f"{number(done.done)} of {number(done.wanted)} cases are in {out}, {number(done.failed)} failed. "
            f"Played now: {number(done.contacts)} contacts in {rounded_duration(seconds)}, {number(speed)} a second.",
            soft_wrap=True,
        )
    return CASES_FAILED if done.failed else DONE


def _players(dask: str | None, workers: int) -> AbstractContextManager[Executor]:
    """Who plays.

    Raises
    ------
    WorkersError
        When it is entered, if nobody can be reached.
    """
    if dask is not None:
        return DaskCluster(dask, workers)
    return Processes(workers) if workers > 1 else nullcontext(InProcess())


@contextmanager
def _reported(how: How, log: Callable[[str], None]) -> Iterator[Callable[[Progress], None]]:
    """What tells how far a batch is, to whoever may be there."""
    start = told = time.monotonic()
    begun = 0
    with progress("Playing cases", silent=how.quiet or how.as_json) as bar:

        def report(done: Progress) -> None:
            nonlocal told, begun
            now = time.monotonic()
            log(_log_line(done))
            if done.last is None:
                begun = done.done
            elif done.last.record.error is not None and not how.as_json:
                print(f"Case {done.last.record.case} failed: {done.last.record.error}", file=sys.stderr, flush=True)
            if how.as_json:
                print(json.dumps(_line(done), default=str), flush=True)  # a sweep may be over dates
            elif not how.quiet and is_watched():
                bar(done.done, done.wanted)
            elif not how.quiet and now - told > TOLD_EVERY:
                told = now
                print(_how_far(done, begun, now - start), file=sys.stderr, flush=True)

        yield report


def _how_far(done: Progress, begun: int, seconds: float) -> str:
    """A line for a log: the speed, and the time left once enough cases tell it."""
    played = done.done - begun
    told = f"{number(done.done)} of {number(done.wanted)} cases, {number(done.failed)} failed, "
    told += f"{number(done.contacts / seconds)} contacts a second"
    if played >= TELLING:
        told += f", about {rounded_duration(seconds / played * (done.wanted - done.done))} left"
    return told


def _log_line(done: Progress) -> str:
    """A step of a batch for its log."""
    how_far = f"{done.done} of {done.wanted} cases, {done.failed} failed"
    if done.last is None:
        return how_far
    record = done.last.record
    swept = "".join(f", {path} = {value}" for path, value in record.swept.items())
    became = f"failed: {record.error}" if record.error else f"{record.contacts} contacts, {done.last.seconds:.3f} s"
    return f"case {record.case}: {record.scenario}, {record.variant}{swept}: {became} ({how_far})"


def _line(done: Progress) -> dict[str, object]:
    """A step of a batch for programs."""
    how_far = {"done": done.done, "of": done.wanted, "failed": done.failed}
    if done.last is None:
        return {"event": "begin", **how_far}
    record = done.last.record
    return {
        "event": "case",
        "case": record.case,
        "scenario": record.scenario,
        "variant": record.variant,
        "swept": dict(record.swept),
        "contacts": record.contacts,
        "seconds": round(done.last.seconds, 3),
        "error": record.error,
        **how_far,
    }


def tell(batch: Batch, shard: Shard | None, how: How) -> None:
    """Print the cases of a batch and what they will take; nothing is kept."""
    if how.as_json:
        for case in cases(batch, shard):
            said = {"scenario": case.scenario.label, "variant": case.variant, "swept": dict(case.swept)}
            print(json.dumps({"event": "case", "case": case.number, **said, "hash": case.hash}, default=str))
    taken = forecast(batch, shard)
    workers = how.workers or usable_processors()
    if how.as_json:
        end = {"cases": taken.cases, "contacts": taken.contacts, "seconds": taken.seconds, "bytes": taken.size}
        print(json.dumps({"event": "forecast", **end, "measured": taken.measured, "refused": taken.refused}))
        return
    console = output()
    if not how.quiet:
        for case in islice(cases(batch, shard), SHOWN):
            console.print(f"{case.number}  {case.name}", soft_wrap=True)
        if taken.cases > SHOWN:
            console.print(f"... and {number(taken.cases - SHOWN)} more.")
    console.print(_forecast_words(taken, workers, waits=batch.settings.until is not None), soft_wrap=True)


def _forecast_words(taken: Forecast, workers: int, *, waits: bool) -> str:
    told = f"{number(taken.cases)} cases, about {number(taken.contacts)} first attempts, "
    told += f"{rounded_duration(taken.seconds)} of one processor"
    if workers > 1:
        told += f" or {rounded_duration(taken.seconds / workers)} of {workers}"
    told += f", {taken.size / 1e6:,.1f} MB. Told from {taken.measured} of them"
    if taken.refused:
        told += f"; {taken.refused} more are refused by their scenario"
    return f"{told}.{' The half-width asked for may take more.' if waits else ''}"
