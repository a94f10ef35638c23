"""The `ruuhka` command, run in this process."""

from __future__ import annotations

from typer.testing import CliRunner, Result

from simulator.cli.program import program


def ruuhka(*arguments: object) -> Result:
    """What a command printed and how it ended."""
    return CliRunner().invoke(program, [str(argument) for argument in arguments])


def refused(*arguments: object) -> str:
    """The message of a run that has to be refused, without a traceback and without a result."""
    result = ruuhka(*arguments)
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    return result.stderr
