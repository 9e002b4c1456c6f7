"""The only writer of raw escape sequences: title, bell, notifications, clipboard; and the driver.

``escapes.py`` makes the sequences, ``writer.py`` writes them through the running application's
driver, ``guard.py`` looks over what is about to be drawn; ``driver.py`` is Textual's, with a
window's changes of size told in order, pastes in one piece (``pastes.py``), and an end when the
terminal is gone. Text put into a sequence is made safe by ``text.py`` first; nothing here decides
what safe means.
"""
