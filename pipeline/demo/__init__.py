"""A small invented newsroom, served on loopback."""
