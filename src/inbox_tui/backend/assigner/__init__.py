"""Runs the assignment engine: committed facts in, decisions committed.

:mod:`runner` is the one task that does it; :mod:`facts` reads the tables as the engine's facts;
:mod:`commit` writes its decisions by compare-and-set. Who serves whom is decided in
:mod:`inbox_tui.assignment`.
"""

from inbox_tui.backend.assigner.runner import Assigner

__all__ = ["Assigner"]
