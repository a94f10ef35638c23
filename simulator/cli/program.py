"""The commands of `ruuhka` and what each takes. Heavy imports wait until a command runs, so that --help is quick."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from simulator.cli import options
from simulator.cli.failures import explained


class Commands(TyperGroup):
    """The commands; the failures of whichever runs are explained before Typer has its own way with them."""

    def invoke(self, ctx: Any) -> Any:  # Typer keeps the type of this context to itself
        """Run the command that the context names."""
        with explained():
            return super().invoke(ctx)

    def get_help_option(self, ctx: Any) -> Any:
        """Say that help was not asked for, where it was not: Typer would load Pydantic to make that of None."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.default = False
        return option


program = typer.Typer(
    name="ruuhka",
    cls=Commands,
    help="How long will customers wait, on every channel, in every quarter of an hour, with these agents?",
    epilog="Exit codes: 0 done; 1 the half-width of --until was not reached, no plan keeps the targets, import refused "
    "more than a tenth of the rows, customers of a fitted scenario do not wait as the team's did, or a case of a batch "
    "failed; 2 the input is refused; 130 stopped.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def show_version(asked: bool) -> None:
    """Print the version and stop."""
    if asked:
        from simulator import __version__

        print(f"ruuhka {__version__}")
        raise typer.Exit


@program.callback()
def ruuhka(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Options without a command."""


@program.command()
def simulate(
    file: options.File,
    variant: options.Variant = None,
    set_: options.Set = None,
    staffing: options.Staffing = None,
    replications: options.Replications = None,
    seed: options.Seed = None,
    until: options.Until = None,
    max_replications: options.MaxReplications = 1000,
    out: options.Out = None,
    force: options.Force = False,
    json_: options.Json = False,
    workers: options.Workers = None,
    engine: options.Engine = None,
) -> None:
    """Print queue times per channel, each with its uncertainty."""
    from simulator.cli.simulate import simulate_command

    run = options.Run(replications, seed, workers, engine, until, max_replications)
    overrides = options.overrides(set_)
    raise typer.Exit(simulate_command(file, variant, overrides, staffing, run, out, force=force, as_json=json_))


@program.command()
def compare(
    file: options.File,
    first: Annotated[str, typer.Argument(metavar="V1", help="A variant of the file, or `base` for the file as it is.")],
    second: Annotated[str, typer.Argument(metavar="V2", help="The variant to hold against it.")],
    set_: options.Set = None,
    replications: options.Replications = None,
    seed: options.Seed = None,
    json_: options.Json = False,
    workers: options.Workers = None,
    engine: options.Engine = None,
) -> None:
    """Print what differs between two variants that meet the same customers."""
    from simulator.cli.compare import compare_command

    run = options.Run(replications, seed, workers, engine)
    raise typer.Exit(compare_command(file, (first, second), options.overrides(set_), run, as_json=json_))


@program.command()
def levers(
    file: options.File,
    by: Annotated[
        str | None,
        typer.Option(
            help="Rank by wait, target, met (targets met), lost, cost, or value (cost and lost orders together). By "
            "default by value where lost orders have one, otherwise by lost."
        ),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="NAME", help="Play this variant alone; may be repeated.")
    ] = None,
    set_: options.Set = None,
    replications: options.Replications = None,
    seed: options.Seed = None,
    simultaneous: Annotated[
        bool, typer.Option("--simultaneous", help="Wider intervals, of which all hold together with 95 %.")
    ] = False,
    out: options.Out = None,
    force: options.Force = False,
    json_: options.Json = False,
    workers: options.Workers = None,
    engine: options.Engine = None,
) -> None:
    """Rank what could be done: each variant of a file against the base, on the same customers."""
    from simulator.cli.levers import levers_command

    run = options.Run(replications, seed, workers, engine)
    code = levers_command(
        file,
        only or (),
        by,
        options.overrides(set_),
        run,
        out,
        simultaneous=simultaneous,
        force=force,
        as_json=json_,
    )
    raise typer.Exit(code)


@program.command()
def grid(
    file: options.File,
    agents: Annotated[
        list[str] | None,
        typer.Option(
            metavar="GROUP=FIRST:LAST:STEP",
            help="An axis: agents of a group, the most on duty at once, as in inhouse=20:60:4; with a sign, as in "
            "inhouse=-4:+8:2, more or fewer than now. Also a list: inhouse=20,30,45.",
        ),
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=FIRST:LAST:STEP",
            help="An axis: any field of the file, as in channels.chat.bot.containment=0.2:0.7:0.1.",
        ),
    ] = None,
    channel: Annotated[
        list[str] | None,
        typer.Option(help="Only the target of this channel is to be kept; may be repeated. By default of all."),
    ] = None,
    measure: Annotated[
        list[str] | None, typer.Option(help="Show this measure instead of waits; may be repeated.")
    ] = None,
    probability: Annotated[
        str | None,
        typer.Option(help='Targets are to be met with this probability, as in "90 %"; by default in expectation.'),
    ] = None,
    variant: options.Variant = None,
    set_: options.Set = None,
    replications: options.Replications = None,
    seed: options.Seed = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for points, table and chart. The same command again goes on where it was stopped."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace another grid in --out.")] = False,
    json_: options.Json = False,
    workers: options.Workers = None,
    engine: options.Engine = None,
) -> None:
    """Print queue times under agent counts x another lever, and the cheapest point that keeps the targets."""
    from simulator.cli.grid import Wanted, grid_command

    run = options.Run(replications, seed, workers, engine)
    wanted = Wanted(agents or (), vary or (), channel or (), measure or (), probability)
    code = grid_command(file, variant, options.overrides(set_), wanted, run, out, force=force, as_json=json_)
    raise typer.Exit(code)


@program.command()
def plan(
    file: options.File,
    channel: Annotated[
        list[str] | None,
        typer.Option(help="Only the target of this channel is to be kept; may be repeated. By default of all."),
    ] = None,
    period: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[CHANNEL=]PERIOD",
            help="Targets are kept in every `interval`, every `day`, or over the `horizon`: of all channels, or of "
            "one, as in email=day; may be repeated. By default live channels by the interval, others by the day. Where "
            "only a day counts, an interval may go without anybody: say --minimum.",
        ),
    ] = None,
    probability: Annotated[
        str | None,
        typer.Option(help='Targets are to be met with this probability, as in "90 %"; by default in expectation.'),
    ] = None,
    occupancy: Annotated[
        str | None, typer.Option(help='No group is to be busier than this in any period, as in "85 %".')
    ] = None,
    minimum: Annotated[
        list[str] | None,
        typer.Option(metavar="GROUP=AGENTS", help="Agents at least while the group is on duty; may be repeated."),
    ] = None,
    maximum: Annotated[
        list[str] | None, typer.Option(metavar="GROUP=AGENTS", help="Agents at most at once; may be repeated.")
    ] = None,
    hours: Annotated[
        float | None,
        typer.Option(min=0, help="The best service for so many paid hours, instead of the least cost for the targets."),
    ] = None,
    money: Annotated[
        float | None,
        typer.Option(min=0, help="The best service for agents who cost so much, in the scenario's currency."),
    ] = None,
    shifts: Annotated[
        Path | None,
        typer.Option(
            metavar="CATALOGUE",
            exists=True,
            dir_okay=False,
            help="People work the shifts of this TOML file: the cheapest that simulation says are enough.",
        ),
    ] = None,
    today: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Say by when to begin to seek people for the shifts, as seen on this day, as in 2026-09-01.",
        ),
    ] = None,
    time_limit: Annotated[float, typer.Option(min=1, help="Seconds after which the best so far is taken.")] = 240.0,
    variant: options.Variant = None,
    set_: options.Set = None,
    replications: options.Replications = None,
    seed: options.Seed = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the staffing (CSV, xlsx), tables, charts and a manifest.")
    ] = None,
    force: options.Force = False,
    json_: options.Json = False,
    workers: options.Workers = None,
) -> None:
    """Search for the cheapest staffing that keeps the targets, and check it on customers it was not fitted to."""
    from simulator.cli.plan import plan_command
    from simulator.cli.plan_options import Wanted

    run = options.Run(replications, seed, workers)
    wanted = Wanted(
        channel or (),
        period or (),
        probability,
        occupancy,
        minimum or (),
        maximum or (),
        hours,
        money,
        shifts,
        today,
        time_limit,
    )
    code = plan_command(file, variant, options.overrides(set_), wanted, run, out, force=force, as_json=json_)
    raise typer.Exit(code)


@program.command()
def price(
    file: options.File,
    contracts: Annotated[
        list[Path],
        typer.Argument(
            metavar="CONTRACT...", exists=True, dir_okay=False, help="Contract files (TOML).", show_default=False
        ),
    ],
    contract_set: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME:PATH=VALUE",
            help="Override one field of a contract, by the name of its file, as in "
            "hourly-block:lines.hours.rate=28 EUR/h; may be repeated.",
        ),
    ] = None,
    supplier: Annotated[
        str | None, typer.Option(help="Name of the supplier in the file; needed only where there are several.")
    ] = None,
    risk: Annotated[
        str | None,
        typer.Option(help='The most that the probability of a loss may be for the supplier; by default "10 %".'),
    ] = None,
    margin: Annotated[
        str | None, typer.Option(help='Expected margin of the supplier, of its revenue; by default "15 %".')
    ] = None,
    probability: Annotated[
        str | None, typer.Option(help='With which a mix of agents is to keep all targets; by default "80 %".')
    ] = None,
    levels: Annotated[
        str | None, typer.Option(help='Demand as multiples of the forecast; by default "0.7,0.85,1,1.15,1.3".')
    ] = None,
    whole_engagement: Annotated[
        bool,
        typer.Option("--whole-engagement", help="Add what is owed after the horizon, while the shop is bound."),
    ] = False,
    follow: Annotated[
        bool, typer.Option("--follow", help="At other levels of demand the supplier has so many times its agents.")
    ] = False,
    mix: Annotated[
        bool, typer.Option("--mix/--no-mix", help="Search for the cheapest mix of agents too, which takes most time.")
    ] = True,
    futures: Annotated[int | None, typer.Option(min=2, help="Futures to play; by default 1000.")] = None,
    variant: options.Variant = None,
    set_: options.Set = None,
    seed: options.Seed = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the quote sheet (HTML, xlsx), price.json and the figures of every future (CSV)."),
    ] = None,
    force: options.Force = False,
    json_: options.Json = False,
    workers: options.Workers = None,
    engine: options.Engine = None,
) -> None:
    """Price contracts with an outsourcer, as supplier and buyer see them, and quote the rate for a margin at a risk."""
    from simulator.cli.price import price_command
    from simulator.cli.price_options import Wanted

    run = options.Run(futures, seed, workers, engine)
    wanted = Wanted(
        contracts, contract_set or (), supplier, risk, margin, probability, levels, whole_engagement, follow, mix
    )
    code = price_command(file, variant, options.overrides(set_), wanted, run, out, force=force, as_json=json_)
    raise typer.Exit(code)


@program.command()
def batch(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Batch file (TOML).", show_default=False)],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the results. The same command again goes on where it was stopped."),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(metavar="NUMBER/OF", help="Play every so-manieth case only, as in 3/10; shares may run at once."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the cases and what they will take.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Play those again that failed.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but what went wrong.")] = False,
    json_: Annotated[
        bool, typer.Option("--json", help="Print a line of JSON for each case and one at the end.")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes that play; by default one a processor.")] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help='Play on a Dask cluster: its scheduler, as in "tcp://10.0.0.7:8786", or "local" for one of this '
            "machine's own.",
        ),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where a line is written for each case; by default batch.log in --out."),
    ] = None,
) -> None:
    """Play hundreds of what-ifs, unattended, and keep the result of each."""
    from simulator.cli.batch import How, batch_command

    how = How(shard=shard, workers=workers, retry=retry, quiet=quiet, as_json=json_, dask=dask, log=log)
    raise typer.Exit(batch_command(file, out, how, dry_run=dry_run))


@program.command()
def results(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `ruuhka batch --out` named.", show_default=False)],
    query: Annotated[
        str | None,
        typer.Argument(
            metavar="QUERY",
            help='SQL that reads, as in "select * from wide". Without it: what there is, and what to ask.',
            show_default=False,
        ),
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print the rows as CSV.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print the rows as JSON.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the rows to a file that ends in .csv, .parquet or .xlsx.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file of --out.")] = False,
) -> None:
    """Ask the results of a batch in SQL, also while it is being played."""
    from simulator.cli.results import results_command

    raise typer.Exit(results_command(folder, query, out, csv=csv, as_json=json_, force=force))


@program.command(name="import")
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            exists=True,
            dir_okay=False,
            help="Interval reports, call logs, or exports of tickets or orders (CSV, xlsx, Parquet), all of one form.",
            show_default=False,
        ),
    ],
    mapping: Annotated[
        Path | None,
        typer.Option(
            metavar="TOML", exists=True, dir_okay=False, help="Which column is what; by default that is guessed."
        ),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(help="What the files are, for a guess: intervals, calls, tickets or orders."),
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option(help="The sheet of a workbook to read; by default all that have the columns of the first."),
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option(
            metavar="ZONE",
            help='Whose clocks the files show, as in "Europe/Amsterdam"; by default as the mapping says.',
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Folder of the history; kinds that it holds already stay beside."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace an earlier import of the same kind in --out.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Print the mapping and read nothing else: to edit, and to give as --mapping.")
    ] = False,
    json_: options.Json = False,
) -> None:
    """Read what happened from a team's own files, and say what became of every row."""
    from simulator.cli.import_ import import_command

    code = import_command(
        files, mapping, options.kind(kind), sheet, timezone, out, force=force, show=show, as_json=json_
    )
    raise typer.Exit(code)


@program.command()
def fit(
    history: Annotated[
        Path,
        typer.Argument(metavar="HISTORY", help="The folder that `ruuhka import` wrote.", show_default=False),
    ],
    out: Annotated[Path, typer.Option(metavar="TOML", help="The scenario file to be written.", show_default=False)],
    report: Annotated[
        Path | None,
        typer.Option(metavar="HTML", help="A page of pictures of the fit, and beside it all figures as JSON."),
    ] = None,
    days: Annotated[
        str | None,
        typer.Option(metavar="FROM..TO", help="Days to fit to, as in 2014-01..2014-02; by default all there are."),
    ] = None,
    channel: Annotated[str, typer.Option(help="Name of the scenario's channel for calls.")] = "phone",
    holidays: Annotated[
        str | None,
        typer.Option(metavar="COUNTRY", help='Public holidays, or "none"; by default those of the time zone.'),
    ] = None,
    interval: Annotated[str, typer.Option(help="Planning interval of the scenario.")] = "30 min",
    groups: Annotated[int, typer.Option(min=1, max=50, help="Groups of agents at most.")] = 8,
    target: Annotated[str, typer.Option(metavar="PERCENT/SECONDS", help="The channel's target.")] = "80/20",
    play: Annotated[
        bool,
        typer.Option(
            "--play/--no-play",
            help="Play the scenario to find which share of their time agents have for contacts, so that customers wait "
            "as they did.",
        ),
    ] = True,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    json_: options.Json = False,
) -> None:
    """Make a scenario of what happened, each value with where it comes from."""
    from simulator.cli.fit import Wanted, fit_command

    wanted = Wanted(days, channel, holidays, interval, groups, target, play)
    raise typer.Exit(fit_command(history, out, report, wanted, force=force, as_json=json_))


@program.command(name="forecast")
def forecast_(
    history: Annotated[
        list[Path],
        typer.Argument(
            metavar="HISTORY...",
            exists=True,
            help="The folder that `ruuhka import` wrote; or reports or logs, read as --mapping says or as is guessed.",
            show_default=False,
        ),
    ],
    mapping: Annotated[
        Path | None,
        typer.Option(
            metavar="TOML", exists=True, dir_okay=False, help="What the columns of the files hold, as for import."
        ),
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option(metavar="ZONE", help="Whose clocks files show that no mapping tells of; as for import."),
    ] = None,
    channel: Annotated[
        list[str] | None,
        typer.Option(
            help="A channel or queue of the history, forecast by itself; may be repeated. By default all as one."
        ),
    ] = None,
    horizon: Annotated[str, typer.Option(help="How far ahead, in whole days.")] = "4 wk",
    step: Annotated[
        str | None, typer.Option(help='Intervals, as in "30 min"; by default those of the reports, or 30 min for logs.')
    ] = None,
    holidays: Annotated[
        str | None,
        typer.Option(metavar="COUNTRY", help='Public holidays, or "none"; by default those of the time zone.'),
    ] = None,
    events: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            exists=True,
            dir_okay=False,
            help="Days on which more or fewer contacts come: columns date, event, factor. Without a factor: as on the "
            "past days of the event.",
        ),
    ] = None,
    confidence: Annotated[str, typer.Option(help="Of the intervals.")] = "90 %",
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="SCENARIO", exists=True, dir_okay=False, help="Write this scenario with the forecast into --out."
        ),
    ] = None,
    as_: Annotated[
        str | None, typer.Option("--as", metavar="CHANNEL", help="Of --into; needed only where there are several.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for days and intervals (CSV), page (HTML), JSON and manifest.")
    ] = None,
    force: options.Force = False,
    json_: options.Json = False,
) -> None:
    """Forecast weeks ahead from what happened, and say how good such forecasts have been."""
    from simulator.cli.forecast import Wanted, forecast_command

    wanted = Wanted(timezone, channel or (), horizon, step, holidays, events, confidence, into, as_)
    raise typer.Exit(forecast_command(history, mapping, wanted, out, force=force, as_json=json_))


@program.command(name="backtest")
def backtest_(
    history: Annotated[
        list[Path],
        typer.Argument(
            metavar="HISTORY...",
            exists=True,
            help="The folder that `ruuhka import` wrote; or, with --mapping, files of a log of calls.",
            show_default=False,
        ),
    ],
    train: Annotated[
        str | None,
        typer.Option(
            metavar="FROM..TO",
            help="Days to learn from, as in 2014-01-01..2014-02-28 or 2014-01..2014-02; by default all before --test.",
        ),
    ] = None,
    test: Annotated[
        str | None,
        typer.Option(metavar="FROM..TO", help="Days to play; by default all after --train, or the last third of all."),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            metavar="TOML", exists=True, dir_okay=False, help="What the columns of the files hold, as for import."
        ),
    ] = None,
    target: Annotated[
        str, typer.Option(metavar="PERCENT/SECONDS", help="The target whose chances are judged.")
    ] = "80/20",
    arrivals: Annotated[
        str,
        typer.Option(metavar="real|forecast", help="Calls come as they came, or as the training days let expect."),
    ] = "real",
    error: Annotated[
        bool,
        typer.Option(
            "--error/--no-error",
            help="Play training days too, each by what others teach, to see the model's own error and put it into the "
            "bands. It takes most of the time.",
        ),
    ] = True,
    replications: Annotated[int | None, typer.Option(min=2, help="Of each day; by default 50.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all luck; by default 1.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the page of charts (HTML), JSON and every cell (CSV).")
    ] = None,
    force: options.Force = False,
    json_: options.Json = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Days side by side; by default one a processor.")] = None,
) -> None:
    """Play days that are over with what the days before teach, and compare with what happened."""
    from simulator.cli.backtest import Wanted, backtest_command

    run = options.Run(replications, seed, workers)
    wanted = Wanted(train, test, target, arrivals, error)
    raise typer.Exit(backtest_command(history, mapping, wanted, run, out, force=force, as_json=json_))


@program.command()
def check(
    file: options.File,
    variant: options.Variant = None,
    set_: options.Set = None,
    intervals: Annotated[bool, typer.Option("--intervals", help="Print the load of every interval.")] = False,
    json_: options.Json = False,
) -> None:
    """Check a scenario and tell it in plain words, with its load."""
    from simulator.cli.check import check_command

    raise typer.Exit(check_command(file, variant, options.overrides(set_), intervals=intervals, as_json=json_))


@program.command()
def erlang(
    calls_per_hour: Annotated[float, typer.Option(min=0, help="Contacts offered in an hour.")],
    aht: Annotated[str, typer.Option(help='Mean handling time, such as "5 min".')],
    agents: Annotated[int | None, typer.Option(min=0, help="Agents: what service do they give?")] = None,
    target: Annotated[str | None, typer.Option(help='Service level, such as "80 %": how many agents?')] = None,
    within: Annotated[str, typer.Option(help="Acceptable wait of the service level.")] = "20 s",
    patience: Annotated[str | None, typer.Option(help="Mean patience; without it nobody gives up.")] = None,
    json_: options.Json = False,
) -> None:
    """Work out service from agents, or agents from service, by Erlang C; by Erlang A with --patience."""
    from simulator.cli.erlang import erlang_command

    raise typer.Exit(erlang_command(calls_per_hour, aht, agents, target, within, patience, as_json=json_))


@program.command(name="app")
def app_(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="By default 8501, or the next one that is free.")
    ] = None,
    workspace: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Where scenarios are opened and saved; by default `scenarios` in this one."
        ),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
) -> None:
    """Open the what-if page in the browser: move a lever, see the queue."""
    from simulator.cli.app import app_command

    app_command(port, workspace, browser=browser)


def main() -> None:
    """Run the command; bad input ends in a message and exit code 2, never in a traceback."""
    with explained():
        program()
