"""Set up Django for one workbench, and upgrade its tables."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

from assay.errors import UsageError
from assay.workbench.workbench_folder import DATABASE, SETTINGS, WorkbenchFolder, read_workbench_folder, workbench_path

NEEDED_PACKAGES = ("django", "axes", "django_htmx", "django_otp", "gunicorn")
"""Packages of the extra `workbench`, by the names under which they are imported."""


def require_workbench_packages() -> None:
    """Raise UsageError if a package that only the workbench needs is not installed."""
    missing = [name for name in NEEDED_PACKAGES if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"The workbench needs packages that are not installed ({', '.join(missing)}). "
            "Install them with: pip install 'assay[workbench]'"
        )


def start_django(workbench: WorkbenchFolder, *, tables: bool = True) -> None:
    """Set up Django for this workbench; UsageError if packages are missing or the process serves another."""
    require_workbench_packages()
    configured_folder = os.environ.setdefault("ASSAY_WORKBENCH", str(workbench.folder))
    if configured_folder != str(workbench.folder):
        raise UsageError("This process already serves another workbench. Run the command in a new process.")
    os.environ["DJANGO_SETTINGS_MODULE"] = "assay.workbench.settings"
    import django
    from django.core.management import call_command

    django.setup()
    if tables:
        call_command("migrate", verbosity=0, interactive=False)
        if (workbench.folder / DATABASE).exists():
            (workbench.folder / DATABASE).chmod(0o600)


def upgrade_workbench(inspection: Path) -> tuple[tuple[str, ...], Path | None]:
    """Upgrade the tables of the workbench beside an inspection folder, if there is one (see `migrate_tables`)."""
    workbench_folder = workbench_path(inspection)
    return (
        migrate_tables(read_workbench_folder(workbench_folder))
        if (workbench_folder / SETTINGS).is_file()
        else ((), None)
    )


def migrate_tables(workbench: WorkbenchFolder) -> tuple[tuple[str, ...], Path | None]:
    """Migrate the tables, and return the migrations that ran and the path of the copy.

    Nothing is changed if an error is raised.

    Raises
    ------
    UsageError
        If the tables are in PostgreSQL and outdated, or the path of the copy is taken.
    """
    start_django(workbench, tables=False)
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    pending = [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    connection.close()
    if not pending:
        return (), None
    copy = _copy_tables(workbench) if executor.loader.applied_migrations else None
    start_django(workbench)
    return tuple(pending), copy


def _copy_tables(workbench: WorkbenchFolder) -> Path:
    if workbench.postgresql:
        raise UsageError(
            "The tables of the workbench are in PostgreSQL and are of an earlier version. Take a dump (pg_dump). "
            f"Then start the workbench, which upgrades them: assay workbench start {workbench.inspection}"
        )
    copy = workbench.folder.with_name(f"{workbench.folder.name}-before.sqlite3")
    if copy.exists():
        raise UsageError(
            f"{copy} exists already, and the copy of the database must go there. Move it elsewhere, then run the "
            "command again."
        )
    copy.touch(mode=0o600)
    with (
        closing(sqlite3.connect(workbench.folder / DATABASE)) as current_database,
        closing(sqlite3.connect(copy)) as copy_database,
    ):
        current_database.backup(copy_database)
    return copy
