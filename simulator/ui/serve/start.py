"""What `ruuhka app` lets Streamlit run; `app.py` beside README.md is the same for `streamlit run app.py`."""

from __future__ import annotations

from simulator.ui.app import main

main()
