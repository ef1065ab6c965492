"""The door: parse the command line, call one job, print what it did.

options     what every command takes     progress    what a person sees while waiting
commands    the commands                 printing    what a command has found, as text or JSON
"""

from pipeline.cli.commands import main

__all__ = ["main"]
