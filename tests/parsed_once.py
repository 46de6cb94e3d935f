"""Parse each module of the project once for all tests that read it."""

import ast
from functools import cache
from pathlib import Path


def parsed(path: Path) -> ast.Module:
    """The tree of a module as it stands now; nobody changes it."""
    return _parsed(path, path.stat().st_mtime_ns)


@cache
def _parsed(path: Path, changed: int) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
