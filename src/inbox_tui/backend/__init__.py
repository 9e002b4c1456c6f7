"""The backend: channels in, assignment, the agents' API and live stream, replies out.

One folder a noun. In each: ``endpoints`` (HTTP only) call ``service`` (the rules, plain functions
of one unit of work) and ``queries`` (reads). Beside the nouns: ``inbound`` and ``outbox`` carry
messages, ``assigner`` runs the engine, ``timers`` fire, ``live`` streams, ``app`` wires.
"""
