"""Database triggers that refuse changes to append-only tables.

A trigger for each table and act. They are put up by migrations; only the end of an inspection takes them down, for the
moment in which its content is destroyed (`ending`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

STATEMENTS = ("update", "delete")
REFUSED = "what was written down is never changed"


def create_guards(connection: Any, tables: Iterable[str]) -> None:
    """Refuse changes of these tables; on PostgreSQL by the function that migration 0002 made."""
    action = f"begin select raise(abort, '{REFUSED}'); end"
    if connection.vendor == "postgresql":
        action = "for each row execute function workbench_refuse()"
    with connection.cursor() as cursor:
        for table in tables:
            for act in STATEMENTS:
                cursor.execute(f"create trigger {table}_{act} before {act} on {table} {action}")


def drop_guards(connection: Any, tables: Iterable[str]) -> None:
    """Let these tables be emptied; on SQLite only, since PostgreSQL empties a table as a whole past its guards."""
    with connection.cursor() as cursor:
        for table in tables:
            for act in STATEMENTS:
                cursor.execute(f"drop trigger if exists {table}_{act}")
