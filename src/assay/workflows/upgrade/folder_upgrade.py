"""Upgrade an inspection folder from an earlier format, by changing and verifying a copy.

Each step upgrades one format to the next. The steps run on a copy. If the copy verifies as well as the folder did, the
two are swapped, and the original folder stays beside it as `<folder>-format-<n>`. The tables of a workbench are
upgraded by its migrations, after a copy of them was stored.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import assay
from assay.engine.provenance import EventKind, Ledger, file_hash, verify, with_folder_lock
from assay.engine.provenance.stage_folders import UNFINISHED_PREFIX
from assay.errors import EvidenceError, UsageError
from assay.ingest import inspection_folder
from assay.ingest.inspection_folder import SETTINGS_FILE

Step = Callable[[Path], None]
WorkbenchStep = Callable[[Path], tuple[tuple[str, ...], Path | None]]
"""Upgrades the tables of the workbench of an inspection folder; returns the migrations that ran, and the path of the
copy of the tables. It is `assay.workbench.django_setup.upgrade_workbench`, passed in because this package may not
import the workbench."""
STEPS: Mapping[int, Step] = {}
"""By format: the step that upgrades a folder to the next format. Every new format adds a step."""
VERSION_LINE = re.compile(r'^format_version = "\d+"$', re.M)


@dataclass(frozen=True)
class UpgradeResult:
    """The previous and current format of a folder, and the paths of its copies."""

    folder: Path
    previous_format: int
    current_format: int
    copy: Path | None
    tables: tuple[str, ...]
    tables_copy: Path | None

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        data = {name: str(value) if isinstance(value, Path) else value for name, value in vars(self).items()}
        return data | {"tables": list(self.tables)}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        if self.copy is None:
            text_lines = [f"{self.folder} already has the current format {self.current_format}: nothing was changed."]
        else:
            text_lines = [f"{self.folder} was upgraded from format {self.previous_format} to {self.current_format}."]
        if self.tables:
            text_lines.append(f"Migrations of the tables of its workbench: {', '.join(self.tables)}.")
        copy_paths = [str(copy) for copy in (self.copy, self.tables_copy) if copy]
        if copy_paths:
            text_lines.append(
                f"A copy of the original is in {' and '.join(copy_paths)}. It holds records: destroy it once you "
                "have checked the upgrade."
            )
        return text_lines


def no_workbench(folder: Path) -> tuple[tuple[str, ...], Path | None]:
    """Do nothing; used if there is no workbench whose tables need an upgrade."""
    return (), None


def upgrade_folder(folder: Path, upgrade_workbench: WorkbenchStep = no_workbench) -> UpgradeResult:
    """Upgrade an inspection to this version, and its workbench by `upgrade_workbench`.

    Nothing is changed if an error is raised.

    Raises
    ------
    UsageError
        For a folder of a later format, or if the path of the copy is taken.
    EvidenceError
        If the upgraded copy would not verify as well as before.
    """
    _complete_rename(folder)
    previous_format = read_format(folder)
    copy = _upgrade_copy(folder, previous_format) if previous_format < _current_format() else None
    tables, tables_copy = upgrade_workbench(folder)
    return UpgradeResult(folder, previous_format, _current_format(), copy, tables, tables_copy)


def read_format(folder: Path) -> int:
    """Return the format of a folder; UsageError if it is no inspection, or was made by a later version."""
    try:
        version = tomllib.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8")).get("format_version")
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise UsageError(
            f"{folder} is not the folder of an inspection: it has no {SETTINGS_FILE} that can be read."
        ) from None
    if not isinstance(version, str) or not version.isdecimal() or int(version) < 1:
        raise UsageError(f"{folder / SETTINGS_FILE} names no format. Restore the file that assay inspect new wrote.")
    if int(version) > _current_format():
        raise UsageError(inspection_folder.wrong_format_sentence(folder / SETTINGS_FILE, version))
    return int(version)


@with_folder_lock
def _upgrade_copy(folder: Path, previous_format: int) -> Path:
    """Run the steps on a copy and swap the two; return the path of the original."""
    copy, work = _copy_path(folder, previous_format), _work_path(folder)
    if copy.exists():
        raise UsageError(
            f"{copy} exists already, and the copy of the folder must go there. Move it elsewhere, then upgrade again."
        )
    differences = verify(folder)
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(folder, work)
    for number in range(previous_format, _current_format()):
        STEPS[number](work)
    inspection_text = (work / SETTINGS_FILE).read_text(encoding="utf-8")
    line = f'format_version = "{_current_format()}"'
    (work / SETTINGS_FILE).write_text(VERSION_LINE.sub(line, inspection_text, count=1), encoding="utf-8", newline="\n")
    ledger = Ledger(work / "ledger.jsonl")
    ledger.append(
        EventKind.UPGRADED,
        was=previous_format,
        now=_current_format(),
        code_version=assay.__version__,
        settings=file_hash(work / SETTINGS_FILE),
    )
    new_differences = [str(difference) for difference in verify(work) if difference not in differences]
    if new_differences:
        shutil.rmtree(work)
        raise EvidenceError(
            f"{folder} was not changed and keeps format {previous_format}. After the upgrade it would no longer "
            f"verify: {new_differences[0]}"
        )
    folder.rename(copy)
    work.rename(folder)
    return copy


def _complete_rename(folder: Path) -> None:
    """Complete an interrupted swap: the folder is missing, and the finished copy is beside it."""
    if not folder.exists() and (_work_path(folder) / SETTINGS_FILE).is_file():
        _work_path(folder).rename(folder)


def _current_format() -> int:
    return int(inspection_folder.FORMAT_VERSION)


def _copy_path(folder: Path, previous_format: int) -> Path:
    return folder.with_name(f"{folder.name}-format-{previous_format}")


def _work_path(folder: Path) -> Path:
    return folder.with_name(f"{UNFINISHED_PREFIX}{folder.name}")
