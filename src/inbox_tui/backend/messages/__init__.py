"""Messages: the entries of a timeline, replies and notes."""
