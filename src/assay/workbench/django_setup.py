"""How is Django made ready for one workbench, so that commands, tests and the server find the same tables?"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from assay.errors import UsageError
from assay.workbench.workbench_folder import DATABASE, SETTINGS, Place, folder_beside, read_place


def start(place: Place, *, tables: bool = True) -> None:
    """Make Django ready for this workbench, and its tables too (`tables`); UsageError where another was begun in this
    process."""
    named = os.environ.setdefault("ASSAY_WORKBENCH", str(place.folder))
    if named != str(place.folder):
        raise UsageError("One process serves one workbench, and another was begun in this one.")
    os.environ["DJANGO_SETTINGS_MODULE"] = "assay.workbench.settings"
    import django
    from django.core.management import call_command

    django.setup()
    if tables:
        call_command("migrate", verbosity=0, interactive=False)
        if (place.folder / DATABASE).exists():
            (place.folder / DATABASE).chmod(0o600)


def upgrade_workbench(inspection: Path) -> tuple[tuple[str, ...], Path | None]:
    """Upgrade the tables of the workbench beside an inspection folder, if there is one, as `bring_up_to_date` does."""
    beside = folder_beside(inspection)
    return bring_up_to_date(read_place(beside)) if (beside / SETTINGS).is_file() else ((), None)


def bring_up_to_date(place: Place) -> tuple[tuple[str, ...], Path | None]:
    """Bring the tables of a workbench to this version: which changes they saw, and where they lie as they were.

    UsageError where they lie in PostgreSQL and are behind, or where the place of the copy is taken: nothing is changed.
    """
    start(place, tables=False)
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    behind = [str(one) for one, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    connection.close()
    if not behind:
        return (), None
    copy = _copied(place) if executor.loader.applied_migrations else None
    start(place)
    return tuple(behind), copy


def _copied(place: Place) -> Path:
    if place.postgresql:
        raise UsageError(
            "The tables of the workbench lie in PostgreSQL and are of an earlier version. Take a dump (pg_dump); "
            f"then start the workbench, which brings them up to date: assay workbench {place.inspection}"
        )
    copy = place.folder.with_name(f"{place.folder.name}-before.sqlite3")
    if copy.exists():
        raise UsageError(f"{copy} is there already. Move it elsewhere: the tables as they were go there.")
    copy.touch(mode=0o600)
    with closing(sqlite3.connect(place.folder / DATABASE)) as now, closing(sqlite3.connect(copy)) as kept:
        now.backup(kept)
    return copy
