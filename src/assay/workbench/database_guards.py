"""Database triggers that refuse changes to append-only tables.

There is a trigger for each table and operation. Migrations create them. Only retirement drops them, while it destroys
the content (`workbench_retirement`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

STATEMENTS = ("update", "delete")
REFUSED = "what was written down is never changed"


def create_guards(connection: Any, tables: Iterable[str]) -> None:
    """Create triggers that refuse changes to these tables; on PostgreSQL they call the function that migration 0002
    created."""
    action = f"begin select raise(abort, '{REFUSED}'); end"
    if connection.vendor == "postgresql":
        action = "for each row execute function workbench_refuse()"
    with connection.cursor() as cursor:
        for table in tables:
            for act in STATEMENTS:
                cursor.execute(f"create trigger {table}_{act} before {act} on {table} {action}")


def drop_guards(connection: Any, tables: Iterable[str]) -> None:
    """Drop the triggers, so that these tables can be emptied; on SQLite only.

    PostgreSQL truncates a table without firing row triggers.
    """
    with connection.cursor() as cursor:
        for table in tables:
            for act in STATEMENTS:
                cursor.execute(f"drop trigger if exists {table}_{act}")
