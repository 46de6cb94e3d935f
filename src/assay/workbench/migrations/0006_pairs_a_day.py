"""Create the table of record pairs that a person opened on each day, for the daily limit."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The migration that creates the table of record pairs that a person opened on each day."""

    dependencies = [
        ("workbench", "0005_texts_a_day"),
    ]

    operations = [
        migrations.CreateModel(
            name="PairDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
                ("of", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="workbench.pair")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "of", "day"), name="pair_day_once")],
            },
        ),
    ]
