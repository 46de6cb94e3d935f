"""Run the pipeline on published statistics, stage by stage."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay import (
    compare,
    contract,
    feedback,
    indicators,
    ingest,
    privacy,
    reference,
    report,
    sdc,
    stats,
)
from assay import (
    facts as records,
)
from assay.compare.outcome_findings import findings as share_findings
from assay.engine import TableStore
from assay.engine.provenance import list_stages
from assay.engine.stage_runner import StageRunner
from assay.errors import SourceError, UsageError
from assay.facts import published_series as facts
from assay.facts.local_services import local_tables
from assay.indicators.catalogue.responses import published_outcomes
from assay.indicators.catalogue.scale import (
    published_trend_findings,
    published_trends,
    recorded_offences,
    series_tables,
)
from assay.indicators.catalogue.scale.local_rates import local_indicators
from assay.indicators.findings import Finding, address, findings_table
from assay.ingest.added_tables import AddedTable, read_added_tables
from assay.ingest.official_statistics import (
    OTHER_OFFENCES,
    ReceivedStatistics,
    read_bundle,
    read_statistics,
    sum_by_force_area,
    validation_error_table,
)
from assay.ingest.official_statistics.local_tables import LOCAL_TABLES
from assay.progress import Progress, no_progress
from assay.report.key_findings import KEY_FINDINGS_FILE
from assay.report.pdf import Pdfs, copy_with_pdfs
from assay.sdc import declared_tables, policy, release
from assay.wording import count_phrase
from assay.workflows.run import added_table_stage, published_answers, published_comparison, register_tables

POPULATIONS = "a population estimate: rates rest on the register of populations that the program carries"
NOT_COMPARED = "not of the offences asked about, or not of a year that is compared"
NOT_NATIONAL = "There is no figure for England and Wales: not all 43 forces are in the files, and none is filled in."
PLACE_TABLES = ("children_services", "authorities", "residents_by_ethnicity", "last_outcomes", "court_outcomes")
OUT_OF_SCOPE = "not a code or a body that this inspection asks about"


@dataclass(frozen=True)
class PublishedResult:
    """The result of an inspection of published statistics: folder, first page, counts and cautions."""

    folder: Path
    index: Path
    pages: int
    findings: int
    rows_taken: int
    rows_set_aside: int
    errors: int
    headline: tuple[str, ...]
    key_findings: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    """Cautions about the files: missing rows, and revisions by a newer edition."""

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return {name: str(value) if isinstance(value, Path) else value for name, value in vars(self).items()}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        no_country = [NOT_NATIONAL] if self.headline == (NOT_NATIONAL,) else []
        return [
            f"Read: {count_phrase(self.rows_taken, 'row')}. Set aside, each with a reason: {self.rows_set_aside:,}. "
            f"Validation errors: {self.errors:,}.",
            *self.cautions,
            *no_country,
            *(["Key findings:"] if self.key_findings else []),
            *(f"  {number}. {sentence}" for number, sentence in enumerate(self.key_findings, start=1)),
            f"{count_phrase(self.pages, 'page')} with {count_phrase(self.findings, 'finding')}. Open this one first:",
            f"  {self.index}",
            f"To check every figure: assay inspect verify {self.folder}",
        ]


@dataclass(frozen=True)
class PublishedRequest:
    """The request: the set of offences that are counted together, and the list of similar forces."""

    definition: str
    similar: Path | None
    editions: Mapping[str, str]

    @property
    def offences(self) -> str:
        """Return the offences counted together, in words that fit 'police recorded 61,388 ...'."""
        name = register_tables.offence_name(self.definition).removesuffix(" recorded by police")
        return name[0].lower() + name[1:]


def inspect_published(
    files: Sequence[Path] | None,
    out: Path,
    *,
    definition: str = "csa11",
    similar: Path | None = None,
    tables: Sequence[Path] = (),
    pdfs: Pdfs = Pdfs.NONE,
    progress: Progress = no_progress,
) -> PublishedResult:
    """Run the pipeline on `files` (None: the figures bundled with the program) into the folder `out`.

    `definition` is the set of offence codes that is counted together; `similar` an official list of similar forces,
    `tables` the mapping files of further published tables, `pdfs` which PDFs are set after the report can be read.
    Raises SourceError when no recorded crime could be read, DefinitionError for an unknown definition.
    """
    reference.offence_sets().get(definition)
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file. Name a folder for the inspection; it is made if it is not there.")
    if out.is_dir() and any(out.iterdir()) and not (out / "ledger.jsonl").exists():
        raise UsageError(f"{out} holds other files. Name a new folder, or one that holds an inspection.")
    if (out / "inspection.toml").exists():
        raise UsageError(f"{out} holds an inspection of returns. Name another folder for published statistics.")
    received, added = _read_files(files, progress), read_added_tables(tables)
    published_request = PublishedRequest(definition, similar, _edition_texts(received))
    runner = StageRunner(out)
    runner.begin_run()
    released = _derive_released(runner, received, published_request, added, progress)
    report_written = _write_report(runner, released, progress)
    if pdfs is not Pdfs.NONE:
        progress(f"The report is written, and can be read: {out / 'report' / 'index.html'}", 0, 0)
        _write_stage(runner, released, lambda folder: copy_with_pdfs(out / "report", folder, pdfs, progress))
    runner.end_run()
    return _summary(out, received, released, report_written, definition, added, named_files=files is not None)


def _derive_released(
    runner: StageRunner,
    received: ReceivedStatistics,
    published_request: PublishedRequest,
    added: Sequence[AddedTable],
    progress: Progress,
) -> sdc.Released:
    """Run the stages from the returns to the release; their tables are freed before the report is written."""
    _write_returns(runner, received, added)
    fact_tables = _write_records(runner, received, progress)
    indicator_tables = _write_indicators(runner, fact_tables, published_request, progress)
    comparison = _write_comparison(runner, fact_tables, indicator_tables, published_request, progress)
    return _write_release(runner, received, fact_tables, indicator_tables, comparison, published_request, added)


def _read_files(files: Sequence[Path] | None, progress: Progress) -> ReceivedStatistics:
    if files is None:
        progress("Reading the bundled figures", 0, 0)
        return read_bundle()
    received = read_statistics(files, offence_codes=facts.counted_offence_codes(), progress=progress)
    recorded_files = [file for file in received.files if file.return_kind == "recorded"]
    if not any(file.passed_on or OTHER_OFFENCES in file.set_aside for file in recorded_files):
        raise SourceError(
            "None of the files holds police recorded crime by force, and the inspection rests on it. "
            "Add the Home Office table 'police recorded crime open data, police force area' (ODS, XLSX or CSV)."
        )
    _refuse_other_offences(received)
    return received


def _refuse_other_offences(received: ReceivedStatistics) -> None:
    """Refuse files whose recorded crime holds no sexual offence of any police force: every page would be empty."""
    with facts.open_store(received.tables) as store:
        offence_rows = facts.count_used_rows(store)["recorded"]
    if not offence_rows:
        raise SourceError(
            "The files hold police recorded crime, but no sexual offence recorded by a police force, and the "
            "inspection counts those. Send the table with all its offence groups, or with the group 'Sexual offences'."
        )


def _edition_texts(received: ReceivedStatistics) -> dict[str, str]:
    """Return the source of each statistic, and of each financial year of it ('recorded 2024/25'), as text."""
    editions = {"recorded": "", "outcomes": "", "children_in_need": ""}
    for file in received.files:
        if file.passed_on:
            editions[file.return_kind] = register_tables.source_text(file.name, file.edition)
    for kind in ("recorded", "outcomes"):
        rows = received.tables[kind].select(["financial_year", "source", "edition"])
        for row in rows.group_by(["financial_year", "source", "edition"]).aggregate([]).to_pylist():
            editions[f"{kind} {row['financial_year']}"] = register_tables.source_text(row["source"], row["edition"])
    return editions


def _write_returns(runner: StageRunner, received: ReceivedStatistics, added: Sequence[AddedTable]) -> None:
    input_hashes = dict(runner.record_received_file(file.name, file.sha256) for file in received.files)
    input_hashes |= added_table_stage.record_added_files(runner, added)
    files_read = [*received.files, *(table.file for table in added)]
    set_aside: dict[str, int] = {}
    for file in files_read:
        for reason, rows in file.set_aside.items():
            set_aside[reason] = set_aside.get(reason, 0) + rows
    return_tables = {
        **received.tables,
        "validation_errors": validation_error_table(received.errors),
        "sources": _sources(received, added),
        **added_table_stage.added_table_rows(added),
    }
    runner.write_stage_output(
        "returns",
        return_tables,
        packages=(reference, ingest, contract, feedback, privacy),
        inputs=input_hashes,
        rows_in=sum(file.row_count for file in files_read),
        rows_out=sum(file.passed_on for file in files_read),
        set_aside=set_aside,
    )


def _sources(received: ReceivedStatistics, added: Sequence[AddedTable]) -> pa.Table:
    """Return the table of sources: official files, then the files of added tables."""
    sources = register_tables.source_table(received)
    return pa.concat_tables([sources, added_table_stage.added_source_rows(added).select(sources.column_names)])


def _write_records(runner: StageRunner, received: ReceivedStatistics, progress: Progress) -> dict[str, pa.Table]:
    progress("Deriving facts", 0, 0)
    with facts.open_store(received.tables) as store:
        fact_tables = {
            "recorded_quarterly": facts.recorded_quarterly(store),
            "recorded": facts.recorded_yearly(store),
            "outcomes_yearly": facts.outcomes_yearly(store),
            "children_in_need": sum_by_force_area(received.tables["children_in_need"]),
            **local_tables(received.tables),
        }
        kept_counts = facts.count_used_rows(store)
        statements = store.statements
    sizes = {name: table.num_rows for name, table in received.tables.items()}
    row_count, children, populations = sum(sizes.values()), sizes["children_in_need"], sizes["population"]
    local_rows = sum(sizes[name] for name in LOCAL_TABLES)
    passed_on = kept_counts["recorded"] + kept_counts["outcomes"] + children + local_rows
    runner.write_stage_output(
        "records",
        fact_tables,
        packages=(reference, records),
        inputs=runner.outputs_of("returns"),
        rows_in=row_count,
        rows_out=passed_on,
        set_aside={OUT_OF_SCOPE: row_count - passed_on - populations, POPULATIONS: populations},
        sql=statements,
    )
    return fact_tables


def _write_indicators(
    runner: StageRunner, fact_tables: Mapping[str, pa.Table], published_request: PublishedRequest, progress: Progress
) -> dict[str, pa.Table]:
    names = register_tables.place_names()
    indicator_tables = _scale_tables(fact_tables, published_request, progress)
    with TableStore() as store:
        store.table("outcomes_yearly", fact_tables["outcomes_yearly"])
        published_outcomes.open_outcomes(store)
        indicator_tables |= {
            "outcomes": published_outcomes.outcome_mix(store),
            "share_counts": published_outcomes.share_counts(store),
        }
        statements = store.statements
    found: list[Finding] = [
        *recorded_offences.findings(
            indicator_tables["recorded"].to_pylist(),
            names=names,
            offence=published_request.definition,
            offences=published_request.offences,
            editions=published_request.editions,
        ),
        *published_trend_findings.findings(
            indicator_tables["trends"].to_pylist(),
            names=names,
            editions={
                "offences": published_request.editions["recorded"],
                "assessments": published_request.editions["children_in_need"],
            },
        ),
    ]
    found += published_trend_findings.national_finding(
        indicator_tables["trends"].to_pylist(),
        published_request.definition,
        reference.offence_codes(published_request.definition),
        names=names,
        edition=published_request.editions["recorded"],
    )
    indicator_tables["findings"] = findings_table(found)
    rows = sum(table.num_rows for table in fact_tables.values())
    runner.write_stage_output(
        "enquiries",
        indicator_tables,
        packages=(reference, records, indicators),
        inputs=runner.outputs_of("records"),
        rows_in=rows,
        rows_out=rows,
        sql=statements,
        settings={"definition": published_request.definition},
    )
    return indicator_tables


def _scale_tables(
    fact_tables: Mapping[str, pa.Table], published_request: PublishedRequest, progress: Progress
) -> dict[str, pa.Table]:
    assessed = fact_tables["children_in_need"].to_pylist()
    followed = series_tables.select_series(
        fact_tables["recorded_quarterly"],
        assessed,
        default=published_request.definition,
        title=register_tables.count_name,
    )
    trends, levels = series_tables.trends_and_levels(followed, progress)
    charts, words = published_trends.charts(
        [series for series in followed if series.offence_key == published_request.definition]
    )
    return {
        **local_indicators(fact_tables),
        "recorded": recorded_offences.with_rates(fact_tables["recorded"]),
        "trends": trends,
        "levels": levels,
        "process": charts,
        "process_control_statements": words,
    }


def _write_comparison(
    runner: StageRunner,
    fact_tables: Mapping[str, pa.Table],
    indicator_tables: Mapping[str, pa.Table],
    published_request: PublishedRequest,
    progress: Progress,
) -> dict[str, pa.Table]:
    comparison = published_comparison.compare_published(
        indicator_tables, published_request.definition, published_request.similar, published_request.editions, progress
    )
    found = share_findings(
        comparison["shares"].to_pylist(),
        names=register_tables.place_names(),
        offence=published_request.definition,
        offences=published_request.offences,
        editions=published_request.editions,
        inferred_years=_inferred_years(indicator_tables["share_counts"]),
    )
    comparison["findings"] = findings_table(found)
    rows = indicator_tables["share_counts"].num_rows + indicator_tables["recorded"].num_rows
    compared_rows = comparison["shares"].num_rows + comparison["rates"].num_rows
    runner.write_stage_output(
        "comparison",
        comparison,
        packages=(reference, records, indicators, compare, stats),
        inputs=runner.outputs_of("enquiries"),
        rows_in=rows,
        rows_out=compared_rows,
        set_aside={NOT_COMPARED: rows - compared_rows},
        settings={
            "definition": published_request.definition,
            "similar": published_request.similar.name if published_request.similar else "ours",
        },
    )
    return comparison


def _inferred_years(share_counts: pa.Table) -> set[str]:
    """Return the financial years of which any offence code was inferred."""
    return set(share_counts.filter(share_counts["code_inferred"])["financial_year"].to_pylist())


def _write_release(
    runner: StageRunner,
    received: ReceivedStatistics,
    fact_tables: Mapping[str, pa.Table],
    indicator_tables: Mapping[str, pa.Table],
    comparison: Mapping[str, pa.Table],
    published_request: PublishedRequest,
    added: Sequence[AddedTable],
) -> sdc.Released:
    tables = {**fact_tables, **indicator_tables, **comparison}
    tables["findings"] = pa.concat_tables([indicator_tables["findings"], comparison["findings"]])
    tables["validation_errors"] = validation_error_table(received.errors)
    tables["sources"] = _sources(received, added)
    kinds = {file.return_kind for file in received.files if file.passed_on}
    answers = published_answers.published_answers(tables["children_services"], published_request.editions)
    tables |= {
        "breaks": register_tables.break_table(),
        "questions": register_tables.question_table(),
        "later_questions": register_tables.later_question_table(),
        published_answers.TABLE: published_answers.answer_table(answers),
        "measures": register_tables.measure_table(),
        "local_sources": register_tables.local_source_table(published_request.editions),
        "published_tables": added_table_stage.published_tables_table(kinds, added),
        **added_table_stage.added_table_rows(added),
    }
    tables["places"] = register_tables.place_table(tables["recorded"]["place_code"].to_pylist())
    tables["offences"] = register_tables.offence_table(
        tables["recorded"]["offence_key"].to_pylist(), published_request.definition
    )
    _select_places(tables)
    allowed = {name: tables[name].select(_columns(name)) for name in declared_tables() if name in tables}
    release_policy = policy("already published")
    released = release(
        allowed, policy=release_policy, ledger_head=runner.seal, edition=published_request.editions["recorded"]
    )
    runner.record_release(release_policy.name, len(allowed), released.ledger_head, list_stages(runner.receipts))
    rows = sum(table.num_rows for table in allowed.values())
    runner.write_stage_output(
        "disclosure",
        dict(released.tables),
        packages=(sdc,),
        inputs=runner.outputs_of("returns", "records", "enquiries", "comparison"),
        rows_in=rows,
        rows_out=sum(table.num_rows for table in released.tables.values()),
        settings={"policy": release_policy.name},
    )
    return released


def _select_places(tables: dict[str, pa.Table]) -> None:
    """Leave out rows about areas whose force has no recorded crime in the files: it has no page."""
    present = pa.array([*tables["places"]["place_code"].to_pylist()], pa.string())
    for name in PLACE_TABLES:
        column = "area_code" if name == "children_services" else "place_code"
        tables[name] = tables[name].filter(pc.is_in(tables[name][column], present))


def _columns(name: str) -> list[str]:
    return [column.name for column in declared_tables()[name].columns]


def _write_report(runner: StageRunner, released: sdc.Released, progress: Progress) -> report.ReportWritten:
    reports: list[report.ReportWritten] = []
    _write_stage(
        runner, released, lambda folder: reports.append(report.write_report(released, folder, progress=progress))
    )
    return reports[0]


def _write_stage(runner: StageRunner, released: sdc.Released, fill: Callable[[Path], object]) -> None:
    rows = sum(table.num_rows for table in released.tables.values())
    runner.write_stage_output(
        "report",
        {},
        packages=(report,),
        inputs=runner.outputs_of("disclosure"),
        rows_in=rows,
        rows_out=rows,
        fill=fill,
    )


def _summary(
    out: Path,
    received: ReceivedStatistics,
    released: sdc.Released,
    report_written: report.ReportWritten,
    definition: str,
    added: Sequence[AddedTable],
    *,
    named_files: bool,
) -> PublishedResult:
    key_prefixes = (f"{address('trend', definition, 'EW')}/", "all-series/")
    files_read = [*received.files, *(table.file for table in added)]
    national = [row for row in released.rows("findings") if row["key"].startswith(key_prefixes)]
    national.sort(key=lambda row: row["key"].startswith("all-series/"))
    return PublishedResult(
        folder=out,
        index=out / "report" / "index.html",
        pages=len(report_written.pages),
        findings=len(released.rows("findings")),
        rows_taken=sum(file.row_count for file in files_read),
        rows_set_aside=sum(file.row_count - file.passed_on for file in files_read),
        errors=sum(file_error.times for file_error in received.errors),
        key_findings=tuple(json.loads((out / "report" / KEY_FINDINGS_FILE).read_text(encoding="utf-8"))),
        cautions=_cautions(received, added, named_files),
        headline=tuple([row["sentence"] for row in national] or [NOT_NATIONAL]),
    )


def _cautions(received: ReceivedStatistics, added: Sequence[AddedTable], named_files: bool) -> tuple[str, ...]:
    """Return sentences on errors of whole files, headers from guidance, editions and revisions."""
    whole = [f"{file_error.source}: {file_error.correction}" for file_error in received.errors if not file_error.line]
    files_read = [*received.files, *(table.file for table in added)]
    editions = [f"{file.name}: {file.edition_note}" for file in files_read if file.edition_note]
    replaced = [_replaced_figures(received)] if named_files else []
    headers = [f"{file.name}: {file.header_note}" for file in received.files if file.header_note]
    return (*replaced, *whole, *headers, *editions, *(revision.sentence for revision in received.revisions))


def _replaced_figures(received: ReceivedStatistics) -> str:
    """Return that files replace every bundled figure, and what the files therefore lack."""
    read = {file.return_kind for file in received.files if file.passed_on}
    bundled = {file.return_kind for file in read_bundle().files}
    lacking = [register_tables.TITLES[kind][0] for kind in sorted(bundled - read)]
    sentence = "Only the files that you named were read; they replace all bundled figures"
    return f"{sentence}. No file held: {'; '.join(lacking)}." if lacking else f"{sentence}."
