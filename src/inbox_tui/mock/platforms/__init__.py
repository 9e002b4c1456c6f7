"""The simulated platforms, one after the published documents of each.

Each platform has an account (``*_account``: what it remembers and how it builds what it sends) and
its routes (what it answers). Which account is meant is told by the credentials of a call.
"""
