"""A forecast of a history as people and programs read it."""
