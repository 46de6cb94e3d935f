"""How does a stranger see a whole inspection, with no force's records at hand?"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.engine.provenance.verification import TRUTH
from assay.errors import UsageError
from assay.ingest.inspection_folder import COVER, make_for
from assay.progress import Progress, silent
from assay.synthetic import World, invent, read_world
from assay.synthetic.demo_fieldwork import do_fieldwork
from assay.synthetic.synthetic_inspectors import Inspectors
from assay.synthetic.world_settings import ANNOUNCED
from assay.wording import counted
from assay.workflows.judge.inspection_plan import editions, seal_plan
from assay.workflows.receive.other_sender_intake import hear
from assay.workflows.receive.request_contract import REQUEST
from assay.workflows.receive.return_intake import take_in
from assay.workflows.run.inspection_pipeline import Ran, begin_run, run_stream

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
            f"the truth behind them, apart, in {self.folder / TRUTH}.",
            f"Next: assay new FOLDER --request {self.folder / REQUEST}",
        ]
        if self.export:
            place = self.folder / "export" / self.export
            said[-1] = f"Next: assay prepare {place} --request {self.folder / REQUEST} --force {self.export}"
        return said


def invent_forces(
    folder: Path,
    *,
    world: World,
    seed: int,
    export: str = "",
    tier_one: Sequence[str] = (),
    progress: Progress = silent,
) -> Invented:
    """Write a request, the returns of invented forces, and the truth behind them into `folder`, whole or not at all.

    The same country made again is left as it is; UsageError if the folder holds another, or other files.
    """
    told = _made_with(world, seed, export, tier_one)
    if (folder / MADE_WITH).exists() and (folder / MADE_WITH).read_text(encoding="utf-8") == told:
        return Invented(folder, world.forces, export)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} holds other files, or another country. Name a new folder.")
    unfinished = folder.with_name(f".unfinished-{folder.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    invent(
        unfinished,
        world=world,
        seed=seed,
        export=export,
        tier_one=tier_one,
        progress=progress,
    )
    (unfinished / MADE_WITH).write_text(told, encoding="utf-8", newline="\n")
    if folder.exists():
        folder.rmdir()
    unfinished.rename(folder)
    return Invented(folder, world.forces, export)


def _made_with(world: World, seed: int, export: str, tier_one: Sequence[str]) -> str:
    """What tells one country from another."""
    settings = hashlib.sha256(repr(world).encode()).hexdigest()
    lines = [f'world = "{world.key}"', f'settings = "{settings}"', f"forces = {world.forces}"]
    lines += [f"crimes = {world.crimes_per_force}", f"years = {world.years}", f"seed = {seed}"]
    lines += [f'export = "{export}"'] if export else []
    lines += [f"tier_one = {json.dumps(sorted(tier_one))}"] if tier_one else []
    return "\n".join(lines) + "\n"


def demonstrate(
    out: Path,
    *,
    forces: int,
    crimes: int,
    seed: int,
    fieldwork: bool = True,
    before_report: Callable[[Inspectors], object] | None = None,
    progress: Progress = silent,
) -> Ran:
    """The whole inspection on invented forces: their returns lie in a folder beside `out`, called `<out>-sent`.

    `fieldwork`: files are read, documents checked, forces visited and people asked too, so that every strand is there;
    `before_report`: what is done after fieldwork, by the same inspectors, before the run that ends in the report.
    The truth behind them is put into `out/truth` at the end, where no stage reads it, for `assay truths`.
    """
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / COVER).exists())):
        raise UsageError(f"{out} holds other files. Name a new folder; it is made if it is not there.")
    sent = out.with_name(f"{out.name}-sent")
    world = read_world("plain").sized(forces=forces, crimes=crimes)
    invent_forces(sent, world=world, seed=seed, progress=progress)
    make_for(out, sent / REQUEST)
    if not editions(out):
        seal_plan(out, on=ANNOUNCED, notice=ANNOUNCED)  # the story's own day: one country makes one report
    take_in(out, [sent / "returns"], progress=progress)
    hear(out, [sent / "others"], progress=progress)
    inspectors = Inspectors(sent / TRUTH, seed)
    if fieldwork:
        begin_run(out, progress=progress).book.close()
        do_fieldwork(out, sent, inspectors, progress=progress)
    if before_report is not None:
        before_report(inspectors)
    ran = run_stream(out, progress=progress)
    shutil.rmtree(out / TRUTH, ignore_errors=True)
    shutil.copytree(sent / TRUTH, out / TRUTH)
    return ran
