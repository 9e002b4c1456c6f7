"""Programs that show how fast it is: each prints a ratio against a floor measured in the same run."""
