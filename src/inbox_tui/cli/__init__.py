"""The front door: one file a command; parses, prints and hands on.

``main`` is the entry; it imports a command only when that is asked for, so that the inbox opens
without loading the backend. ``reach`` finds the server and who I am, ``embedded`` starts this
machine's own one, ``plain`` prints. Rules of the business are the backend's.
"""
