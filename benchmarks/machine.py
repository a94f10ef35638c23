"""What was measured on: every table of figures says it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from pathlib import Path

import numba
import numpy as np


def machine() -> str:
    """Processor, cores and versions, in a line."""
    return (
        f"{processor()}, {os.cpu_count()} cores, {platform.system()}; Python {platform.python_version()}, "
        f"NumPy {np.__version__}, Numba {numba.__version__}, {c_compiler()}"
    )


def processor() -> str:
    """The name that the processor gives itself."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text().splitlines() if about.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def c_compiler() -> str:
    """The first line of what `cc --version` says."""
    if shutil.which("cc") is None:
        return "no C compiler"
    return subprocess.run(["cc", "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
