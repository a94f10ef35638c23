"""Files of exports as tables of text: encodings, workbooks, Parquet, headers, and how large they may be."""

from __future__ import annotations
