"""Make answers, replies and the audit log append-only: the database refuses to change or delete a row."""

from typing import Any

from django.db import migrations

TABLES = ("workbench_answer", "workbench_event", "workbench_reply")
REFUSED = "what was written down is never changed"


def guard(apps: Any, schema_editor: Any) -> None:
    """Create the triggers, and the first line of the audit log."""
    apps.get_model("workbench", "Head").objects.create(pk=1, number=0, hash="0" * 64)
    postgresql = schema_editor.connection.vendor == "postgresql"
    if postgresql:
        schema_editor.execute(
            "create function workbench_refuse() returns trigger language plpgsql as "
            f"$$ begin raise exception '{REFUSED}'; end $$"
        )
    for table in TABLES:
        for act in ("update", "delete"):
            what = f"begin select raise(abort, '{REFUSED}'); end"
            if postgresql:
                what = "for each row execute function workbench_refuse()"
            schema_editor.execute(f"create trigger {table}_{act} before {act} on {table} {what}")


class Migration(migrations.Migration):
    """The migration that creates the triggers of append-only tables."""

    dependencies = [("workbench", "0001_first_tables")]
    operations = [migrations.RunPython(guard)]
