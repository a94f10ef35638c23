"""What Streamlit runs. It has a folder of its own, for Streamlit takes files in `pages` beside it for pages."""

from __future__ import annotations
