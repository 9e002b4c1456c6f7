"""The parts of the supervisor's wall (V1, V2): rows and charts, calm lists, deeds, dialogs, look.

Loaded when somebody opens the wall, not before. ``screens/wall.py`` puts them together; what they
show is read off :mod:`inbox_tui.state.wall`.
"""
