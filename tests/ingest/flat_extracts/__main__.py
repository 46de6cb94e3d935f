"""Generate a small synthetic force and write all extracts of it: `python -m tests.ingest.flat_extracts OUT`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from .all_extracts import write_extracts

SEED = 11
CRIMES = 450
FORCE = "INV01"


def generate_force(folder: Path) -> Path:
    """Generate a synthetic force with a fixed seed and return the folder of its return."""
    options = ["--forces", "1", "--crimes", str(CRIMES), "--seed", str(SEED)]
    command = [
        sys.executable,
        "-c",
        "from assay.cli import main; main()",
        "synthetic",
        "generate",
        str(folder),
        *options,
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / "returns" / FORCE


def main() -> None:
    """Write the extracts to the folder that the command line names."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.ingest.flat_extracts OUT")
    with tempfile.TemporaryDirectory() as folder:
        write_extracts(generate_force(Path(folder) / "force"), Path(sys.argv[1]))


if __name__ == "__main__":
    main()
