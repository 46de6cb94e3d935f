"""Run Python in another process with another hash seed, so that sets have another order."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent


def said_by(code: str, *words: str, seed: int) -> str:
    """What this code prints."""
    path = os.pathsep.join([str(TESTS), str(TESTS / "linkage"), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"PYTHONHASHSEED": str(seed), "PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, "-c", code, *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
