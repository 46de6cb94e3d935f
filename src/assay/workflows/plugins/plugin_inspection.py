"""Add a plug-in to an inspection, evaluate it, and remove it.

    plugins/NAME/   the file, as it was added
    added/NAME/     its answers for the records (`answers`, `ladders`, `excluded_records`, `counts_by_definition`), and
                    the tables of its extensions

It is evaluated last, after the report, and no figure of assay rests on it. Its results are for the inspection team
only.
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
from assay.engine.expressions import ExpressionEngine
from assay.engine.provenance import destroy_stage, read_receipt, with_folder_lock
from assay.engine.provenance.stage_folders import list_stages
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.errors import DefinitionError, UsageError
from assay.facts.inspection_run import InspectionRun
from assay.indicators.conditions import column_types
from assay.ingest.inspection_folder import open_inspection, refuse_retired
from assay.ingest.other_sender_tables import current_stages
from assay.ingest.stage_names import OTHER_SENDERS, PLUGIN_FINDINGS, PLUGINS
from assay.workflows import plugins
from assay.workflows.plugins import Plugin, find_extension, read_plugin
from assay.workflows.plugins.installed_plugins import FILE, installed_plugin, installed_plugins
from assay.workflows.plugins.plugin_answers import evaluate_plugin, to_records
from assay.workflows.plugins.plugin_packages import run_extension
from assay.workflows.receive.other_sender_intake import NONE_PREFIX

REMOVAL_RULE = "The plug-in was taken out."
DECLARATION_TABLES = ("covers", "kinds", "columns")


@dataclass(frozen=True)
class PluginChange:
    """The plug-in that was added or removed, and the next step."""

    folder: Path
    name: str
    version: str
    adds: tuple[str, ...]
    next: str
    remarks: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return {name: str(value) if isinstance(value, Path) else value for name, value in vars(self).items()}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        summary = f"It adds: {', '.join(self.adds)}." if self.adds else REMOVAL_RULE
        return [f"{self.name} {self.version}. {summary}", *self.remarks, self.next]


@with_folder_lock
def add_plugin(folder: Path, path: Path) -> PluginChange:
    """Add a plug-in to the inspection in `folder`; a later version replaces an earlier one.

    Raises
    ------
    DefinitionError
        With every reason why it cannot be used; nothing is changed then. It may not fit the records, use a taken name,
        need an extension that no package offers, or be another file of the same version.
    """
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    plugin = read_plugin(path)
    for extension in plugin.extensions:
        find_extension(extension)
    other_plugins = {other_plugin.name: other_plugin for other_plugin in installed_plugins(folder)}
    previous = other_plugins.pop(plugin.name, None)
    if previous is not None and previous.version == plugin.version and previous.checksum != plugin.checksum:
        raise DefinitionError(
            f"{plugin.name} {plugin.version} is here already and says something else: give the new one its own version."
        )
    for other_plugin in other_plugins.values():
        shared = [key for key in plugin.keys if key in other_plugin.keys]
        if shared:
            raise DefinitionError(
                f"The name {shared[0]!r} is taken by the plug-in {other_plugin.name}: choose another."
            )
    _check_records(folder, plugin)
    files = {FILE: path.read_text(encoding="utf-8-sig")}
    StageRunner(folder).write_stage_output(
        f"{PLUGINS}/{plugin.name}", {}, packages=(plugins,), inputs={}, rows_in=0, rows_out=0, files=files,
        settings={"name": plugin.name, "version": plugin.version, "maker": plugin.maker},
    )  # fmt: skip
    send = f"Its tables are taken in with: assay inspect receive-evidence {folder} SENT. " if plugin.tables else ""
    return PluginChange(
        folder,
        plugin.name,
        plugin.version,
        plugin.keys,
        f"{send}To ask it: assay inspect run {folder}",
        plugin.remarks,
    )


@with_folder_lock
def remove_plugin(folder: Path, name: str) -> PluginChange:
    """Remove a plug-in and destroy its results; the provenance records stay."""
    inspection = open_inspection(folder)
    plugin = installed_plugin(folder, name)
    stages = list_stages(folder)
    for stage in (f"{PLUGIN_FINDINGS}/{name}", f"{PLUGINS}/{name}"):
        if stage in stages:
            destroy_stage(folder, stage, inspection.ledger, rule=REMOVAL_RULE)
    return PluginChange(folder, name, plugin.version, (), "Everything else stands as it was.")


def evaluate_plugins(run: InspectionRun) -> None:
    """Stage for each plug-in: evaluate it, with its name, version and extensions in the provenance record."""
    run.stage_runner.load_receipts(OTHER_SENDERS)
    for plugin in installed_plugins(run.folder):
        run.progress(f"Evaluating the plug-in {plugin.name}", 0, 0)
        settings = {**run.request_settings, **plugin.receipt_settings}
        settings |= {f"room {extension.key}": find_extension(extension).receipt_text for extension in plugin.extensions}
        inputs = run.stage_runner.outputs_of("records", "enquiries", *_sender_stages(run.folder).values())
        inputs |= run.return_inputs(DECLARATION_TABLES)
        run.stage_runner.run_stage(
            f"{PLUGIN_FINDINGS}/{plugin.name}", partial(_evaluate_plugin, run, plugin),
            packages=(plugins, reference, indicators, question_sets, engine), inputs=inputs, settings=settings,
        )  # fmt: skip


def _evaluate_plugin(run: InspectionRun, plugin: Plugin) -> StageOutput:
    sender_tables = _sender_tables(run.folder, plugin)
    declarations = {name: run.concatenate_returns(name) for name in DECLARATION_TABLES}
    with run.open_engine() as expressions:
        facts = _fact_tables(run.folder, expressions)
        organisations, empty_senders = run.inspection.request.organisations, _empty_senders(run.folder, plugin)
        tables = (
            evaluate_plugin(plugin, expressions, facts, sender_tables, declarations, organisations, empty_senders)
            if plugin.forms
            else {}
        )
        sql = expressions.statements
    for extension in plugin.extensions:
        tables |= run_extension(
            plugin, extension, {name: _read_table(run.folder, plugin, name, sender_tables) for name in extension.reads}
        )
    row_count = sum(table.num_rows for table in sender_tables.values())
    return StageOutput(tables, row_count, row_count, sql=sql)


def _check_records(folder: Path, plugin: Plugin) -> None:
    """Check a plug-in against the records if the inspection was run; otherwise the run checks it."""
    if read_receipt(folder, "records") is None:
        return
    with ExpressionEngine() as expressions:
        fact_tables = _fact_tables(folder, expressions)
        for name, table in plugin.tables.items():
            fact_tables[name] = expressions.table(name, to_records(table.schema.empty_table(), table))
        plugins.check_against(
            plugin, lambda record: column_types(fact_tables[record]) if record in fact_tables else None
        )


def _fact_tables(folder: Path, expressions: ExpressionEngine) -> dict[str, Any]:
    return {path.stem: expressions.table(path.stem, path) for path in sorted((folder / "records").glob("*.parquet"))}


def _sender_stages(folder: Path) -> dict[str, str]:
    """Return by sender the stage of the current edition."""
    return dict(sorted(current_stages(folder).items()))


def _sender_tables(folder: Path, plugin: Plugin) -> dict[str, pa.Table]:
    """Return the accepted rows of the tables that a plug-in adds, every sender together."""
    tables = {}
    for name, table in plugin.tables.items():
        paths = [folder / stage / f"{name}.parquet" for stage in _sender_stages(folder).values()]
        parts = [pq.read_table(path) for path in paths if path.is_file()]
        tables[name] = pa.concat_tables(parts) if parts else table.schema.empty_table()
    return tables


def _empty_senders(folder: Path, plugin: Plugin) -> dict[str, frozenset[str]]:
    """Return by table of a plug-in the senders that declare that they have no record of it."""
    receipts = {sender: read_receipt(folder, stage) for sender, stage in _sender_stages(folder).items()}
    settings = {sender: receipt.settings for sender, receipt in receipts.items() if receipt is not None}
    return {
        name: frozenset(
            sender for sender, stage_settings in settings.items() if f"{NONE_PREFIX}{name}" in stage_settings
        )
        for name in plugin.tables
    }


def _read_table(folder: Path, plugin: Plugin, name: str, sender_tables: Mapping[str, pa.Table]) -> pa.Table:
    """Return a table for an extension: of its own plug-in, of the records, or of the answers to indicators."""
    if name in sender_tables:
        return to_records(sender_tables[name], plugin.tables[name])
    for path in (folder / folder_name / f"{name}.parquet" for folder_name in ("records", "enquiries")):
        if path.is_file():
            return pq.read_table(path)
    raise DefinitionError(f"The plug-in {plugin.name} reads {name!r}: no table of records or answers is called that.")


def add_or_remove_plugin(file: Path | None, removed_name: str, folder: Path) -> PluginChange:
    """Add the plug-in in a file, or remove one by name, for the command."""
    if (file is None) == (not removed_name):
        raise UsageError("Name the file of a plug-in, or say which one to take out: --without NAME.")
    return remove_plugin(folder, removed_name) if file is None else add_plugin(folder, file)
