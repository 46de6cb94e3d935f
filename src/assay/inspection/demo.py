"""How does a stranger see a whole inspection, with no force's records at hand?"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.errors import UsageError
from assay.inspection.folder import COVER, make_for
from assay.inspection.receiving import take_in
from assay.inspection.stream import Ran, run_stream
from assay.invented import invent
from assay.progress import Progress, silent
from assay.wording import counted

REQUEST = "request.toml"
MADE_WITH = "invented.toml"


@dataclass(frozen=True)
class Invented:
    """Where the invented returns lie; `export` is the body whose own export lies beside them, or ''."""

    folder: Path
    forces: int
    export: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {name: str(value) if isinstance(value, Path) else value for name, value in vars(self).items()}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        said = [
            f"{counted(self.forces, 'invented force')}: the returns lie in {self.folder / 'returns'}, "
            f"the truth behind them, apart, in {self.folder / 'truth'}.",
            f"Next: assay new FOLDER --request {self.folder / REQUEST}",
        ]
        if self.export:
            place = self.folder / "export" / self.export
            said[-1] = f"Next: assay prepare {place} --request {self.folder / REQUEST} --force {self.export}"
        return said


def invent_forces(
    folder: Path,
    *,
    forces: int,
    crimes: int,
    seed: int,
    export: str = "",
    tier_one: Sequence[str] = (),
    progress: Progress = silent,
) -> Invented:
    """Write a request, the returns of invented forces, and the truth behind them into `folder`, whole or not at all.

    The same country made again is left as it is; UsageError if the folder holds another, or other files.
    """
    told = f"forces = {forces}\ncrimes = {crimes}\nseed = {seed}\n" + (f'export = "{export}"\n' if export else "")
    told += f"tier_one = {json.dumps(sorted(tier_one))}\n" if tier_one else ""
    if (folder / MADE_WITH).exists() and (folder / MADE_WITH).read_text(encoding="utf-8") == told:
        return Invented(folder, forces, export)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} holds other files, or another country. Name a new folder.")
    unfinished = folder.with_name(f".unfinished-{folder.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    invent(
        unfinished,
        forces=forces,
        crimes_per_force=crimes,
        seed=seed,
        export=export,
        tier_one=tier_one,
        progress=progress,
    )
    (unfinished / MADE_WITH).write_text(told, encoding="utf-8", newline="\n")
    if folder.exists():
        folder.rmdir()
    unfinished.rename(folder)
    return Invented(folder, forces, export)


def demonstrate(out: Path, *, forces: int, crimes: int, seed: int, progress: Progress = silent) -> Ran:
    """The whole inspection on invented forces: their returns lie in a folder beside `out`, called `<out>-sent`."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / COVER).exists())):
        raise UsageError(f"{out} holds other files. Name a new folder; it is made if it is not there.")
    sent = out.with_name(f"{out.name}-sent")
    invent_forces(sent, forces=forces, crimes=crimes, seed=seed, progress=progress)
    make_for(out, sent / REQUEST)
    take_in(out, [sent / "returns"], progress=progress)
    return run_stream(out, progress=progress)
