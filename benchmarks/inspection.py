"""Time and memory of each stage of a whole inspection, and their growth with scale, compared with plain scripts.

Three years of the world `nation`, with every table and a summary of every crime. At each scale, returns are generated,
received, and run to the report. For each stage: wall-clock seconds, processor seconds and peak memory; between two
scales, the power of the scale by which processor time grew. Heavy stages are compared with the scripts that an analyst
would write (`inspection_peers.py`).

    python benchmarks/inspection.py --scales 0.01 0.03               one table for each scale
    python benchmarks/inspection.py --scales 0.01 0.1 1 --keep FILE  keep each result in FILE, and the country in
                                                                     FILE.room; start it again after an interruption
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import inspection_peers as peers

PHASES = ("generate", "receive", "run", *peers.PEERS)
"""Phases in order, each in a process of its own; `run` reports every stage."""
PEAK = Path("/proc/self/clear_refs")
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
Measurements = dict[str, dict[str, dict[str, Any]]]
"""Costs by scale, and by stage or peer."""


class MeasurementFile:
    """The measurements of a benchmark in a JSON file, which is replaced as a whole after each measurement."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.results: Measurements = json.loads(path.read_text()) if path.exists() else {}

    def record(self, scale: str, name: str, **took: Any) -> None:
        self.results.setdefault(scale, {})[name] = took
        unfinished = self.path.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(self.results, indent=1))
        unfinished.replace(self.path)


def measured(measurements: MeasurementFile, scale: str, name: str, work: Callable[[], Any]) -> Any:
    """Run one task and record its time and peak memory (of all its processes; on Linux of this task alone)."""
    reset_peak()
    clock, used = time.perf_counter(), processor()
    with MemorySampler() as sampler:
        stage_result = work()
    highest = max(peak(), sampler.highest)
    measurements.record(
        scale, name, seconds=time.perf_counter() - clock, processor=processor() - used, megabytes=highest
    )
    print(f"  {scale} {name}: {measurements.results[scale][name]['seconds']:.1f} s", file=sys.stderr, flush=True)
    return stage_result


def processor() -> float:
    usages = [resource.getrusage(process_kind) for process_kind in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(used.ru_utime + used.ru_stime for used in usages)


def reset_peak() -> None:
    if PEAK.exists():
        PEAK.write_text("5")


def peak() -> float:
    """Return the peak memory since the last reset; on systems without a reset, since the process started."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


class MemorySampler:
    """Samples twice a second the memory (MB) of this process and those that it started."""

    def __init__(self) -> None:
        self.highest, self._done = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> MemorySampler:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(0.5):
            self.highest = max(self.highest, memory_in_use())


def memory_in_use() -> float:
    """Return the memory (MB) of this process and its children; 0 if the system does not report it."""
    parents, memory_by_process = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words, number = stat.read_text().rpartition(")")[2].split(), int(stat.parent.name)
            parents[number], memory_by_process[number] = int(words[1]), int(words[21]) * PAGE / 2**20
        except (OSError, IndexError):  # it ended meanwhile
            continue
    own_processes, before = {os.getpid()}, 0
    while len(own_processes) > before:
        before = len(own_processes)
        own_processes |= {number for number, parent in parents.items() if parent in own_processes}
    return sum(memory_by_process.get(number, 0.0) for number in own_processes)


def generate(path: Path, scale: str, measurements: MeasurementFile) -> None:
    from assay.synthetic import read_world
    from assay.synthetic.demo import generate_returns

    world = read_world("nation")
    nuisances = replace(world.nuisances, sends_everything=True)
    sized_world = replace(world, nuisances=nuisances).sized(scale=float(scale))
    measured(
        measurements,
        scale,
        "generate",
        lambda: generate_returns(path / "sent", world=replace(sized_world, summaries=True), seed=1),
    )


def receive(path: Path, scale: str, measurements: MeasurementFile) -> None:
    from assay.ingest.inspection_folder import new_inspection
    from assay.workflows.receive.other_sender_intake import receive_evidence
    from assay.workflows.receive.return_intake import receive_returns

    shutil.rmtree(path / "inspection", ignore_errors=True)  # half taken in, it would seem quicker than it is
    folder = new_inspection(path / "inspection", path / "sent" / "request.toml").folder
    measured(measurements, scale, "receive", lambda: receive_returns(folder, [path / "sent" / "returns"]))
    if (path / "sent" / "others").is_dir():
        measured(measurements, scale, "hear", lambda: receive_evidence(folder, [path / "sent" / "others"]))


def run(path: Path, scale: str, measurements: MeasurementFile) -> None:
    """Run every stage of the pipeline in one process, as `assay inspect run` does; skip stages that are finished."""
    from assay.engine.provenance import lock_folder
    from assay.facts.inspection_run import InspectionRun
    from assay.privacy import separated_identifiers
    from assay.progress import no_progress
    from assay.workflows.release.release_stage import release_tables, write_report
    from assay.workflows.run.pipeline_stages import STAGES

    folder = path / "inspection"
    with lock_folder(folder):
        work = InspectionRun(folder, no_progress, date.today())
        work.stage_runner.begin_run()
        for part in ("returns", *separated_identifiers.PARTS):
            work.stage_runner.watch_stages(part)
        for _, stage in STAGES:
            measured_stage(measurements, scale, stage.__name__, work, lambda stage=stage: stage(work))
        released = measured_stage(measurements, scale, "release_tables", work, lambda: release_tables(work))
        measured_stage(measurements, scale, "write_report", work, lambda: write_report(work, released, None))
        work.stage_runner.end_run()


def measured_stage(measurements: MeasurementFile, scale: str, name: str, work: Any, stage: Callable[[], Any]) -> Any:
    """Measure the time and memory of a stage, unless an interrupted run did so before; mark a stage that was cached."""
    if name in measurements.results.get(scale, {}):
        return stage()
    before = len(work.stage_runner.cached_stages)
    stage_result = measured(measurements, scale, name, stage)
    if len(work.stage_runner.cached_stages) > before:
        measurements.record(scale, name, **measurements.results[scale][name] | {"kept": True})
    return stage_result


def peer(name: str) -> Callable[[Path, str, MeasurementFile], None]:
    def compared(path: Path, scale: str, measurements: MeasurementFile) -> None:
        measured(measurements, scale, name, lambda: peers.PEERS[name].work(path))

    return compared


WORK: dict[str, Callable[[Path, str, MeasurementFile], None]] = {
    "generate": generate, "receive": receive, "run": run, **{name: peer(name) for name in peers.PEERS}
}  # fmt: skip
LAST_RESULT = {"run": "write_report"}
"""Name of the result with which a phase is complete, if it is not its own name."""


HEAD = ("stage", "seconds", "of processor time", "highest memory, MB", "grew by the power", "plain, of processor time",
        "ratio")  # fmt: skip


def table(measurements: MeasurementFile, scale: str, before: str) -> None:
    """Print one line for each stage: its cost, its growth from the previous scale, and the cost of a plain script."""
    rows, less = measurements.results[scale], measurements.results.get(before, {})
    print(f"\nScale {scale}\n\n| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    own_rows = {name: took for name, took in rows.items() if name not in peers.PEERS}
    for name, took in own_rows.items():
        power = growth(less.get(name), took, before, scale)
        print(
            f"| {name}{' (kept)' if took.get('kept') else ''} | {figures(took)} | {power} | "
            f"{compare_peer(name, rows)} |"
        )
    stages = [took for name, took in own_rows.items() if name != "generate"]
    whole = {quantity: sum(stage[quantity] for stage in stages) for quantity in ("seconds", "processor")}
    whole["megabytes"] = max(stage["megabytes"] for stage in stages)
    print(f"| **all but generate** | {figures(whole)} | | | |", flush=True)


def figures(took: dict[str, Any]) -> str:
    return f"{took['seconds']:.1f} | {took['processor']:.1f} | {took['megabytes']:,.0f}"


def compare_peer(name: str, rows: dict[str, dict[str, Any]]) -> str:
    """Return the processor seconds of the plain script, and the ratio of the stage's seconds to these, as text."""
    plain = next(
        (
            rows[peer_name]
            for peer_name, peer in peers.PEERS.items()
            if peer.compared_stage == name and peer_name in rows
        ),
        None,
    )
    if plain is None:
        return " | "
    return f"{plain['processor']:.1f} | {rows[name]['processor'] / max(plain['processor'], 0.01):.1f}"


def growth(less: dict[str, Any] | None, more: dict[str, Any], before: str, scale: str) -> str:
    if not less or min(less["processor"], more["processor"]) < 0.05:
        return ""
    return f"{math.log(more['processor'] / less['processor']) / math.log(float(scale) / float(before)):.2f}"


def run_phase(phase: str, scale: str, path: Path, keep: Path) -> None:
    """Run one phase of the benchmark in this process."""
    path.mkdir(parents=True, exist_ok=True)
    WORK[phase](path, scale, MeasurementFile(keep))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scales", nargs="+", default=["0.01"])
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        phase, scale, phase_folder = options.one
        return run_phase(phase, scale, Path(phase_folder), options.keep)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {date.today():%d %B %Y}")
    with tempfile.TemporaryDirectory() as place:
        keep = options.keep or Path(place) / "kept.json"
        for number, scale in enumerate(options.scales):
            phase_folder = keep.with_name(f"{keep.name}.room") / scale
            for phase in PHASES:
                if LAST_RESULT.get(phase, phase) not in MeasurementFile(keep).results.get(scale, {}):
                    words = [sys.executable, __file__, "--keep", str(keep), "--one", phase, scale, str(phase_folder)]
                    subprocess.run(words, check=True)
            shutil.rmtree(phase_folder, ignore_errors=True)  # a nation takes many gigabytes
            table(MeasurementFile(keep), scale, options.scales[number - 1] if number else "")
    return None


if __name__ == "__main__":
    main()
