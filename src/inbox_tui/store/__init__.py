"""The database: tables, migrations, the one writer, the event log.

Nothing here knows a rule of the business; the services in ``backend`` do.
"""
