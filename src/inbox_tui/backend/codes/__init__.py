"""Codes: made for agents and teams, sent by contacts, who are bound by them (section 3)."""
