"""How does a plug-in come into an inspection, what does it find there, and how does it go?

    plugins/NAME/   the file, as it was added
    added/NAME/     what the records answer to it (`answers`, `ladders`, `left_out`, `counts`), and what its rooms make

It is asked last, after the report, and nothing of ours rests on it. What it finds is for the inspection's own people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay import engine, indicators, reference
from assay.contract import question_sets
from assay.engine.expressions import Expressions
from assay.engine.provenance import destroy, one_at_a_time, read_receipt
from assay.engine.provenance.stage_folders import stages_in
from assay.engine.stage_runner import Book, Made
from assay.errors import DefinitionError, UsageError
from assay.facts.inspection_run import Run
from assay.indicators.conditions import column_types
from assay.ingest.inspection_folder import open_inspection, refuse_retired
from assay.ingest.other_sender_tables import holding
from assay.ingest.stage_names import ADDED, OTHERS, PLUGINS
from assay.workflows import plugins
from assay.workflows.plugins import Plugin, offered, read_plugin
from assay.workflows.plugins.installed_plugins import FILE, plugin_in, plugins_in
from assay.workflows.plugins.plugin_answers import answered, as_records
from assay.workflows.plugins.plugin_packages import worked
from assay.workflows.receive.other_sender_intake import NONE

TAKEN_OUT = "The plug-in was taken out."
OF_RETURNS = ("covers", "kinds", "columns")


@dataclass(frozen=True)
class Added:
    """Which plug-in came or went, and what to do now."""

    folder: Path
    name: str
    version: str
    adds: tuple[str, ...]
    next: str

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {name: str(value) if isinstance(value, Path) else value for name, value in vars(self).items()}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        what = f"It adds: {', '.join(self.adds)}." if self.adds else TAKEN_OUT
        return [f"{self.name} {self.version}. {what}", self.next]


@one_at_a_time
def add_plugin(folder: Path, given: Path) -> Added:
    """Take a plug-in into the inspection in `folder`; a later version takes the place of an earlier.

    DefinitionError with every reason, and nothing changed, where it cannot be used: it does not fit the records that
    are there, gives a name that is taken, needs a room that no package offers, or is another file of the same version.
    """
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    plugin = read_plugin(given)
    for room in plugin.rooms:
        offered(room)
    before = {one.name: one for one in plugins_in(folder)}
    old = before.pop(plugin.name, None)
    if old is not None and old.version == plugin.version and old.checksum != plugin.checksum:
        raise DefinitionError(
            f"{plugin.name} {plugin.version} is here already and says something else: give the new one its own version."
        )
    for one in before.values():
        shared = [key for key in plugin.keys if key in one.keys]
        if shared:
            raise DefinitionError(f"The name {shared[0]!r} is taken by the plug-in {one.name}: choose another.")
    _fits(folder, plugin)
    files = {FILE: given.read_text(encoding="utf-8-sig")}
    Book(folder).write(
        f"{PLUGINS}/{plugin.name}", {}, rooms=(plugins,), inputs={}, taken=0, passed_on=0, files=files,
        settings={"name": plugin.name, "version": plugin.version, "maker": plugin.maker},
    )  # fmt: skip
    send = f"Its tables are taken in with: assay hear {folder} SENT. " if plugin.tables else ""
    return Added(folder, plugin.name, plugin.version, plugin.keys, f"{send}To ask it: assay run {folder}")


@one_at_a_time
def take_out(folder: Path, name: str) -> Added:
    """Destroy a plug-in and what was found by it; the receipts say that it was there."""
    inspection = open_inspection(folder)
    plugin = plugin_in(folder, name)
    there = stages_in(folder)
    for stage in (f"{ADDED}/{name}", f"{PLUGINS}/{name}"):
        if stage in there:
            destroy(folder, stage, inspection.ledger, rule=TAKEN_OUT)
    return Added(folder, name, plugin.version, (), "Everything else stands as it was.")


def ask_what_was_added(run: Run) -> None:
    """What every plug-in finds, each in a stage of its own; the receipt names it, its version and its rooms."""
    run.book.know(OTHERS)
    for plugin in plugins_in(run.folder):
        run.progress(f"Asking what {plugin.name} adds", 0, 0)
        settings = {**run.asked, **plugin.told}
        settings |= {f"room {room.key}": offered(room).told for room in plugin.rooms}
        inputs = run.book.outputs_of("records", "enquiries", *_heard(run.folder).values())
        inputs |= run.from_returns(OF_RETURNS)
        run.book.stage(
            f"{ADDED}/{plugin.name}", partial(_made, run, plugin),
            rooms=(plugins, reference, indicators, question_sets, engine), inputs=inputs, settings=settings,
        )  # fmt: skip


def _made(run: Run, plugin: Plugin) -> Made:
    sent = _sent(run.folder, plugin)
    returned = {name: run.together(name) for name in OF_RETURNS}
    with run.expressions() as at_work:
        facts = _facts(run.folder, at_work)
        bodies, none = run.inspection.request.bodies, _said_none(run.folder, plugin)
        made = answered(plugin, at_work, facts, sent, returned, bodies, none) if plugin.forms else {}
        sql = at_work.statements
    for room in plugin.rooms:
        made |= worked(plugin, room, {name: _read(run.folder, plugin, name, sent) for name in room.reads})
    taken = sum(table.num_rows for table in sent.values())
    return Made(made, taken, taken, sql=sql)


def _fits(folder: Path, plugin: Plugin) -> None:
    """Hold a plug-in against the records, where the inspection has been run; else it is held against them then."""
    if read_receipt(folder, "records") is None:
        return
    with Expressions() as at_work:
        known = _facts(folder, at_work)
        for name, table in plugin.tables.items():
            known[name] = at_work.table(name, as_records(table.schema.empty_table(), table))
        plugins.check_against(plugin, lambda record: column_types(known[record]) if record in known else None)


def _facts(folder: Path, at_work: Expressions) -> dict[str, Any]:
    return {path.stem: at_work.table(path.stem, path) for path in sorted((folder / "records").glob("*.parquet"))}


def _heard(folder: Path) -> dict[str, str]:
    """By sender: the stage of the edition that counts."""
    return dict(sorted(holding(folder).items()))


def _sent(folder: Path, plugin: Plugin) -> dict[str, pa.Table]:
    """The accepted rows of the tables that a plug-in adds, every sender together."""
    found = {}
    for name, table in plugin.tables.items():
        paths = [folder / stage / f"{name}.parquet" for stage in _heard(folder).values()]
        parts = [pq.read_table(path) for path in paths if path.is_file()]
        found[name] = pa.concat_tables(parts) if parts else table.schema.empty_table()
    return found


def _said_none(folder: Path, plugin: Plugin) -> dict[str, frozenset[str]]:
    """By table of a plug-in: who said that it knows that it has no record of it."""
    told = {sender: read_receipt(folder, stage) for sender, stage in _heard(folder).items()}
    settings = {sender: receipt.settings for sender, receipt in told.items() if receipt is not None}
    return {
        name: frozenset(sender for sender, says in settings.items() if f"{NONE}{name}" in says)
        for name in plugin.tables
    }


def _read(folder: Path, plugin: Plugin, name: str, sent: Mapping[str, pa.Table]) -> pa.Table:
    """A table that a room reads: of its own plug-in, of the records, or of the answers to our indicators."""
    if name in sent:
        return as_records(sent[name], plugin.tables[name])
    for path in (folder / room / f"{name}.parquet" for room in ("records", "enquiries")):
        if path.is_file():
            return pq.read_table(path)
    raise DefinitionError(f"The plug-in {plugin.name} reads {name!r}: no table of records or answers is called that.")


def chosen(file: Path | None, without: str, folder: Path) -> Added:
    """What the command was asked for: to add a file, or to take one out."""
    if (file is None) == (not without):
        raise UsageError("Name the file of a plug-in, or say which one to take out: --without NAME.")
    return take_out(folder, without) if file is None else add_plugin(folder, file)
