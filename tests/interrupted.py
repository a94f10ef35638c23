"""A command that is stopped by Ctrl-C in the middle of its work."""

from __future__ import annotations

import signal
import subprocess
import sys


def interrupted(code: str, *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a script that is stopped once it has written a line "ready"."""
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    return process.returncode, output, errors
