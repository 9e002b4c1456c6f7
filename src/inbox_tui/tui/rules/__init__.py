"""The parts of the screen of distribution rules (R2, W4): words, rows, form, trial, deeds.

Loaded when somebody opens the screen, not before. ``screens/rules.py`` puts them together.
"""
