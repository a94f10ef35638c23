"""`ruuhka app`: what it refuses, and that both ways to start the page are told the same."""

from __future__ import annotations

import socket
import tomllib
from contextlib import closing
from pathlib import Path

import pytest

from simulator.charts.look import FONT
from simulator.cli.app import ADDRESS, WORKSPACE, app_command
from simulator.cli.failures import BadInputError
from simulator.ui import library

ROOT = Path(__file__).resolve().parents[1]
CONFIGURATION = ROOT / ".streamlit" / "config.toml"


def test_both_ways_to_start_the_page_are_told_the_same() -> None:
    assert CONFIGURATION.read_bytes() == (ROOT / "simulator/ui/serve/.streamlit/config.toml").read_bytes()


def test_the_page_is_for_this_machine_tells_nobody_and_takes_no_large_uploads() -> None:
    told = tomllib.loads(CONFIGURATION.read_text())
    assert told["server"]["address"] == ADDRESS
    assert told["server"]["maxUploadSize"] == 25
    assert told["browser"]["gatherUsageStats"] is False
    assert told["theme"]["font"] == FONT


def test_command_and_page_call_the_workspace_by_one_name() -> None:
    assert WORKSPACE == library.WORKSPACE


def test_a_port_that_is_taken_is_refused() -> None:
    with closing(socket.socket()) as taken:
        taken.bind((ADDRESS, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadInputError, match=f"--port: {port} is taken"):
            app_command(port, None, browser=False)


def test_a_workspace_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="there is no folder"):
        app_command(None, tmp_path / "nowhere", browser=False)
