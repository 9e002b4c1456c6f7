"""People: agents and teams, presence, the accept switch."""
