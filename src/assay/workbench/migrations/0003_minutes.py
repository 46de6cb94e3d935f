"""Create the panel's minutes, which are append-only: the database refuses to change or delete a row."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REFUSED = "what was written down is never changed"


def guard(_apps: Any, schema_editor: Any) -> None:
    """Create the triggers; PostgreSQL has had their function since migration 0002."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    refusal = "for each row execute function workbench_refuse()" if postgresql else (
        f"begin select raise(abort, '{REFUSED}'); end"
    )  # fmt: skip
    for act in ("update", "delete"):
        name = f"workbench_minute_{act}"
        schema_editor.execute(f"create trigger {name} before {act} on workbench_minute {refusal}")


class Migration(migrations.Migration):
    """The migration that creates the table of minutes, then its triggers."""

    dependencies = [("workbench", "0002_only_added")]
    operations = [
        migrations.CreateModel(
            name="Minute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_on", models.DateField()),
                ("present", models.CharField(max_length=500)),
                ("force_code", models.CharField(blank=True, max_length=16)),
                ("line", models.CharField(blank=True, max_length=60)),
                ("said", models.TextField()),
                ("event", models.PositiveIntegerField(unique=True)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.RunPython(guard),
    ]
