"""Which plug-ins does an inspection hold?

Each lies in `plugins/NAME/plugin.toml` as it was added, with a receipt. It holds words and conditions, and no record.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assay.engine.provenance.stage_folders import stages_in
from assay.errors import UsageError
from assay.ingest.return_manifest import did_you_mean
from assay.ingest.stage_names import PLUGINS
from assay.workflows.plugins import Plugin, read_plugin

FILE = "plugin.toml"


def plugins_in(folder: Path) -> tuple[Plugin, ...]:
    """Every plug-in of the inspection in `folder`, in order of name."""
    return tuple(_held(folder))


def plugin_in(folder: Path, name: str) -> Plugin:
    """One of them; UsageError if it is not there."""
    held = {one.name: one for one in plugins_in(folder)}
    if name not in held:
        raise UsageError(
            f"{folder} holds no plug-in {name!r}.{did_you_mean(name, held)} It holds: {', '.join(held) or 'none'}."
        )
    return held[name]


def _held(folder: Path) -> Iterator[Plugin]:
    for name in stages_in(folder / PLUGINS):
        path = folder / PLUGINS / name / FILE
        if path.is_file():
            yield read_plugin(path)
