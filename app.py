"""The what-if page in a browser: `streamlit run app.py`."""

from __future__ import annotations

from simulator.ui.app import main

main()
