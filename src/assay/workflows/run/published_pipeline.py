"""How does the stream run on published statistics, room by room?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

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
from assay.engine import Store
from assay.engine.provenance import stages_listed
from assay.engine.stage_runner import Book
from assay.errors import SourceError, UsageError
from assay.facts import published_series as facts
from assay.indicators.catalogue.responses import published_outcomes
from assay.indicators.catalogue.scale import (
    process_charts,
    published_flag_findings,
    recorded_offences,
    series_tables,
    wane_findings,
)
from assay.indicators.findings import Finding, address, findings_table
from assay.ingest.official_statistics import Received, by_force_area, carried, fault_table, read
from assay.progress import Progress, silent
from assay.sdc import declared_tables, policy, release
from assay.workflows.run import published_comparison, register_tables

POPULATIONS = "a population estimate: rates rest on the register of populations that the program carries"
NOT_COMPARED = "not of the offences asked about, or not of a year that is compared"
NOT_NATIONAL = "There is no figure for England and Wales: not all 43 forces are in the files, and none is filled in."
OUTSIDE = "not a code or a body that this inspection asks about"


@dataclass(frozen=True)
class Inspected:
    """What an inspection made: its folder, the page to open, and what it says first."""

    folder: Path
    index: Path
    pages: int
    findings: int
    rows_taken: int
    rows_set_aside: int
    faults: int
    headline: tuple[str, ...]
    cautions: tuple[str, ...] = ()
    """What to know of the files before a figure is used: rows that they lack, and what a newer edition revised."""

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {name: str(value) if isinstance(value, Path) else value for name, value in vars(self).items()}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        return [
            f"{self.rows_taken:,} rows came in; {self.rows_set_aside:,} were set aside, each for a written reason; "
            f"{self.faults:,} faults are listed.",
            *self.cautions,
            *self.headline,
            f"{self.findings:,} findings on {self.pages:,} pages. Open this one first:",
            f"  {self.index}",
            f"To check every figure: assay verify {self.folder}",
        ]


@dataclass(frozen=True)
class Asked:
    """What this inspection was asked: which set of offences is counted together, and which forces are similar."""

    definition: str
    similar: Path | None
    editions: Mapping[str, str]

    @property
    def offences(self) -> str:
        """The offences counted together, in words that fit 'police recorded 61,388 ...'."""
        name = register_tables.offence_name(self.definition).removesuffix(" recorded by police")
        return name[0].lower() + name[1:]


def inspect_published(
    files: Sequence[Path] | None,
    out: Path,
    *,
    definition: str = "csa11",
    similar: Path | None = None,
    progress: Progress = silent,
) -> Inspected:
    """Run the stream on `files` (None: the figures that the program carries) into the folder `out`.

    `definition` is the set of offence codes that is counted together; `similar` an official list of similar forces.
    Raises SourceError when no recorded crime could be read, DefinitionError for an unknown definition.
    """
    reference.offence_sets().get(definition)
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file. Name a folder for the inspection; it is made if it is not there.")
    if out.is_dir() and any(out.iterdir()) and not (out / "ledger.jsonl").exists():
        raise UsageError(f"{out} holds other files. Name a new folder, or one that holds an inspection.")
    if (out / "inspection.toml").exists():
        raise UsageError(f"{out} holds an inspection of returns. Name another folder for published statistics.")
    received = _received(files, progress)
    asked = Asked(definition, similar, _editions(received))
    book = Book(out)
    book.begin()
    _returns(book, received)
    held = _records(book, received, progress)
    enquired = _enquiries(book, held, asked, progress)
    beside = _comparison(book, held, enquired, asked, progress)
    released = _release(book, received, held, enquired, beside, asked)
    written = _report(book, released, progress)
    book.close()
    return _summary(out, received, released, written, definition)


def _received(files: Sequence[Path] | None, progress: Progress) -> Received:
    if files is None:
        progress("Reading the figures that the program carries", 0, 0)
        return carried()
    received = read(files, progress=progress)
    if not received.tables["recorded"].num_rows:
        raise SourceError(
            "None of the files holds police recorded crime by force, and the inspection rests on it. "
            "Add the Home Office table 'police recorded crime open data, police force area' (ODS, XLSX or CSV)."
        )
    _refuse_other_offences(received)
    return received


def _refuse_other_offences(received: Received) -> None:
    """Refuse files whose recorded crime holds no sexual offence of any police force: every page would be empty."""
    with facts.open_store(received.tables) as store:
        counted = facts.kept_rows(store)["recorded"]
    if not counted:
        raise SourceError(
            "The files hold police recorded crime, but no sexual offence recorded by a police force, and the "
            "inspection counts those. Send the table with all its offence groups, or with the group 'Sexual offences'."
        )


def _editions(received: Received) -> dict[str, str]:
    """The words for the source of each return, and of each financial year of it ('recorded 2024/25')."""
    said = {"recorded": "", "outcomes": "", "children_in_need": "", "flagged": ""}
    for file in received.files:
        if file.passed_on:
            said[file.return_kind] = register_tables.source_words(file.name, file.edition)
    for kind in ("recorded", "outcomes"):
        rows = received.tables[kind].select(["financial_year", "source", "edition"])
        for row in rows.group_by(["financial_year", "source", "edition"]).aggregate([]).to_pylist():
            said[f"{kind} {row['financial_year']}"] = register_tables.source_words(row["source"], row["edition"])
    return said


def _returns(book: Book, received: Received) -> None:
    sent = dict(book.sent(file.name, file.sha256) for file in received.files)
    aside: dict[str, int] = {}
    for file in received.files:
        for reason, rows in file.set_aside.items():
            aside[reason] = aside.get(reason, 0) + rows
    held = {**received.tables, "faults": fault_table(received.faults), "sources": register_tables.sources(received)}
    book.write(
        "returns",
        held,
        rooms=(reference, ingest, contract, feedback, privacy),
        inputs=sent,
        taken=sum(file.taken for file in received.files),
        passed_on=sum(file.passed_on for file in received.files),
        set_aside=aside,
    )


def _records(book: Book, received: Received, progress: Progress) -> dict[str, pa.Table]:
    progress("Working out the facts", 0, 0)
    with facts.open_store(received.tables) as store:
        held = {
            "recorded_quarterly": facts.recorded_quarterly(store),
            "recorded": facts.recorded_yearly(store),
            "outcomes_yearly": facts.outcomes_yearly(store),
            "children_in_need": by_force_area(received.tables["children_in_need"]),
            "flagged": received.tables["flagged"],
        }
        kept = facts.kept_rows(store)
        statements = store.statements
    sizes = {name: table.num_rows for name, table in received.tables.items()}
    taken, children, populations = sum(sizes.values()), sizes["children_in_need"], sizes["population"]
    passed_on = kept["recorded"] + kept["outcomes"] + children + sizes["flagged"]
    book.write(
        "records",
        held,
        rooms=(reference, records),
        inputs=book.outputs_of("returns"),
        taken=taken,
        passed_on=passed_on,
        set_aside={OUTSIDE: taken - passed_on - populations, POPULATIONS: populations},
        sql=statements,
    )
    return held


def _enquiries(book: Book, held: Mapping[str, pa.Table], asked: Asked, progress: Progress) -> dict[str, pa.Table]:
    names = register_tables.names()
    made = _scale(held, asked, progress)
    with Store() as store:
        store.table("outcomes_yearly", held["outcomes_yearly"])
        published_outcomes.open_outcomes(store)
        made |= {
            "outcomes": published_outcomes.outcome_mix(store),
            "share_counts": published_outcomes.share_counts(store),
        }
        statements = store.statements
    found: list[Finding] = [
        *recorded_offences.findings(
            made["recorded"].to_pylist(),
            names=names,
            offence=asked.definition,
            offences=asked.offences,
            editions=asked.editions,
        ),
        *wane_findings.findings(
            made["trends"].to_pylist(),
            names=names,
            editions={"offences": asked.editions["recorded"], "assessments": asked.editions["children_in_need"]},
        ),
    ]
    present = {*held["recorded"]["place_code"].to_pylist(), *published_flag_findings.COUNTRIES}
    found += published_flag_findings.findings(
        held["flagged"].to_pylist(),
        names={code: name for code, name in names.items() if code in present},
        edition=asked.editions["flagged"],
    )
    found += wane_findings.together_finding(
        made["trends"].to_pylist(),
        asked.definition,
        reference.codes_of(asked.definition),
        names=names,
        edition=asked.editions["recorded"],
    )
    made["findings"] = findings_table(found)
    rows = sum(table.num_rows for table in held.values())
    book.write(
        "enquiries",
        made,
        rooms=(reference, records, indicators),
        inputs=book.outputs_of("records"),
        taken=rows,
        passed_on=rows,
        sql=statements,
        settings={"definition": asked.definition},
    )
    return made


def _scale(held: Mapping[str, pa.Table], asked: Asked, progress: Progress) -> dict[str, pa.Table]:
    assessed = held["children_in_need"].to_pylist()
    followed = series_tables.followed(
        held["recorded_quarterly"].to_pylist(), assessed, default=asked.definition, title=register_tables.count_name
    )
    trends, levels = series_tables.trends_and_levels(followed, progress)
    charts, words = process_charts.charts([one for one in followed if one.offence_key == asked.definition])
    return {
        "recorded": recorded_offences.with_rates(held["recorded"]),
        "trends": trends,
        "levels": levels,
        "process": charts,
        "process_words": words,
    }


def _comparison(
    book: Book, held: Mapping[str, pa.Table], enquired: Mapping[str, pa.Table], asked: Asked, progress: Progress
) -> dict[str, pa.Table]:
    made = published_comparison.side_by_side(enquired, asked.definition, asked.similar, asked.editions, progress)
    found = share_findings(
        made["shares"].to_pylist(),
        names=register_tables.names(),
        offence=asked.definition,
        offences=asked.offences,
        editions=asked.editions,
    )
    made["findings"] = findings_table(found)
    rows = enquired["share_counts"].num_rows + enquired["recorded"].num_rows
    compared_rows = made["shares"].num_rows + made["rates"].num_rows
    book.write(
        "comparison",
        made,
        rooms=(reference, records, indicators, compare, stats),
        inputs=book.outputs_of("enquiries"),
        taken=rows,
        passed_on=compared_rows,
        set_aside={NOT_COMPARED: rows - compared_rows},
        settings={"definition": asked.definition, "similar": asked.similar.name if asked.similar else "ours"},
    )
    return made


def _release(
    book: Book,
    received: Received,
    held: Mapping[str, pa.Table],
    enquired: Mapping[str, pa.Table],
    beside: Mapping[str, pa.Table],
    asked: Asked,
) -> sdc.Released:
    made = {**held, **enquired, **beside}
    made["findings"] = pa.concat_tables([enquired["findings"], beside["findings"]])
    made["faults"] = fault_table(received.faults)
    made["sources"] = register_tables.sources(received)
    made |= {
        "breaks": register_tables.breaks(),
        "questions": register_tables.questions(),
        "measures": register_tables.measures(),
    }
    made["places"] = register_tables.places(made["recorded"]["place_code"].to_pylist())
    made["offences"] = register_tables.offences(made["recorded"]["offence_key"].to_pylist(), asked.definition)
    allowed = {name: made[name].select(_columns(name)) for name in declared_tables() if name in made}
    chosen = policy("already published")
    released = release(allowed, policy=chosen, ledger_head=book.seal, edition=asked.editions["recorded"])
    book.note_release(chosen.name, len(allowed), released.ledger_head, stages_listed(book.receipts))
    rows = sum(table.num_rows for table in allowed.values())
    book.write(
        "disclosure",
        dict(released.tables),
        rooms=(sdc,),
        inputs=book.outputs_of("returns", "records", "enquiries", "comparison"),
        taken=rows,
        passed_on=sum(table.num_rows for table in released.tables.values()),
        settings={"policy": chosen.name},
    )
    return released


def _columns(name: str) -> list[str]:
    return [column.name for column in declared_tables()[name].columns]


def _report(book: Book, released: sdc.Released, progress: Progress) -> report.ReportWritten:
    written: list[report.ReportWritten] = []
    rows = sum(table.num_rows for table in released.tables.values())
    book.write(
        "report",
        {},
        rooms=(report,),
        inputs=book.outputs_of("disclosure"),
        taken=rows,
        passed_on=rows,
        fill=lambda folder: written.append(report.write(released, folder, progress=progress, with_pdf=True)),
    )
    return written[0]


def _summary(
    out: Path, received: Received, released: sdc.Released, written: report.ReportWritten, definition: str
) -> Inspected:
    wanted = (f"{address('trend', definition, 'EW')}/", "all-series/")
    national = [row for row in released.rows("findings") if row["key"].startswith(wanted)]
    national.sort(key=lambda row: row["key"].startswith("all-series/"))
    return Inspected(
        folder=out,
        index=out / "report" / "index.html",
        pages=len(written.pages),
        findings=len(released.rows("findings")),
        rows_taken=sum(file.taken for file in received.files),
        rows_set_aside=sum(file.taken - file.passed_on for file in received.files),
        faults=sum(fault.times for fault in received.faults),
        cautions=_cautions(received),
        headline=tuple([row["sentence"] for row in national] or [NOT_NATIONAL]),
    )


def _cautions(received: Received) -> tuple[str, ...]:
    """The faults of whole files, and the revisions, as sentences."""
    whole = [f"{fault.source}: {fault.what_to_do}" for fault in received.faults if fault.row is None]
    return (*whole, *(one.sentence for one in received.revisions))
