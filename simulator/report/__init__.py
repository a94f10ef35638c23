"""Shows results: terminal tables, JSON and files. Nothing is computed here that is not asked of the experiment."""
