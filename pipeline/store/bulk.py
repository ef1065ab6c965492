"""Many small rows at once, past what a statement costs for each."""

from collections.abc import Sequence

import sqlalchemy as sa


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
