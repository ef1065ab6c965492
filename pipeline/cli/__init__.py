"""The door: parse the command line, call one job, print what it did.

Nothing is imported here: `signals` has to be at work before the rest is imported.

door        the program, and how it ends     signals     Ctrl-C and SIGTERM
commands    the commands that do the jobs    options     what every command takes
scheduling  `schedule`                       progress    what a person sees while waiting
looking     the commands that look           printing    what a command has found
adding      `sources add`                    showing     `show`
backfilling `backfill`                       extracting  `extract`
labelling   `label`                          output      lines that outlive their reader
"""
