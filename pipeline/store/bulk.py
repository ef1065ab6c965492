"""Many rows or numbers at once, in ways that SQLAlchemy's own have not."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

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


def listed(dialect: str, name: str) -> sa.ColumnElement[Any]:
    """Return a column of as many numbers as the parameter ``name`` has: see `as_list`.

    They are one parameter, so a statement with them is made once for any number of them.
    """
    given = sa.bindparam(name, type_=sa.Text)
    if dialect == "sqlite":
        return sa.func.json_each(given).table_valued("value").c.value
    values = sa.func.json_array_elements_text(sa.cast(given, sa.JSON)).table_valued("value")
    return sa.cast(values.c.value, sa.BigInteger)


def as_list(numbers: Iterable[int]) -> str:
    """Return numbers as a parameter of a statement that has them `listed`."""
    return json.dumps(list(numbers))
