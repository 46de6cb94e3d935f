"""Which rooms do installed packages offer, and of which package and version are they?"""

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
from assay.workflows.plugins.plugin_file import Plugin, Room

ROOMS_OF_OTHERS = "assay.rooms"
"""The group of entry points under which a package offers rooms; nothing else of a package is ever run."""
Work = Callable[[Mapping[str, pa.Table]], Mapping[str, pa.Table]]


@dataclass(frozen=True)
class Offered:
    """A room as it is installed: what it does, by which package and version, and the hash of its source."""

    work: Work
    package: str
    version: str
    source: str

    @property
    def told(self) -> str:
        """How a receipt names it."""
        return f"{self.package} {self.version} {self.source}".strip()


def offered(room: Room) -> Offered:
    """The function behind a room; DefinitionError where no package offers it, or it cannot be loaded."""
    every = {one.name: one for one in entry_points(group=ROOMS_OF_OTHERS)}
    found = every.get(room.offered_as)
    if found is None:
        raise DefinitionError(
            f"[rooms.{room.key}]: no installed package offers a room {room.offered_as!r} (entry points "
            f"{ROOMS_OF_OTHERS!r}).{did_you_mean(room.offered_as, every)} Install the package, then add it again."
        )
    work = _loaded(room, found)
    told = found.dist
    return Offered(work, told.name if told else "", told.version if told else "", _source(work))


def worked(plugin: Plugin, room: Room, given: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables that a room makes, named after it; DefinitionError if it fails, or gives no tables."""
    who = f"The room {room.key} of the plug-in {plugin.name} {plugin.version}"
    try:
        made = offered(room).work(dict(given))
    except DefinitionError:
        raise
    except Exception as error:  # the code is not ours: whatever it raises is told by its kind alone, with no content
        raise DefinitionError(f"{who} ended with {type(error).__name__}. {KEPT.format(plugin.name)}") from None
    if not isinstance(made, Mapping) or not all(isinstance(one, pa.Table) for one in made.values()):
        raise DefinitionError(f"{who} gave no Arrow tables by name. {KEPT.format(plugin.name)}")
    if not all(isinstance(name, str) and name.isidentifier() for name in made):
        raise DefinitionError(f"{who} gave a table a name that is none. {KEPT.format(plugin.name)}")
    return {f"{room.key}_{name}": table for name, table in made.items()}


KEPT = "Nothing of it was written, and every other stage stands. To take it out: assay add INSPECTION --without {}"


def _loaded(room: Room, found: EntryPoint) -> Work:
    try:
        work = found.load()
    except Exception as error:
        raise DefinitionError(
            f"[rooms.{room.key}]: the room {room.offered_as!r} cannot be loaded ({type(error).__name__})."
        ) from None
    if not callable(work):
        raise DefinitionError(f"[rooms.{room.key}]: what is offered as {room.offered_as!r} is no function.")
    return work  # type: ignore[no-any-return]


def _source(work: Work) -> str:
    """The SHA-256 of the file in which the room stands; '' where it has none."""
    try:
        place = inspect.getsourcefile(work)
    except TypeError:
        return ""
    return file_hash(Path(place)) if place and Path(place).is_file() else ""
