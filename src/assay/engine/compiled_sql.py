"""Cache of compiled SQL statements on disk, by a digest of the expression.

Ibis takes eight seconds of processor to compile the 470 expressions of an inspection, whatever its size. A compiled
statement depends only on the expression (which holds the names and types of all that it reads), on the compilers and on
the modules of this package, which edit the SQL after Ibis has compiled it. It is kept under a digest of these.
The cache holds SQL, no row of a return, and is safe to delete. It lies in `ASSAY_CACHE` if that is set, else in the
user's cache folder; an empty `ASSAY_CACHE` turns it off.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import enum
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

COMPILERS = ("ibis-framework", "sqlglot", "duckdb")
"""Packages on whose version a compiled statement depends."""
SCALAR_TYPES = (str, int, float, bytes, dt.date, dt.time, dt.timedelta, Decimal, enum.Enum, type(None))


class NotCacheableError(TypeError):
    """Raised for an expression that differs between processes (it holds rows or a Python function)."""


class ExpressionDigests:
    """Digests of expressions, the same in every process. Nodes that several expressions share are digested once."""

    def __init__(self) -> None:
        from ibis.backends import BaseBackend
        from ibis.common.grounds import Concrete
        from ibis.expr.operations import InMemoryTable

        self._node_type, self._rows_type, self._connection_type = Concrete, InMemoryTable, BaseBackend
        self._nodes: dict[int, tuple[str, Any]] = {}  # by id; a reference is kept, so that no other object gets the id

    def digest(self, operation: Any) -> str | None:
        """Return the digest of an Ibis operation and all that it reads, or None if it cannot be cached."""
        try:
            return self._value_digest(operation)
        except (NotCacheableError, RecursionError):
            return None

    def _value_digest(self, value: Any) -> str:
        if isinstance(value, SCALAR_TYPES):
            return f"{type(value).__qualname__} {value!r}"
        known = self._nodes.get(id(value))
        if known is None:
            parts = "".join(f"{len(text)}:{text}" for text in map(self._value_digest, self._parts(value)))
            kind = f"{type(value).__module__}.{type(value).__qualname__}"
            known = hashlib.blake2b(f"{kind} {parts}".encode(), digest_size=20).hexdigest(), value
            self._nodes[id(value)] = known
        return known[0]

    def _parts(self, value: Any) -> Iterable[Any]:
        """Return what a value is made of."""
        if isinstance(value, self._node_type) and not isinstance(value, self._rows_type):
            return tuple(value.args)
        if isinstance(value, Mapping):
            return [part for pair in value.items() for part in pair]
        if isinstance(value, frozenset | set):
            return sorted(value, key=repr)  # the order of a set differs between processes
        if isinstance(value, tuple | list):
            return value
        if isinstance(value, self._connection_type):  # connections of one class count as equal
            return ()
        raise NotCacheableError


def read_compiled(engine: str, digest: str) -> str | None:
    """Return the SQL statement from the cache of compiled statements; None if it is missing or damaged."""
    folder = _folder(engine)
    if folder is None:
        return None
    try:
        check, _, statement = (folder / f"{digest}.sql").read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return statement if check == _check(statement) else None


def write_compiled(engine: str, digest: str, statement: str) -> None:
    """Store a compiled SQL statement in the cache for later processes; if the folder is read-only, do nothing."""
    folder = _folder(engine)
    if folder is None:
        return
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=folder, encoding="utf-8", delete=False) as file:
            file.write(f"{_check(statement)}\n{statement}")
        os.replace(file.name, folder / f"{digest}.sql")


def _check(statement: str) -> str:
    return f"-- {hashlib.blake2b(statement.encode(), digest_size=20).hexdigest()}"


def _folder(engine: str) -> Path | None:
    base = cache_folder()
    return base / "compiled-sql" / f"{engine}-{_compilers()}" if base else None


def cache_folder() -> Path | None:
    """Return the folder of the cache, which may be deleted at any time; None if caching is off."""
    setting = os.environ.get("ASSAY_CACHE")
    if setting is not None:
        return Path(setting) if setting else None
    try:
        if sys.platform == "win32":
            return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "assay" / "cache"
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "assay"
    except RuntimeError:  # a service without a home folder
        return None


@cache
def _compilers() -> str:
    """Return a digest of the compilers' versions and of the code of this package that finishes a statement."""
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.py")))
    versions = " ".join(f"{name} {version(name)}" for name in COMPILERS)
    return hashlib.blake2b(f"{versions} {code}".encode(), digest_size=8).hexdigest()
