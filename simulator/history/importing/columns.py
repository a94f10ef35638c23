"""Tables of history as Parquet: arrays by name, with names instead of indices, and what they share in the metadata."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from simulator.history.logs.zone import EPOCH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Array = NDArray[np.float64] | NDArray[np.int64] | NDArray[np.bool_]

KEY = b"ruuhka"
"""Of the metadata."""


def parquet_bytes(arrays: Mapping[str, Array], names: Mapping[str, Sequence[str]], said: Mapping[str, object]) -> bytes:
    """A table as a Parquet file, the same bytes whenever it is made.

    Parameters
    ----------
    arrays
        Columns. One called `day` holds ordinals of dates and is written as dates; nan is written as nothing.
    names
        Column -> what its values are indices of, -1 for none; it is written as text.
    said
        What goes into the metadata, as JSON.
    """
    columns = {name: _written(name, array, names.get(name)) for name, array in arrays.items()}
    table = pa.table(columns)
    sink = io.BytesIO()
    with pq.ParquetWriter(sink, table.schema, compression="zstd", compression_level=3, store_schema=False) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({KEY: json.dumps(said).encode()})
    return sink.getvalue()


def read_said(file: Path) -> dict[str, object]:
    """What the metadata of a file says, as `parquet_bytes` wrote it.

    Raises
    ------
    OSError, ValueError, KeyError
        If it cannot be read, is no Parquet file (`pyarrow.ArrowInvalid` is a ValueError), or was not written here.
    """
    said = json.loads(pq.read_metadata(file).metadata[KEY])
    if not isinstance(said, dict):
        msg = "Metadata is no object."
        raise ValueError(msg)
    return said


def read_arrays(file: Path, names: Mapping[str, Sequence[str]]) -> dict[str, Array]:
    """The columns of a file, as `parquet_bytes` took them.

    Raises
    ------
    OSError, ValueError
        If it cannot be read, or holds a name that is not among `names`.
    """
    table = pq.read_table(file, memory_map=False, read_dictionary=list(names))
    return {name: _read(name, table.column(name), names.get(name)) for name in table.column_names}


def _written(name: str, array: Array, names: Sequence[str] | None) -> pa.Array:
    if names is not None:
        indices = pa.array(array, type=pa.int32(), mask=array < 0)
        return pa.DictionaryArray.from_arrays(indices, pa.array(names, type=pa.string()))
    if name == "day":
        return pa.array((array - EPOCH).astype("datetime64[D]"), type=pa.date32())
    return pa.array(array, mask=np.isnan(array) if array.dtype == np.float64 else None)


def _read(name: str, column: pa.ChunkedArray, names: Sequence[str] | None) -> Array:
    if names is not None:
        chunks = [_indices(chunk, names) for chunk in column.chunks]
        return np.concatenate(chunks) if chunks else np.empty(0, dtype=np.int64)
    if name == "day":
        return np.asarray(column.cast(pa.int32()).to_numpy(), dtype=np.int64) + EPOCH
    if pa.types.is_floating(column.type):
        return np.array(column.fill_null(np.nan).to_numpy())
    return np.array(column.to_numpy())


def _indices(chunk: pa.DictionaryArray, names: Sequence[str]) -> NDArray[np.int64]:
    """Indices in `names` of a column of text; a file may hold its dictionary in another order."""
    place = {name: k for k, name in enumerate(names)}
    try:
        places = np.array([*(place[word] for word in chunk.dictionary.to_pylist()), -1], dtype=np.int64)
    except KeyError as error:
        msg = f"There is no name {error} in the metadata."
        raise ValueError(msg) from None
    return np.asarray(places[chunk.indices.fill_null(len(places) - 1).to_numpy()])
