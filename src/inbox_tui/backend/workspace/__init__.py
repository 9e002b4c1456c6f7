"""The workspace file: a business described in TOML, and made so."""
