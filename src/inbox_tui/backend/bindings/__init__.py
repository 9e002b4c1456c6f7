"""Bindings: the lasting links of contacts to agents and teams (section 3 of the specification)."""
