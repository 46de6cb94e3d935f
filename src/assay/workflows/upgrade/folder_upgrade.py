"""How does a folder that an earlier version made come to the format of this one?

Each step leads from one format to the next. They are taken on a copy; when that holds as well as the folder did, the
two change places, and the folder as it was stays beside, under the name `<folder>-format-<n>`. A workbench's own tables
are brought up to date by its migrations, after a copy of them was laid beside.
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
from assay.engine.provenance import EventKind, Ledger, file_hash, one_at_a_time, verify
from assay.engine.provenance.stage_folders import UNFINISHED
from assay.errors import EvidenceError, UsageError
from assay.ingest import inspection_folder as of_folders
from assay.ingest.inspection_folder import COVER

Step = Callable[[Path], None]
WorkbenchStep = Callable[[Path], tuple[tuple[str, ...], Path | None]]
"""Upgrades the tables of the workbench of an inspection folder: the migrations that ran, and where the copy of the
tables lies. `assay.workbench.django_setup.upgrade_workbench` is the one; this package does not know the workbench."""
STEPS: Mapping[int, Step] = {}
"""By format: what makes of a folder of that format one of the next. A new format brings its step."""
VERSION_LINE = re.compile(r'^format_version = "\d+"$', re.M)


@dataclass(frozen=True)
class Upgraded:
    """From which format a folder came to which, where it lies as it was, and what its workbench's tables saw."""

    folder: Path
    was: int
    now: int
    copy: Path | None
    tables: tuple[str, ...]
    tables_copy: Path | None

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        told = {name: str(value) if isinstance(value, Path) else value for name, value in vars(self).items()}
        return told | {"tables": list(self.tables)}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        if self.copy is None:
            said = [f"{self.folder} is of format {self.now}, as this version writes it: nothing was changed."]
        else:
            said = [f"{self.folder} came from format {self.was} to {self.now}."]
        if self.tables:
            said.append(f"The tables of its workbench saw: {', '.join(self.tables)}.")
        kept = [str(copy) for copy in (self.copy, self.tables_copy) if copy]
        if kept:
            said.append(f"As it was, it lies in {' and '.join(kept)}. It holds records: destroy it when all is well.")
        return said


def no_workbench(folder: Path) -> tuple[tuple[str, ...], Path | None]:
    """Upgrade no tables."""
    return (), None


def upgrade(folder: Path, upgrade_workbench: WorkbenchStep = no_workbench) -> Upgraded:
    """Bring an inspection to this version, and its workbench by `upgrade_workbench`.

    UsageError for a folder of a later format, or where the place of the copy is taken; EvidenceError where it would not
    hold as well as before. In both cases nothing is changed.
    """
    _finish(folder)
    was = format_of(folder)
    copy = _raised(folder, was) if was < _newest() else None
    tables, tables_copy = upgrade_workbench(folder)
    return Upgraded(folder, was, _newest(), copy, tables, tables_copy)


def format_of(folder: Path) -> int:
    """The format of a folder; UsageError if it is none of an inspection, or of a later version."""
    try:
        told = tomllib.loads((folder / COVER).read_text(encoding="utf-8")).get("format_version")
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise UsageError(f"{folder} is not the folder of an inspection: it has no {COVER} that can be read.") from None
    if not isinstance(told, str) or not told.isdecimal() or int(told) < 1:
        raise UsageError(f"{folder / COVER} names no format. Put back the file that assay new wrote.")
    if int(told) > _newest():
        raise UsageError(of_folders.other_format(folder / COVER, told))
    return int(told)


@one_at_a_time
def _raised(folder: Path, was: int) -> Path:
    """Take the steps on a copy and change places with it; where the folder lies as it was."""
    copy, work = _copy_of(folder, was), _work_of(folder)
    if copy.exists():
        raise UsageError(f"{copy} is there already. Move it elsewhere: the folder as it was goes there.")
    before = verify(folder)
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(folder, work)
    for number in range(was, _newest()):
        STEPS[number](work)
    cover = (work / COVER).read_text(encoding="utf-8")
    line = f'format_version = "{_newest()}"'
    (work / COVER).write_text(VERSION_LINE.sub(line, cover, count=1), encoding="utf-8", newline="\n")
    ledger = Ledger(work / "ledger.jsonl")
    ledger.append(
        EventKind.UPGRADED,
        was=was,
        now=_newest(),
        code_version=assay.__version__,
        settings=file_hash(work / COVER),
    )
    worse = [str(one) for one in verify(work) if one not in before]
    if worse:
        shutil.rmtree(work)
        raise EvidenceError(f"{folder} stays as it is, of format {was}. Changed, it would no longer hold: {worse[0]}")
    folder.rename(copy)
    work.rename(folder)
    return copy


def _finish(folder: Path) -> None:
    """Stopped between the two renames, the folder is missing and the finished one lies beside it."""
    if not folder.exists() and (_work_of(folder) / COVER).is_file():
        _work_of(folder).rename(folder)


def _newest() -> int:
    return int(of_folders.FORMAT_VERSION)


def _copy_of(folder: Path, was: int) -> Path:
    return folder.with_name(f"{folder.name}-format-{was}")


def _work_of(folder: Path) -> Path:
    return folder.with_name(f"{UNFINISHED}{folder.name}")
