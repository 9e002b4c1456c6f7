"""What tests need and programs may use too: a clock to move, builders, a backend in memory.

Shipped with the package, so that whoever extends the inbox can test without a server.
"""
