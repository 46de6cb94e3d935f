"""Does the same evidence give the same report again, file by file?

Whoever holds the returns makes the report of a pack anew, in a folder that is thrown away: every stage of the run is
made again, none is taken from before. Then each file is set beside that of the pack.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import assay
from assay.engine.package_lock import lock
from assay.engine.provenance import EventKind, Ledger, read_receipt, without_signing
from assay.engine.provenance.folder_lock import LEDGER, LOCK
from assay.errors import UsageError
from assay.ingest.inspection_folder import COVER, make_for
from assay.linkage.person_assignment import MAIN
from assay.progress import Progress, silent
from assay.wording import counted
from assay.workflows.receive.other_sender_intake import hear
from assay.workflows.receive.request_contract import REQUEST
from assay.workflows.receive.return_intake import take_in
from assay.workflows.release.report_pack import LOCKED, PUBLIC, REPORT, contents, opened
from assay.workflows.run.inspection_pipeline import run_stream

SAME, ALIKE, DIFFERS, NOT_MADE, NOT_PACKED = (
    "the same to the byte", "the same in content", "differs", "not made again", "not in the pack",
)  # fmt: skip
WRITTEN_ANEW = (COVER, LEDGER)
"""Files of an inspection that a run writes on: of them the work holds copies, of all others links."""
MOST_NAMED = 20


@dataclass(frozen=True)
class Reproduced:
    """How each file of a pack stands beside the one that was made again, and what was not alike before that."""

    pack: Path
    files: Mapping[str, str]
    before: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every file is the same, to the byte or in content, and none is lacking or too many."""
        return all(verdict in (SAME, ALIKE) for verdict in self.files.values())

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {"pack": str(self.pack), "holds": self.holds, "before": list(self.before), "files": dict(self.files)}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        verdicts = list(self.files.values())
        said = [f"{counted(verdicts.count(one), 'file')}: {one}." for one in dict.fromkeys(sorted(verdicts))]
        apart = [f"  - {name}: {one}" for name, one in self.files.items() if one not in (SAME, ALIKE)]
        more = [f"  and {len(apart) - MOST_NAMED} more (all of them with --json)"] if len(apart) > MOST_NAMED else []
        return [*self.before, *said, *apart[:MOST_NAMED], *more]


def reproduce(pack: Path, returns: Path, *, progress: Progress = silent) -> Reproduced:
    """Make the report of `pack` again from `returns`: the folder of the inspection, or a folder as it was sent
    (`request.toml`, `returns/` and, where there is, `others/`).

    Of an inspection every stage of its last run is made again; what came in, was marked and decided stays. Nothing is
    written into `returns`; the work lies beside it in a folder that only its owner can open, and is thrown away.
    UsageError if `returns` is neither.
    """
    held = opened(pack)
    with without_signing(), TemporaryDirectory(dir=returns.resolve().parent, prefix=".reproduce-") as work:
        made = Path(work) / "inspection"
        persons = _again(returns, made) if (returns / COVER).is_file() else _as_sent(returns, made, progress)
        run_stream(made, persons=persons, progress=progress)
        anew = contents(made)
    return Reproduced(pack, _beside(held, anew), tuple(_before(held)))


def _again(returns: Path, made: Path) -> str:
    """A copy of an inspection without any stage that its last run made; gives the persons that the run took."""

    def kept(source: str, target: str) -> None:
        if Path(source).name in WRITTEN_ANEW:
            shutil.copy2(source, target)
        else:
            Path(target).hardlink_to(source)

    shutil.copytree(returns, made, copy_function=kept, ignore=shutil.ignore_patterns(LOCK))
    receipt = read_receipt(made, "records")
    for stage in _of_last_run(Ledger(made / LEDGER)):
        shutil.rmtree(made / stage, ignore_errors=True)
    return str(receipt.settings.get("persons", MAIN)) if receipt else MAIN


def _of_last_run(ledger: Ledger) -> set[str]:
    """Every stage that the last run wrote or kept."""
    stages: set[str] = set()
    inside = False
    for entry in ledger.entries():
        if entry.kind == EventKind.RUN_BEGAN.key:
            stages, inside = set(), True
        elif entry.kind == EventKind.RUN_ENDED.key:
            inside = False
        elif inside and entry.kind in (EventKind.STAGE_WRITTEN.key, EventKind.STAGE_KEPT.key):
            stages.add(str(entry.about["stage"]))
    return stages


def _as_sent(returns: Path, made: Path, progress: Progress) -> str:
    if not (returns / REQUEST).is_file() or not (returns / "returns").is_dir():
        raise UsageError(
            f"{returns} is neither the folder of an inspection nor one as it was sent: {REQUEST}, and the returns in "
            "a folder of that name."
        )
    make_for(made, returns / REQUEST)
    take_in(made, [returns / "returns"], progress=progress)
    if (returns / "others").is_dir():
        hear(made, [returns / "others"], progress=progress)
    return MAIN


def _before(held: Mapping[str, bytes]) -> Iterator[str]:
    """What is not alike before any figure is: the program, and the packages that it ran on."""
    about = json.loads(held["about.json"])
    if about["version"] != assay.__version__:
        yield f"The pack was made by version {about['version']} of the program; this is {assay.__version__}."
    if held[LOCKED] != lock():
        yield "The pack was made with other pinned packages than those of this program."


def _beside(held: Mapping[str, bytes], anew: Mapping[str, bytes]) -> dict[str, str]:
    """How each file stands, in order of name."""
    seals = [_seals(json.loads(one[PUBLIC])) for one in (held, anew)]
    return {name: _verdict(held.get(name), anew.get(name), *seals)
            for name in sorted({*held, *anew}) if name.startswith(f"{REPORT}/")}  # fmt: skip


def _seals(receipt: Mapping[str, Any]) -> tuple[bytes, ...]:
    """The hashes that every page bears and that say on what it was made, not what it says."""
    return tuple(str(receipt[name]).encode() for name in ("ledger_head", "receipt_sha256"))


def _verdict(was: bytes | None, now: bytes | None, then: tuple[bytes, ...], here: tuple[bytes, ...]) -> str:
    if was is None or now is None:
        return NOT_MADE if was else NOT_PACKED
    if was == now:
        return SAME
    return ALIKE if _said(was, then) == _said(now, here) else DIFFERS


def _said(content: bytes, seals: tuple[bytes, ...]) -> list[tuple[str, bytes]]:
    """What a file says apart from its seals: of a spreadsheet every part in it, of any other file its bytes."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as parts:
            return [(name, _bare(parts.read(name), seals)) for name in sorted(parts.namelist())]
    return [("", _bare(content, seals))]


def _bare(content: bytes, seals: tuple[bytes, ...]) -> bytes:
    for seal in seals:
        content = content.replace(seal, b"seal")
    return content
