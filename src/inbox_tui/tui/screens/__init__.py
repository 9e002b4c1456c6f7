"""Whole screens: they place panes, hear what the store tells and run what a person asks for."""
