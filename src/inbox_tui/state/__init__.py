"""What this terminal knows: sessions, lists, counts, timelines, people, drafts.

Plain functions and dataclasses over wire models: no Textual, no HTTP, no clock. ``store`` takes
answers and events in and says what changed; everything else is a part of it that can be read and
tested alone.
"""
