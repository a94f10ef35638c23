"""`ruuhka app`."""

from __future__ import annotations

import os
import runpy
import socket
import sys
from contextlib import closing
from importlib.util import find_spec
from typing import TYPE_CHECKING

from simulator.cli.failures import BadInputError

if TYPE_CHECKING:
    from pathlib import Path

START = "simulator.ui.serve.start"
"""What Streamlit runs. The command line knows it by name only: it never imports the page, nor Streamlit."""
WORKSPACE = "RUUHKA_WORKSPACE"
"""Environment variable that tells the page its folder of scenarios (`simulator.ui.library`)."""
ADDRESS = "127.0.0.1"


def app_command(port: int | None, workspace: Path | None, *, browser: bool) -> None:
    """Serve the page on this machine until Ctrl-C.

    Raises
    ------
    BadInputError
        If the port is taken, or the workspace is no folder.
    """
    if workspace is not None:
        if not workspace.is_dir():
            raise BadInputError(f"--workspace: there is no folder {workspace}.")
        os.environ[WORKSPACE] = str(workspace.resolve())
    if port is not None and not _is_free(port):
        raise BadInputError(
            f"--port: {port} is taken on {ADDRESS}; another one, or none, lets the page find a free one."
        )
    start = find_spec(START)
    assert start is not None
    assert start.origin is not None
    sys.argv = ["streamlit", "run", start.origin, f"--server.headless={str(not browser).lower()}"]
    if port is not None:
        sys.argv.append(f"--server.port={port}")
    # This process becomes Streamlit's, which then hears Ctrl-C and signals itself. The rest is in config.toml.
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


def _is_free(port: int) -> bool:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as ours:
        if os.name == "posix":  # as the server does it: a port that was left a moment ago is free
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            ours.bind((ADDRESS, port))
        except OSError:
            return False
    return True
