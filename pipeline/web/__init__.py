"""The only code that opens a socket to a host: fetcher, robots, pacing."""
