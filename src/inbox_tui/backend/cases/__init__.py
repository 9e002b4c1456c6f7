"""Cases: the record kept of each session."""
