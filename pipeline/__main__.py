"""`python -m pipeline` is `solidarity`.

The command line is imported late: the processes that read pages import this
module, and have no use for it.
"""


def main() -> None:
    """Run the command line."""
    from pipeline.cli import main as run  # noqa: PLC0415

    run()


if __name__ == "__main__":
    main()
