"""The only writer of raw escape sequences: title, bell, notifications, clipboard.

``escapes.py`` makes the sequences, ``writer.py`` writes them through the running application's
driver, ``guard.py`` looks over what is about to be drawn. Text put into a sequence is made safe
by ``text.py`` first; nothing here decides what safe means.
"""
