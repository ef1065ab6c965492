"""What a new run does for those that were killed."""

import sqlalchemy as sa

from pipeline.store.filing import page_ends
from pipeline.store.pages import PageArchive
from pipeline.store.runs import killed_runs


def heal(connection: sa.Connection, pages: PageArchive) -> None:
    """Cut off what runs that were killed wrote to the archive's files and did not come to name.

    To be called by the only writer.
    """
    killed = killed_runs(connection)
    ends = page_ends(connection, killed) if killed else {}
    for name in killed:
        pages.cut(name, ends.get(name, 0))
