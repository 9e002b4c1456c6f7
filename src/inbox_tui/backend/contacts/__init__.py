"""Contacts: who wrote, on which channels, under which names."""
