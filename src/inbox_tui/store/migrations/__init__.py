"""Steps from one shape of the database to the next, run by :mod:`inbox_tui.store.schema`."""
