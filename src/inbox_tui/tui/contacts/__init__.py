"""The parts of the list of contacts (Q11): its rows, and what a supervisor does there (Q8).

Loaded when somebody opens the screen, not before. ``screens/contacts.py`` puts them together.
"""
