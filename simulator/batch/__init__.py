"""Hundreds of what-ifs, unattended: a file says which, and a folder keeps each as it is done, whatever happens.

::

    batch = read_batch("scenarios/batches/peak-sweep.toml")
    with Processes(2) as processes:
        run_batch(batch, Path("results"), processes)
    summary = Store(Path("results")).summary().to_pandas()
"""

from __future__ import annotations

from simulator.batch.axes import Axis
from simulator.batch.batch import BASE, Batch, BatchScenario, Case, Settings, Shard, cases
from simulator.batch.cluster import DaskCluster
from simulator.batch.executors import Executor, InProcess, Processes, WorkersError
from simulator.batch.file import read_batch
from simulator.batch.forecast import Forecast, forecast
from simulator.batch.outputs import Outputs
from simulator.batch.play import Order, OtherVersionError, Played, ScenarioChangedError, play_case
from simulator.batch.record import Record, read_record
from simulator.batch.run import Progress, run_batch
from simulator.batch.store import Store, StoreError

__all__ = [
    "BASE",
    "Axis",
    "Batch",
    "BatchScenario",
    "Case",
    "DaskCluster",
    "Executor",
    "Forecast",
    "InProcess",
    "Order",
    "OtherVersionError",
    "Outputs",
    "Played",
    "Processes",
    "Progress",
    "Record",
    "ScenarioChangedError",
    "Settings",
    "Shard",
    "Store",
    "StoreError",
    "WorkersError",
    "cases",
    "forecast",
    "play_case",
    "read_batch",
    "read_record",
    "run_batch",
]
