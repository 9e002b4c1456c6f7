"""Themes and the rules every screen shares. A widget's own look stands beside the widget."""

from pathlib import Path

from inbox_tui.tui.styles.themes import DARK, LIGHT, THEMES

TOKENS = Path(__file__).parent / "tokens.tcss"
"""The shared rules, for ``App.CSS_PATH``."""

__all__ = ["DARK", "LIGHT", "THEMES", "TOKENS"]
