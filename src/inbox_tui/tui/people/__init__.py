"""The parts of the screen of colleagues and teams (P6, Q8-Q10, R12): rows, details, deeds, dialogs.

Loaded when somebody opens the screen, not before. ``screens/people.py`` puts them together.
"""
