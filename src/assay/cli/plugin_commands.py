"""Commands for plug-ins, and for upgrading folders from an earlier format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import Folder, Json, print_result


@command("inspect plugin")
def add(
    folder: Folder,
    file: Annotated[Path | None, typer.Argument(help="The file of a plug-in (TOML).")] = None,
    removed_plugin: Annotated[str, typer.Option("--without", help="Remove this plug-in and its results.")] = "",
    as_json: Json = False,
) -> None:
    """Add a plug-in to an inspection: an additional table, an indicator, a definition, or an extension in Python."""
    from assay.workflows.plugins.plugin_inspection import add_or_remove_plugin

    print_result(add_or_remove_plugin(file, removed_plugin, folder), as_json)


@command("inspect upgrade")
def upgrade(folder: Folder, as_json: Json = False) -> None:
    """Upgrade a folder of an earlier format, and the tables of its workbench; a copy of the original stays."""
    from assay.workbench.django_setup import upgrade_workbench
    from assay.workflows.upgrade.folder_upgrade import upgrade_folder

    print_result(upgrade_folder(folder, upgrade_workbench), as_json)
