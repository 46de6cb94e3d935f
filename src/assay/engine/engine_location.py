"""On which engine do the questions of an inspection run, and where does that engine find its files?

One machine (DuckDB) needs nothing but the folder. Spark runs in this process unless a cluster is named; a cluster may
see the folder under another address, such as an object store to which it is copied (`copies`).
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
WORDS = ("master", "files")


@dataclass(frozen=True)
class Where:
    """`master`: the address of a Spark cluster, or '' for this machine. `files`: under which address the engine finds
    what lies in `folder`, or '' for the same path. `settings`: of Spark, by name, beside our own. `sent`: the rooms of
    the folder that hold what forces sent, of which people alone make copies."""

    engine: str = DUCKDB
    master: str = ""
    files: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    folder: Path | None = None
    sent: tuple[str, ...] = ()

    def seen(self, file: Path) -> str:
        """The address under which the engine finds a file; its own path where it does not lie in the folder."""
        if not self.files or self.folder is None or not file.is_relative_to(self.folder):
            return str(file)
        return f"{self.files.rstrip('/')}/{file.relative_to(self.folder).as_posix()}"

    def is_sent(self, file: Path) -> bool:
        """Whether a file of the folder came from a force, rather than from a stage."""
        return self.folder is not None and file.relative_to(self.folder).parts[0] in self.sent

    @property
    def rests_on(self) -> dict[str, str]:
        """What a stage rests on: nothing on one machine, so that naming the default changes no hash."""
        return {} if self.engine == DUCKDB else {"engine": self.engine}


HERE = Where()


def where_of(told: Mapping[str, Any], folder: Path, named: str, sent: tuple[str, ...] = ()) -> Where:
    """What the file `named` tells: `engine`, and the section `[spark]`. UsageError for an engine that there is not, or
    words that are none of ours."""
    engine = told.get("engine", DUCKDB)
    if engine not in ENGINES:
        raise UsageError(f"{named}: no engine is called {engine!r}. Choose one of {', '.join(ENGINES)}.")
    section = told.get(SECTION, {})
    strange = [key for key in section if key not in (*WORDS, "settings")]
    if strange:
        raise UsageError(f"{named}, [{SECTION}]: {strange[0]} is not known there; use master, files or settings.")
    texts = {**{key: section.get(key, "") for key in WORDS}, **section.get("settings", {})}
    wrong = [key for key, value in texts.items() if not isinstance(value, str)]
    if wrong:
        raise UsageError(f"{named}, [{SECTION}]: {wrong[0]} must be text, in quotes.")
    settings = tuple(sorted(section.get("settings", {}).items()))
    return Where(engine, section.get("master", ""), section.get("files", ""), settings, folder, sent)
