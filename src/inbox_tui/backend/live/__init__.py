"""The live stream: what was committed, told to every open window in order."""
