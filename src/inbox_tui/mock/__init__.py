"""The other side of the wire: platforms, customers and colleagues, all simulated.

``platforms`` answers exactly as LINE and Telegram do, ``sim`` is the control interface that tests,
scenarios and the command line use, ``story`` and ``customers`` make people write, ``colleagues``
makes people answer. The backend is reached over HTTP only, as the real platforms reach it; nothing
here knows its insides, and nothing of the product imports this package but the command line.
"""
