"""Kill runs of an inspection (SIGKILL) at chosen moments, and start them again.

Used by `benchmarks/interrupted_runs.py`; in the tests a small book is killed at every moment of its writing. A chain is one inspection, killed again and again, a
little further each time, until it is let run to its end; then it must hold what an inspection holds that nobody killed.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assay.engine.provenance import read_receipt, verify
from assay.engine.provenance.stage_folders import is_partial_output, list_files, list_stages
from assay.ingest.inspection_folder import new_inspection
from assay.synthetic import read_world
from assay.synthetic.demo import generate_returns
from assay.workflows.receive.other_sender_intake import receive_evidence
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.run.inspection_pipeline import run_inspection

WROTE = ("stage written", "stage kept")
PRELOADED = ["killed_runs", "polars", "splink", "sklearn.linear_model", "scipy.optimize", "assay.report"]
LONGEST = 900  # seconds that one attempt may take on a busy machine


@dataclass(frozen=True)
class Killed:
    """One kill: the stage that was being worked on, or '' if the work had ended before; whether every stage that was
    finished before is there, unchanged; and whether the inspection ended with the hashes of one that nobody killed."""

    stage: str
    nothing_lost: bool
    same_hashes: bool = False


@dataclass(frozen=True)
class Undisturbed:
    """What an inspection holds that nobody killed, in which order its stages come, and how many seconds each takes."""

    receipts: dict[str, str]
    order: tuple[str, ...]
    seconds: tuple[float, ...]


def synthetic(folder: Path, *, forces: int, crimes: int, seed: int = 1) -> Path:
    generate_returns(folder, world=read_world("plain").sized(forces=forces, crimes=crimes), seed=seed)
    return folder


def work(folder: Path, path: Path) -> None:
    """What is killed: returns are accepted, people heard, and the whole pipeline run."""
    receive_returns(folder, [path / "returns"])
    receive_evidence(folder, [path / "others"])
    run_inspection(folder)


def receipts(folder: Path) -> dict[str, str]:
    found = {stage: read_receipt(folder, stage) for stage in list_stages(folder)}
    return {stage: receipt.hash for stage, receipt in found.items() if receipt}


def undisturbed(folder: Path, path: Path) -> Undisturbed:
    new_inspection(folder, path / "request.toml")
    start = time.time()
    attempt(folder, path)
    lines = [json.loads(line) for line in (folder / "ledger.jsonl").read_bytes().splitlines()]
    ended = [(e["about"]["stage"], datetime.fromisoformat(e["at"]).timestamp()) for e in lines if e["kind"] in WROTE]
    starts = [start, *(moment for _, moment in ended[:-1])]
    seconds = tuple(max(moment - start, 0.0) for (_, moment), start in zip(ended, starts, strict=True))
    return Undisturbed(receipts(folder), tuple(stage for stage, _ in ended), seconds)


def attempt(folder: Path, path: Path) -> None:
    """The work, in a process of its own, to its end."""
    process = _begun(folder, path)
    process.join(LONGEST)
    assert process.exitcode == 0, process.exitcode


def chain(folder: Path, path: Path, whole: Undisturbed, places: Sequence[int], rng: random.Random) -> list[Killed]:
    """Kill one inspection once within each of these places of the order, then let it end."""
    new_inspection(folder, path / "request.toml")
    kills = [_killed(folder, path, whole, place, rng.random()) for place in sorted(places)]
    attempt(folder, path)
    left = [name for name in list_files(folder) if is_partial_output(name)]
    is_unchanged = receipts(folder) == whole.receipts and verify(folder) == [] and not left
    shutil.rmtree(folder)
    return [Killed(kill.stage, kill.nothing_lost, is_unchanged) for kill in kills]


def _begun(folder: Path, path: Path) -> multiprocessing.process.BaseProcess:
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(PRELOADED)
    process = server.Process(target=work, args=(folder, path))
    process.start()
    return process


def _killed(folder: Path, path: Path, whole: Undisturbed, place: int, share: float) -> Killed:
    """Kill the work when it is at the stage of that number, after that share of the time that the stage takes."""
    ledger = folder / "ledger.jsonl"
    before, receipts_before = ledger.stat().st_size, receipts(folder)
    process = _begun(folder, path)
    deadline = time.monotonic() + LONGEST
    while _passed(ledger, before) < place and process.is_alive() and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(share * whole.seconds[place])
    process.kill()
    process.join()
    now = receipts(folder)
    nothing_lost = all(now.get(stage) == receipt for stage, receipt in receipts_before.items())
    known = all(whole.receipts.get(stage) == kill for stage, kill in now.items())
    passed = _passed(ledger, before)
    stage_stopped = whole.order[passed] if process.exitcode != 0 and passed < len(whole.order) else ""
    return Killed(stage_stopped, nothing_lost and known)


def _passed(ledger: Path, before: int) -> int:
    """How many stages an attempt has behind it."""
    with ledger.open("rb") as file:
        file.seek(before)
        text = file.read()
    return sum(text.count(f'"kind": "{kind}"'.encode()) for kind in WROTE)
