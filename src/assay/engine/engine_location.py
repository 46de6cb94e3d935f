"""Engine of an inspection (DuckDB or Spark), and the paths under which it finds files.

DuckDB runs on one machine and needs only the folder. Spark runs in this process unless a cluster is named; a cluster
may read the folder at another address, such as an object store to which it is copied (`spark_engine`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.errors import UsageError

DUCKDB, SPARK = "duckdb", "spark"
ENGINES = (DUCKDB, SPARK)
SECTION = "spark"
SETTING_NAMES = ("master", "files")


@dataclass(frozen=True)
class EngineLocation:
    """Engine of an inspection, with the address of its cluster and of its files.

    Parameters
    ----------
    engine
        "duckdb" or "spark".
    master
        Address of the Spark cluster; '' to run Spark in this process.
    files
        Address at which the engine finds the files of `folder`; '' for the same path.
    settings
        Spark settings by name, in addition to those of assay.
    folder
        Folder of the inspection.
    received_folders
        Subfolders with files that forces sent, which only people copy.
    """

    engine: str = DUCKDB
    master: str = ""
    files: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    folder: Path | None = None
    received_folders: tuple[str, ...] = ()

    def engine_path(self, file: Path) -> str:
        """Return the address of a file for the engine; its own path if it is outside the inspection folder."""
        if not self.files or self.folder is None or not file.is_relative_to(self.folder):
            return str(file)
        return f"{self.files.rstrip('/')}/{file.relative_to(self.folder).as_posix()}"

    def is_received(self, file: Path) -> bool:
        """Return True if a file in the inspection folder came from a force, and was not written by a stage."""
        return self.folder is not None and file.relative_to(self.folder).parts[0] in self.received_folders

    @property
    def stage_settings(self) -> dict[str, str]:
        """The engine settings that enter the key of every stage; empty for DuckDB, the default engine."""
        return {} if self.engine == DUCKDB else {"engine": self.engine}


LOCAL_ENGINE = EngineLocation()


def parse_engine_location(
    settings_data: Mapping[str, Any], folder: Path, file_name: str, received_folders: tuple[str, ...] = ()
) -> EngineLocation:
    """Parse the engine settings of a file; UsageError for an unknown engine or setting."""
    engine = settings_data.get("engine", DUCKDB)
    if engine not in ENGINES:
        raise UsageError(f"{file_name}: no engine is called {engine!r}. Choose one of {', '.join(ENGINES)}.")
    section = settings_data.get(SECTION, {})
    unknown_keys = [key for key in section if key not in (*SETTING_NAMES, "settings")]
    if unknown_keys:
        raise UsageError(
            f"{file_name}, [{SECTION}]: {unknown_keys[0]} is not known there; use master, files or settings."
        )
    texts = {**{key: section.get(key, "") for key in SETTING_NAMES}, **section.get("settings", {})}
    non_text_keys = [key for key, value in texts.items() if not isinstance(value, str)]
    if non_text_keys:
        raise UsageError(f"{file_name}, [{SECTION}]: {non_text_keys[0]} must be text, in quotes.")
    settings = tuple(sorted(section.get("settings", {}).items()))
    return EngineLocation(
        engine, section.get("master", ""), section.get("files", ""), settings, folder, received_folders
    )
