"""Everything that draws a QR code: for a terminal, as PNG, as SVG, and as a card to print (Q9).

``matrix.py`` makes the modules of a link, the other files draw them: ``half_blocks.py`` in cells
of a terminal, ``image.py`` as PNG and SVG, ``sheet.py`` as an A6 card. Nothing here knows a screen,
a request or a file, and nothing is loaded before it is asked for: the terminal's first frame and
the backend's start need none of it.

Which link a code has is told by ``channels/links.py`` and stands in ``wire.codes.Code.link``.
"""
