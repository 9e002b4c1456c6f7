"""The only place that knows URLs: typed calls, the live stream, sends held while offline.

``port`` is what the screens ask for and imports nothing heavy; ``http`` is the real thing and is
imported only when it is about to be used, since httpx would delay the first frame. What the
answers mean is for ``state``; what is shown, for ``tui``.
"""
