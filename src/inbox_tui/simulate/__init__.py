"""Simulate before you switch: the assignment engine under recorded or generated traffic (O7).

The engine is the one that serves the live inbox, unchanged. Pure like it: workspaces and traffic
come in as values, read by the command line; nothing here reads a file, a table or the time, and all
chance comes from one seed.

    laws, duty, visits, traffic   who writes when, and who is there
    history                       the same out of what was recorded
    shop                          the engine, and what it is told
    run, pulling, tally           the days go by, and what is counted
    outcome, report, plots        what came of it, side by side
    staffing, theory              how many agents are needed; Erlang C and Erlang A
"""
