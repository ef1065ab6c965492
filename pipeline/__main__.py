"""`python -m pipeline` is `solidarity`.

The command line is imported late: the processes that read pages import this
module, and have no use for it. It takes a second, in which Ctrl-C should work too.
"""


def main() -> None:
    """Run the command line."""
    from pipeline.cli import signals  # noqa: PLC0415

    signals.end_at_once()  # nothing is at stake yet
    from pipeline.cli.door import main as run  # noqa: PLC0415

    run()


if __name__ == "__main__":
    main()
