"""Find the functions (extensions) that installed packages provide for plug-ins, with package, version and source
hash."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pyarrow as pa

from assay.engine.provenance import file_hash
from assay.errors import DefinitionError
from assay.ingest.return_manifest import did_you_mean
from assay.workflows.plugins.plugin_file import Extension, Plugin

ENTRY_POINT_GROUP = "assay.rooms"
"""The entry point group under which a package offers extensions; nothing else of a package is ever run."""
ExtensionFunction = Callable[[Mapping[str, pa.Table]], Mapping[str, pa.Table]]


@dataclass(frozen=True)
class InstalledExtension:
    """An installed extension: its function, package, version and the hash of its source."""

    work: ExtensionFunction
    package: str
    version: str
    source: str

    @property
    def receipt_text(self) -> str:
        """Return the text by which a provenance record names the extension."""
        return f"{self.package} {self.version} {self.source}".strip()


def find_extension(extension: Extension) -> InstalledExtension:
    """Return the function of an extension; DefinitionError if no installed package provides it, or it cannot be
    loaded."""
    entry_points_by_name = {entry_point.name: entry_point for entry_point in entry_points(group=ENTRY_POINT_GROUP)}
    found = entry_points_by_name.get(extension.offered_as)
    if found is None:
        raise DefinitionError(
            f"[rooms.{extension.key}]: no installed package offers a room {extension.offered_as!r} (entry points "
            f"{ENTRY_POINT_GROUP!r}).{did_you_mean(extension.offered_as, entry_points_by_name)} Install the "
            f"package, then add it again."
        )
    function = _load(extension, found)
    distribution = found.dist
    return InstalledExtension(
        function,
        distribution.name if distribution else "",
        distribution.version if distribution else "",
        _source_hash(function),
    )


def run_extension(plugin: Plugin, extension: Extension, input_tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Return the tables of an extension, named after it; DefinitionError if it fails, or returns no tables."""
    description = f"The room {extension.key} of the plug-in {plugin.name} {plugin.version}"
    try:
        tables = find_extension(extension).work(dict(input_tables))
    except DefinitionError:
        raise
    except Exception as error:  # the code is not ours: whatever it raises is told by its kind alone, with no content
        raise DefinitionError(
            f"{description} ended with {type(error).__name__}. {FAILURE_ADVICE.format(plugin.name)}"
        ) from None
    if not isinstance(tables, Mapping) or not all(isinstance(output, pa.Table) for output in tables.values()):
        raise DefinitionError(f"{description} gave no Arrow tables by name. {FAILURE_ADVICE.format(plugin.name)}")
    if not all(isinstance(name, str) and name.isidentifier() for name in tables):
        raise DefinitionError(f"{description} gave a table a name that is none. {FAILURE_ADVICE.format(plugin.name)}")
    return {f"{extension.key}_{name}": table for name, table in tables.items()}


FAILURE_ADVICE = (
    "Nothing of it was written, and every other stage stands. To take it out: "
    "assay inspect plugin INSPECTION --without {}"
)


def _load(extension: Extension, entry_point: EntryPoint) -> ExtensionFunction:
    try:
        function = entry_point.load()
    except Exception as error:
        raise DefinitionError(
            f"[rooms.{extension.key}]: the room {extension.offered_as!r} cannot be loaded ({type(error).__name__})."
        ) from None
    if not callable(function):
        raise DefinitionError(f"[rooms.{extension.key}]: what is offered as {extension.offered_as!r} is no function.")
    return function  # type: ignore[no-any-return]


def _source_hash(function: ExtensionFunction) -> str:
    """Return the SHA-256 of the source file of the extension; '' if it has none."""
    try:
        source_path = inspect.getsourcefile(function)
    except TypeError:
        return ""
    return file_hash(Path(source_path)) if source_path and Path(source_path).is_file() else ""
