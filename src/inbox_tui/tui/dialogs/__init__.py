"""Questions put over the screen. Each takes plain models and gives back a typed result.

A dialog knows no URL and no store. What it returns is the body of the call it leads to; with a
``submit`` function it stays open until that has succeeded, so that nothing typed is lost and what
the server refuses stands beside the field.
"""
