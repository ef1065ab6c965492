"""The only code that knows SQL and the archive's files: rows in, records out."""
