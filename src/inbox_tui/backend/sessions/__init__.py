"""Sessions: where they stand, how they move, how lists of them are read."""
