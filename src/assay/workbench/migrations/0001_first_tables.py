"""The first tables, as Django wrote them down from `models`."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The tables."""

    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("code", models.CharField(max_length=40, unique=True)),
                ("role", models.CharField(max_length=12)),
                ("force_code", models.CharField(blank=True, max_length=16)),
                ("is_active", models.BooleanField(default=True)),
                ("keys", models.JSONField(default=dict)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CaseFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("force_code", models.CharField(max_length=16)),
                ("subject_ref", models.CharField(max_length=120)),
                ("stratum", models.CharField(max_length=300)),
                ("also", models.JSONField(default=list)),
                ("listed", models.JSONField(default=dict)),
                ("words", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("at", models.CharField(max_length=32)),
                ("who", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=40)),
                ("about", models.TextField()),
                ("before", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(default=0)),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.CharField(max_length=12)),
                ("kind", models.CharField(max_length=16)),
                ("place", models.PositiveIntegerField(default=0)),
                ("state", models.CharField(default="open", max_length=8)),
                ("opened", models.BooleanField(default=False)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="workbench.casefile"
                    ),
                ),
            ],
            options={
                "ordering": ("place", "id"),
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.CharField(max_length=80)),
                ("text", models.CharField(max_length=1000)),
                ("closed", models.BooleanField(default=False)),
                (
                    "reading",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="workbench.reading"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(max_length=60)),
                ("turn", models.PositiveIntegerField()),
                ("answer", models.CharField(blank=True, max_length=2000)),
                ("reason", models.TextField(blank=True)),
                ("event", models.PositiveIntegerField(unique=True)),
                ("undoes", models.PositiveIntegerField(null=True)),
                (
                    "reading",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="workbench.reading"
                    ),
                ),
            ],
            options={
                "ordering": ("turn",),
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("force_code", models.CharField(max_length=16)),
                ("letter", models.CharField(max_length=120)),
                ("agrees", models.BooleanField()),
                ("text", models.CharField(blank=True, max_length=4000)),
                ("event", models.PositiveIntegerField(unique=True)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("questions", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("seed", models.CharField(max_length=200)),
                ("markers", models.JSONField(default=list)),
                ("untold", models.JSONField(default=list)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("key", "questions"), name="sample_once")],
            },
        ),
        migrations.AddField(
            model_name="casefile",
            name="sample",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="files", to="workbench.sample"
            ),
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField()),
                ("when", models.CharField(max_length=40)),
                ("what", models.CharField(max_length=400)),
                ("detail", models.CharField(max_length=400)),
                ("by_role", models.CharField(max_length=120)),
                ("held_by", models.CharField(max_length=16)),
                ("tied_by", models.CharField(max_length=300)),
                ("crime", models.CharField(max_length=120)),
                ("about", models.CharField(max_length=120)),
                ("text", models.TextField(blank=True)),
                ("words", models.PositiveIntegerField(default=0)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="workbench.casefile"
                    ),
                ),
            ],
            options={
                "ordering": ("place",),
            },
        ),
        migrations.CreateModel(
            name="HardDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
                ("file", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="workbench.casefile")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "file", "day"), name="hard_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.UniqueConstraint(fields=("file", "account"), name="read_once"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(fields=("reading", "turn"), name="turn_once"),
        ),
        migrations.AddConstraint(
            model_name="casefile",
            constraint=models.UniqueConstraint(fields=("sample", "force_code", "subject_ref"), name="file_once"),
        ),
    ]
