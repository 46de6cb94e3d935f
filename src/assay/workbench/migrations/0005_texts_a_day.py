"""Create the table of texts that a person opened on each day, for the daily limit."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The migration that creates the table of texts that a person opened on each day."""

    dependencies = [
        ("workbench", "0004_labels_and_pairs"),
    ]

    operations = [
        migrations.CreateModel(
            name="TextDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
                ("of", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="workbench.text")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "of", "day"), name="text_day_once")],
            },
        ),
    ]
