"""Every check but the tests, in one command: `.venv/bin/python check.py`."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
CHECKS = {
    "format": ["ruff", "format", "--check", "."],
    "lint": ["ruff", "check", "."],
    "types": ["mypy"],
    "imports": ["lint-imports", "--no-logo"],
}


def passes(name: str, command: list[str]) -> bool:
    """Run one check, show what it prints and how long it took."""
    start = time.perf_counter()
    program = Path(sys.executable).with_name(command[0])
    ok = subprocess.run([program, *command[1:]], cwd=ROOT).returncode == 0
    print(f"-- {name}: {'ok' if ok else 'FAILED'}, {time.perf_counter() - start:.1f} s", flush=True)
    return ok


if __name__ == "__main__":
    failed = [name for name, command in CHECKS.items() if not passes(name, command)]
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)
