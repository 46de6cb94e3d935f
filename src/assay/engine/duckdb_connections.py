"""DuckDB connections: every one is opened here, with the same settings and the temporary folder of the process."""

from __future__ import annotations

from pathlib import Path

import duckdb

from assay.temporary_folders import process_folder

# No extension is ever downloaded: an inspection must run without network. Tables are those registered by name, never
# Python variables that happen to have the same name.
Setting = str | bool | int | float | list[str]
SETTINGS: dict[str, Setting] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}


def open_connection(path: Path | None = None, /, **settings: Setting) -> duckdb.DuckDBPyConnection:
    """Open a database in memory, or the one in the file at `path`, with more settings of DuckDB.

    What does not fit into memory is written to the folder of the process, which only its user can open. By default
    DuckDB writes it to the current folder or beside the database, where every user of the machine can read it and a
    killed process leaves it.
    """
    folder: dict[str, Setting] = {"temp_directory": str(process_folder())}
    return duckdb.connect(str(path or ":memory:"), config=SETTINGS | folder | settings)
