"""Automatic messages on screen: their rows, the texts as they are typed, the editor (M8).

The screen is :mod:`inbox_tui.tui.screens.automatic`. When what is sent is the backend's to know.
"""
