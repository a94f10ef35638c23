"""A year of a large centre, 1.5 million calls, must fit into the memory of a small machine: a sample of it."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
YEAR = 1_500_000
LIMIT = 3 * 2**30
SMALL, LARGE = 40_000, 200_000

# Another program, for this one has had other things in memory. What is played is a scenario of some weeks, whose size
# is not that of the history; and it would be compiled in one of the two, perhaps.
PROGRAM = """
import sys
from pathlib import Path
from simulator.cli.program import main
from simulator.history.fitted_scenario.calls import Wishes, fit_calls
from simulator.history.importing.imported import read_imported

log, mapping, history = sys.argv[1:]
sys.argv = ["ruuhka", "import", log, "--mapping", mapping, "--out", history]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
fit = fit_calls(read_imported(Path(history)).calls, Wishes(holidays="none"), play=False)
print("fitted", sum(fit.volume))
status = Path("/proc/self/status").read_text()
print("bytes", 1024 * int(status.split("VmHWM:")[1].split()[0]))
"""


def most_memory(folder: Path, calls: int) -> int:
    """Largest memory, in bytes, of a program that imports so many calls and fits them."""
    benchmark = runpy.run_path(str(ROOT / "benchmarks" / "history.py"))
    log, mapping = folder / f"{calls}.csv", folder / "mapping.toml"
    benchmark["write_log"](log, calls)
    mapping.write_text(benchmark["MAPPING"], encoding="utf-8")
    arguments = map(str, (log, mapping, folder / f"history-{calls}"))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    said = dict(line.split() for line in done.stdout.splitlines()[-2:])
    assert 0.999 * calls < int(said["fitted"]) <= calls  # three lost in a row by chance look like a closed door
    return int(said["bytes"])


def test_a_year_of_calls_is_imported_and_fitted_within_three_gibibytes(tmp_path: Path) -> None:
    small, large = (most_memory(tmp_path, calls) for calls in (SMALL, LARGE))
    by_call = (large - small) / (LARGE - SMALL)
    assert by_call > 100  # less than its columns take: then this would measure something else
    assert large + by_call * (YEAR - LARGE) < LIMIT
