"""The robots.txt of hosts, kept between runs."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from pipeline.model import RobotsFile
from pipeline.store.bulk import insert_or_update
from pipeline.store.tables import robots


def kept_robots(connection: sa.Connection, *, since: datetime) -> dict[str, RobotsFile]:
    """Return by authority (scheme, host and port) what was fetched then or later."""
    rows = connection.execute(sa.select(robots).where(robots.c.fetched_at >= since))
    files = (RobotsFile(**row._mapping) for row in rows)  # noqa: SLF001 - its public name
    return {file.authority: file for file in files}


def save_robots(connection: sa.Connection, files: Sequence[RobotsFile]) -> None:
    """Keep robots.txt files in the place of those that were kept."""
    rows = [
        {"authority": one.authority, "fetched_at": one.fetched_at, "body": one.body}
        for one in files
    ]
    if not rows:
        return
    new = insert_or_update(connection, robots)
    values = {name: new.excluded[name] for name in ("fetched_at", "body")}
    connection.execute(new.on_conflict_do_update(index_elements=["authority"], set_=values), rows)
