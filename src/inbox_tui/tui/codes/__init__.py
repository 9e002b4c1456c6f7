"""The parts of the screen of a code (Q9): its lines, its dialogs, keeping its picture, deeds.

Loaded when somebody opens the screen, not before. ``screens/code.py`` puts them together; the
picture itself is drawn by :mod:`inbox_tui.qr`, which is loaded later still.
"""
