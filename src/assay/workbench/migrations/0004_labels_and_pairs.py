"""Create tables of texts to label and record pairs to review; labels and verdicts are append-only."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from assay.workbench.database_guards import create_guards


def guard(_apps: Any, schema_editor: Any) -> None:
    """Create the triggers."""
    create_guards(schema_editor.connection, ("workbench_label", "workbench_verdict"))


class Migration(migrations.Migration):
    """The migration that creates the tables of labels and pairs, then the triggers of labels and verdicts."""

    dependencies = [
        ("workbench", "0003_minutes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.CharField(max_length=16, unique=True)),
                ("knot", models.CharField(max_length=160)),
                ("other_knot", models.CharField(max_length=160)),
                ("place", models.PositiveIntegerField()),
            ],
            options={
                "ordering": ("place",),
            },
        ),
        migrations.CreateModel(
            name="Text",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(max_length=20)),
                ("round", models.PositiveIntegerField()),
                ("ref", models.CharField(max_length=160)),
                ("text", models.TextField()),
                ("people", models.PositiveIntegerField()),
                ("place", models.PositiveIntegerField()),
            ],
            options={
                "ordering": ("place",),
                "constraints": [models.UniqueConstraint(fields=("question", "ref"), name="text_once")],
            },
        ),
        migrations.CreateModel(
            name="Label",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("says", models.CharField(blank=True, max_length=12)),
                ("event", models.PositiveIntegerField(unique=True)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="labels", to="workbench.text"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("says", models.CharField(max_length=12)),
                ("event", models.PositiveIntegerField(unique=True)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="verdicts", to="workbench.pair"
                    ),
                ),
            ],
        ),
        migrations.RunPython(guard),
    ]
