"""Processor time of a run in which no input changed, as a share of the first run.

A synthetic inspection is received and run once, then run again without any change. Each run is a process of its own, as
`assay inspect run` is, and its processor time includes every process that it started. The target is at most a tenth.

    python benchmarks/unchanged.py                          4 forces of 20 crimes
    python benchmarks/unchanged.py --forces 44 --crimes 60  the demonstration
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

MAX_SHARE = 0.1


def seconds(*words: str) -> float:
    """Return the processor time of one command of assay."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "assay.cli", *words], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forces", default="4")
    parser.add_argument("--crimes", default="20")
    options = parser.parse_args()
    os.environ["ASSAY_SIGNING_KEY"] = ""
    with tempfile.TemporaryDirectory() as place:
        path, folder = Path(place) / "sent", str(Path(place) / "inspection")
        seconds("synthetic", "generate", str(path), "--forces", options.forces, "--crimes", options.crimes)
        seconds("inspect", "new", folder, "--request", str(path / "request.toml"))
        seconds("inspect", "receive", folder, str(path / "returns"))
        first, unchanged = seconds("inspect", "run", folder), seconds("inspect", "run", folder)
    print(f"{options.forces} forces of {options.crimes} crimes: first run {first:.1f} s of processor, unchanged "
          f"{unchanged:.1f} s: ratio {unchanged / first:.3f} (at most {MAX_SHARE})")  # fmt: skip


if __name__ == "__main__":
    main()
