"""Find the reference data, and skip tests by name if they are not there."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NO_REFERENCE = "reference data not here"
NO_OTHER_PYTHON = "second Python not here"


def reference(path: str) -> Path:
    """The reference file at `path`; skips by name when it is missing, fails when ASSAY_REFERENCE promised it."""
    promised = os.environ.get("ASSAY_REFERENCE")
    found = Path(promised or ROOT.parent / "shared" / "reference") / path
    if not found.exists():
        if promised:
            pytest.fail(f"ASSAY_REFERENCE is set, but {path} is not there.")
        pytest.skip(f"{NO_REFERENCE}: {path} (set ASSAY_REFERENCE to the folder that holds it)")
    return found
