"""Read the plug-ins of an inspection.

Each is in `plugins/NAME/plugin.toml` as it was added, with a provenance record. It holds words and conditions, and no
record.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assay.engine.provenance.stage_folders import list_stages
from assay.errors import UsageError
from assay.ingest.return_manifest import did_you_mean
from assay.ingest.stage_names import PLUGINS
from assay.workflows.plugins import Plugin, read_plugin

FILE = "plugin.toml"


def installed_plugins(folder: Path) -> tuple[Plugin, ...]:
    """Return every plug-in of the inspection in `folder`, by name."""
    return tuple(_read_plugins(folder))


def installed_plugin(folder: Path, name: str) -> Plugin:
    """Return one plug-in; raise UsageError if it is not installed."""
    plugins = {plugin.name: plugin for plugin in installed_plugins(folder)}
    if name not in plugins:
        raise UsageError(
            f"{folder} holds no plug-in {name!r}.{did_you_mean(name, plugins)} It holds: "
            f"{', '.join(plugins) or 'none'}."
        )
    return plugins[name]


def _read_plugins(folder: Path) -> Iterator[Plugin]:
    for name in list_stages(folder / PLUGINS):
        path = folder / PLUGINS / name / FILE
        if path.is_file():
            yield read_plugin(path)
