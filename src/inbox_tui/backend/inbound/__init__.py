"""Messages on their way in: stored raw, answered, then applied one by one."""
