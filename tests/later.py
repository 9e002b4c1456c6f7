"""Modules that are imported when a test first uses them.

The platforms' SDKs are large: to read them takes a second, which each process of the tests would
spend, and some thirty tests of four thousand use them.
"""

from importlib import import_module
from typing import Any


class Later:
    """Stands for a module: its names are the module's."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # pytest looks whether it is a test
            raise AttributeError(name)
        return getattr(import_module(self._module), name)
