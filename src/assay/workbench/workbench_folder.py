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
TEMPORARY_PREFIX = ".work-"
"""First part of the names of folders that exist while one request is answered."""
SETTINGS_TEMPLATE = """# The settings of a workbench. Start it again after a change.
inspection = {inspection!r}
# Host names of the workbench, such as "workbench.example.org".
hosts = ["localhost", "127.0.0.1"]
# true if a proxy with TLS is in front: cookies are then sent over TLS only.
behind_tls = false
# true only if that proxy sets the header X-Real-IP on every request, whatever a browser sends. Failed sign-ins are
# then counted by that address; otherwise by the address of the connection.
proxy_sets_real_ip = false
# Empty: SQLite in this folder. For PostgreSQL: "host=... dbname=... user=...". Put the password into the environment
# (PGPASSWORD) or ~/.pgpass, never here.
postgresql = ""
# A session ends after idle_minutes without a request, and after longest_hours in any case.
idle_minutes = 30
longest_hours = 10
# After this many wrong passwords or codes (failures), sign-in is refused for locked_minutes.
failures = 5
locked_minutes = 15
# A file with at least hard_from_words words of text is hard reading; a person opens at most hard_files_a_day a day.
hard_from_words = 600
hard_files_a_day = 8
# An analyst reads at most this many texts to label in a day.
texts_a_day = 100
# An analyst reviews at most this many pairs of records in a day.
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
            raise UsageError(f"{self.folder / KEY} is missing. Restore it from the backup.") from None


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
        raise UsageError(f"{path} is not valid TOML. Correct it, or restore it from the backup.") from None
    names = [field.name for field in fields(WorkbenchFolder) if field.name in _KINDS]
    values: dict[str, Any] = {name: content.pop(name, ADDED_SETTINGS.get(name)) for name in names}
    for name, kind in _KINDS.items():
        if type(values[name]) is not kind or (kind is int and values[name] < 1):
            raise UsageError(
                f"{path}: the setting {name} is missing or has a wrong type. Give it as {_KIND_NAMES[kind]}."
            )
    if content:
        raise UsageError(f"{path}: unknown setting {', '.join(sorted(content))}. Remove it, or correct its name.")
    values |= {"inspection": (folder / values["inspection"]).resolve(), "hosts": tuple(map(str, values["hosts"]))}
    return WorkbenchFolder(folder=folder, **values)


_KINDS: dict[str, type] = {
    "inspection": str, "hosts": list, "behind_tls": bool, "proxy_sets_real_ip": bool, "postgresql": str,
    "idle_minutes": int, "longest_hours": int,
    "failures": int, "locked_minutes": int, "hard_from_words": int, "hard_files_a_day": int,
    "texts_a_day": int, "pairs_a_day": int,
}  # fmt: skip
_KIND_NAMES = {str: "a text", list: "a list", bool: "true or false", int: "a whole number above 0"}
