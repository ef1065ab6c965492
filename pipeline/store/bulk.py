"""Rows inserted in ways that SQLAlchemy's own insert has not."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Upsert = sqlite.Insert | postgresql.Insert


def insert_or_update(connection: sa.Connection, table: sa.Table) -> Upsert:
    """Return the insert that can say ``on_conflict_do_update``, in the database's own dialect."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    made: Upsert = dialect.insert(table)
    return made


def insert_numbers(
    connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[int, ...]]
) -> None:
    """Insert rows of whole numbers, given in the order of the table's columns.

    An article has some sixty of them. Bound by SQLAlchemy each costs as much as the
    database's own work on it; numbers need nothing of what binding does.
    """
    if not rows:
        return
    statement = sa.insert(table).compile(dialect=connection.dialect)
    names = [column.name for column in table.columns]
    if statement.positional:
        connection.exec_driver_sql(statement.string, list(rows))
    else:
        values = [dict(zip(names, row, strict=True)) for row in rows]
        connection.exec_driver_sql(statement.string, values)
