"""The parts of a screen: list, chat, profile and case, and the line at the bottom.

A pane shows what the desk knows and says what a person chose; it asks the backend for nothing.
"""
