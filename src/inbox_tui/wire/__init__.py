"""The words both sides speak: vocabularies, models, requests and how they become JSON.

Imports the standard library and msgspec only, so that the terminal starts fast.
"""
