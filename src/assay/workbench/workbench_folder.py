"""The folder and the settings of a workbench, beside its inspection.

`<inspection>-workbench/` is beside the inspection, never in it. It holds `workbench.toml` (settings that a person may
change), `key` (a secret that signs sessions, readable by the owner alone) and, unless a database is named,
`workbench.sqlite3`.
"""

from __future__ import annotations

import secrets
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from assay.errors import UsageError

SETTINGS, KEY, DATABASE = "workbench.toml", "key", "workbench.sqlite3"
SETTINGS_TEMPLATE = """# The settings of a workbench. Start it again after a change.
inspection = {inspection!r}
# Names under which it is reached, such as "workbench.example.org".
hosts = ["localhost", "127.0.0.1"]
# true where a server with TLS stands in front: cookies then travel over TLS only.
behind_tls = false
# true only where that server sets the header X-Real-IP itself on every request, whatever a browser sends: people are
# then locked out by that address. While it is false they are locked out by the address of the connection.
proxy_sets_real_ip = false
# Empty: SQLite in this folder. Or the settings of a PostgreSQL: "host=... dbname=... user=..."; a password stands in
# the environment (PGPASSWORD) or in ~/.pgpass, never here.
postgresql = ""
# A session ends after so many minutes without a request, and after so many hours in any case.
idle_minutes = 30
longest_hours = 10
# Whoever gives a wrong password or code so many times is locked out for so many minutes.
failures = 5
locked_minutes = 15
# A file is hard reading from so many written words on; a person opens at most so many of them in a day.
hard_from_words = 600
hard_files_a_day = 8
# An analyst reads at most so many texts to label in a day.
texts_a_day = 100
# An analyst looks at most at so many pairs of records in a day.
pairs_a_day = 100
"""
ADDED_SETTINGS = {"proxy_sets_real_ip": False, "texts_a_day": 100, "pairs_a_day": 100}
"""Settings that the file of an older workbench lacks, with their defaults."""


@dataclass(frozen=True)
class WorkbenchFolder:
    """A workbench: its folder, its inspection, and the settings of `workbench.toml`."""

    folder: Path
    inspection: Path
    hosts: tuple[str, ...]
    behind_tls: bool
    proxy_sets_real_ip: bool
    postgresql: str
    idle_minutes: int
    longest_hours: int
    failures: int
    locked_minutes: int
    hard_from_words: int
    hard_files_a_day: int
    texts_a_day: int
    pairs_a_day: int

    @property
    def key(self) -> str:
        """Return the secret that signs sessions; UsageError if it is missing."""
        try:
            return (self.folder / KEY).read_text(encoding="utf-8").strip()
        except OSError:
            raise UsageError(f"{self.folder / KEY} is gone. Put it back from the backup.") from None


def workbench_path(inspection: Path) -> Path:
    """Return the folder of the workbench of an inspection."""
    resolved = inspection.resolve()
    return resolved.with_name(f"{resolved.name}-workbench")


def make_workbench_folder(inspection: Path) -> WorkbenchFolder:
    """Return the workbench of an inspection; it is created if it does not exist."""
    folder = workbench_path(inspection)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / KEY).exists():
        (folder / KEY).touch(mode=0o600)
        (folder / KEY).write_text(secrets.token_urlsafe(64), encoding="utf-8")
    if not (folder / SETTINGS).exists():
        (folder / SETTINGS).write_text(
            SETTINGS_TEMPLATE.format(inspection=f"../{inspection.resolve().name}"), encoding="utf-8"
        )
    return read_workbench_folder(folder)


def read_workbench_folder(folder: Path) -> WorkbenchFolder:
    """Return the workbench in a folder; UsageError, naming the setting, if its settings are invalid."""
    path = folder / SETTINGS
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise UsageError(f"{path} cannot be read as TOML. Put back what was there.") from None
    names = [field.name for field in fields(WorkbenchFolder) if field.name in _KINDS]
    values: dict[str, Any] = {name: content.pop(name, ADDED_SETTINGS.get(name)) for name in names}
    for name, kind in _KINDS.items():
        if type(values[name]) is not kind or (kind is int and values[name] < 1):
            raise UsageError(f"{path}: {name} is missing, or is no {_KIND_NAMES[kind]}.")
    if content:
        raise UsageError(f"{path}: there is no setting {', '.join(sorted(content))}.")
    values |= {"inspection": (folder / values["inspection"]).resolve(), "hosts": tuple(map(str, values["hosts"]))}
    return WorkbenchFolder(folder=folder, **values)


_KINDS: dict[str, type] = {
    "inspection": str, "hosts": list, "behind_tls": bool, "proxy_sets_real_ip": bool, "postgresql": str,
    "idle_minutes": int, "longest_hours": int,
    "failures": int, "locked_minutes": int, "hard_from_words": int, "hard_files_a_day": int,
    "texts_a_day": int, "pairs_a_day": int,
}  # fmt: skip
_KIND_NAMES = {str: "text", list: "list", bool: "true or false", int: "whole number above 0"}
