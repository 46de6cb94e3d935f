"""The page of one sample: precision of the design, progress of rating, agreement and results.

The page is for inspectors only: it has references of files, names of forces and counts that may be small. Nothing of it
may be published without disclosure control.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.casefiles.agreement_tables import agreement_table, auditor_table, group_agreement_table, severity_table
from assay.casefiles.auditor_comparison import compare_auditors
from assay.casefiles.file_allocation import assigned_of, design_of, missing_of, sample_ratings
from assay.casefiles.file_sampling import files_of, replace_missing, strata_of
from assay.casefiles.list_question_results import ListResult, list_results, lists_table
from assay.casefiles.rater_agreement import agreement_by_force, agreement_by_rater, question_agreement, rater_severity
from assay.casefiles.ratings import current_ratings
from assay.casefiles.ratio_estimates import Ratio, ratios
from assay.casefiles.registered_documents import is_purposive
from assay.casefiles.result_sentences import answer_text
from assay.casefiles.result_tables import (
    ALL_FORCES,
    bands_table,
    ratio_table,
    results_table,
    scored_table,
    stratum_label,
)
from assay.casefiles.sample_designs import Design
from assay.casefiles.sample_drawing import SAMPLED, WORST
from assay.casefiles.sample_results import (
    EFFECTIVE_FILES_TODAY,
    FILES_TODAY,
    FORCES_TODAY,
    INTRA_CLUSTER_CORRELATION,
    Result,
    results,
)
from assay.casefiles.sampling_frames import strata_in_order
from assay.casefiles.scored_estimates import ScoredEstimate, scored_estimates
from assay.contract.question_sets import ListQuestion, Question
from assay.indicators import EVERYWHERE
from assay.indicators.question_set_catalogue import question_set
from assay.ingest.inspection_folder import open_inspection
from assay.report.internal_page import write_internal_page
from assay.report.page_elements import Grid, grid
from assay.stats.samples.sample_allocation import allocation_half_width
from assay.stats.samples.sample_sizes import cluster_design_effect, sample_precision
from assay.wording import count_phrase, format_number, percent

STANDARD = 0.9
"""A common standard: the page shows in advance which shares can be distinguished from it."""


@dataclass(frozen=True)
class SamplePage:
    """The page of a sample that was written, with its results, ratios, list results and estimates from scores."""

    path: Path
    found: tuple[Result, ...]
    ratios: tuple[Ratio, ...]
    scored: tuple[ScoredEstimate, ...]
    lists: tuple[ListResult, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON-ready values."""
        details = {name: [item.as_dict() for item in getattr(self, name)] for name in ("ratios", "scored", "lists")}
        return {"page": str(self.path), "results": [_as_dict(item) for item in self.found], **details}

    def summary_lines(self) -> list[str]:
        """Return the result as lines for a terminal."""
        lines = [f"{item.question.key}: {answer_text(item.share)}" for item in self.found if item.place == EVERYWHERE]
        lines += [item.summary_line() for item in self.lists if item.place == EVERYWHERE]
        for item in self.ratios:
            if item.place == EVERYWHERE and not item.stratum:
                lines += ["", *item.summary_lines()]
        for scored_one in self.scored:
            lines += ["", *scored_one.summary_lines()]
        return [*lines, "", f"Open {self.path}"]


def write_page(folder: Path, key: str, questions: str, out: Path) -> SamplePage:
    """Write the page of a sample for one question set; raise UsageError if the sample was not drawn."""
    summary = summarise_sample(folder, key, questions)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_internal_page(out, "assay.casefiles", "sample.html", summary.names, summary.page)
    return SamplePage(out, summary.found, summary.ratios, summary.scored, summary.lists)


@dataclass(frozen=True)
class SampleSummary:
    """The summary of a sample for its page: names of forces, page content, and results."""

    names: Mapping[str, str]
    page: Mapping[str, Any]
    found: tuple[Result, ...]
    ratios: tuple[Ratio, ...]
    scored: tuple[ScoredEstimate, ...]
    lists: tuple[ListResult, ...]


def summarise_sample(folder: Path, key: str, questions: str) -> SampleSummary:
    """Return the content of the page of a sample; raise UsageError if it was not drawn."""
    design, instrument, inspection = design_of(folder, key), question_set(questions), open_inspection(folder)
    names = {code: organisation.name for code, organisation in inspection.request.organisations.items()}
    found, parts = tuple(results(folder, key, questions)), tuple(ratios(folder, key, questions))
    by_score, list_rows = tuple(scored_estimates(folder, key, questions)), tuple(list_results(folder, key, questions))
    page = {
        "root": "",
        "title": design.title,
        "asked": instrument,
        "seed": design.seed,
        "design": _design(folder, key, names),
        "progress": progress_table(folder, key, questions),
        "agreement": agreement_table(question_agreement(folder, key, questions), found),
        "severity": severity_table(rater_severity(folder, key, questions)),
        "apart": _agreement_tables(folder, key, questions, names),
        "auditors": auditor_table(compare_auditors(folder, key, questions), names),
        "results": [
            table for question in instrument.questions for table in _tables(question, found, parts, list_rows, names)
        ],
        "scored": [scored_table(by_score), bands_table(by_score)] if by_score else [],
        "today": FILES_TODAY,
        "forces_today": format_number(FORCES_TODAY),
        "correlation": f"{INTRA_CLUSTER_CORRELATION:g}",
        "worth_today": format_number(round(EFFECTIVE_FILES_TODAY)),
        "marked": any(sum(item.answers.values()) for item in found)
        or any(item.answered for item in parts)
        or any(item.answered for item in list_rows),
        "peers": any(item.pooled != item.share for item in found),
    }
    return SampleSummary(names, page, found, parts, by_score, list_rows)


def _agreement_tables(folder: Path, key: str, questions: str, names: Mapping[str, str]) -> list[Grid]:
    """Return the tables of agreement by rater and by force."""
    tables = (
        group_agreement_table(
            "How often does each rater agree with the others?", "Marker", agreement_by_rater(folder, key, questions), {}
        ),
        group_agreement_table(
            "How often do two raters agree, by force?", "Force", agreement_by_force(folder, key, questions), names
        ),
    )
    return [table for table in tables if table]


def _tables(
    question: Question,
    found: tuple[Result, ...],
    parts: tuple[Ratio, ...],
    list_rows: tuple[ListResult, ...],
    names: Mapping[str, str],
) -> list[Grid]:
    """Return the tables of results of one question; a number that is a whole comes with its part."""
    if any(item.part.key == question.key for item in parts):
        return [ratio_table(question.key, parts, names)]
    if isinstance(question, ListQuestion):
        return [lists_table(question, list_rows, names)]
    has_results = any(item.question.key == question.key for item in found)
    return [results_table(question.key, found, names)] if has_results else []


def _design(folder: Path, key: str, names: dict[str, str]) -> Grid:
    """Return the table of the precision of the design before fieldwork.

    For all forces, for each force if strata lie within forces, and for each stratum other than a force.
    """
    design = design_of(folder, key)
    sampled = [sampled_file for sampled_file in files_of(folder, key) if sampled_file.status == SAMPLED]
    files, records = Counter(sampled_file.stratum for sampled_file in sampled), dict(strata_of(folder, key))
    forces: dict[str, set[str]] = {}
    for sampled_file in sampled:
        forces.setdefault(sampled_file.force_code, set()).add(sampled_file.stratum)
    rows = [_precision_row(ALL_FORCES, [(files[name], size) for name, size in records.items()], _design_effect(design))]
    if sum(map(len, forces.values())) == len(files):  # else no force has a number of records of its own
        for code, force_strata in sorted(forces.items()):
            rows.append(
                _precision_row(names.get(code, code), [(files[name], records[name]) for name in sorted(force_strata)])
            )
    if set(files) != set(forces):
        for name in strata_in_order(design, files):
            rows.append(_precision_row(stratum_label(name, names), [(files[name], records[name])]))
    heads = ("Where", "#Files", "#Of records", "#Margin of error for a share of 50%", "#Upper limit if none is found",
             f"#Detected below {percent(STANDARD, 0)}, if at most")  # fmt: skip
    note = (
        "Margin of error: half of the 95% interval of a share of 50%, with the strata as they were drawn. Upper limit: "
        "the largest share of records that is still possible if no file shows it. "
        f"Detected below {percent(STANDARD, 0)}: four samples of five find that a share so low is below "
        f"{percent(STANDARD, 0)}. The last two treat each row as one simple random sample."
    )
    if design.forces:
        note += (
            " Forces were drawn first, and files of one force are similar. The row for all forces assumes an "
            f"intra-cluster correlation of {INTRA_CLUSTER_CORRELATION:g}, which is not known before the files are read."
        )
    return grid("Precision before fieldwork", heads, rows, note=note)


def _design_effect(design: Design) -> float:
    """Return the design effect of the first stage of forces (Kish)."""
    return cluster_design_effect(design.files_each, INTRA_CLUSTER_CORRELATION) if design.forces else 1.0


def _precision_row(name: str, strata: Sequence[tuple[int, int]], effect: float = 1.0) -> tuple[str, ...]:
    """A row on the precision of some strata, (files, records), divided by the design effect."""
    files, records = (sum(column) for column in zip(*strata, strict=True))
    sizes, n_read = [n_records for _, n_records in strata], [read for read, _ in strata]
    show = sample_precision(max(round(files / effect), 1), records, STANDARD)
    half = allocation_half_width(sizes, n_read, [WORST] * len(strata)) if all(n_read) else show.half_width
    points = f"{100 * min(half, WORST):.0f} points"  # half a share to either side is all that can be
    return (
        name,
        format_number(files),
        format_number(records),
        points,
        percent(show.maximum_if_none_found, 0),
        _below(show.detectable_below),
    )


def _below(share: float | None) -> str:
    return "none" if share is None else percent(share, 0)


def progress_table(folder: Path, key: str, questions: str) -> Grid | None:
    """Return a table of each rater's progress; None before the files are allocated."""
    assignments, instrument = assigned_of(folder, key, questions), question_set(questions)
    ratings = current_ratings(sample_ratings(folder, key, questions))
    rows = []
    for code in sorted({assignment.marker for assignment in assignments}):
        files = [assignment for assignment in assignments if assignment.marker == code]
        rater_ratings = [rating for rating in ratings if rating["marker_code"] == code]
        whole = len(files) * len(instrument.questions)
        rows.append(
            (
                code,
                format_number(len(files)),
                format_number(len(rater_ratings)),
                format_number(whole - len(rater_ratings)),
            )
        )
    missing_files = missing_of(folder, key, questions)
    is_sampled = not is_purposive(folder, key)
    n_unreplaced = (
        sum(replace_missing(folder, key, missing_files).short.values()) if missing_files and is_sampled else 0
    )
    consequence = "the next of the stratum was read" if is_sampled else "they are not replaced"
    note = f"{count_phrase(len(missing_files), 'file')} could not be found, and {consequence}." if missing_files else ""
    note += f" For {format_number(n_unreplaced)} there was no other." if n_unreplaced else ""
    heads = ("Marker", "#Files", "#Marks sealed", "#Not marked yet")
    return grid("Progress of rating", heads, rows, note=note) if rows else None


def _as_dict(result: Result) -> dict[str, Any]:
    share = {
        "value": result.share.value,
        "low": result.share.low,
        "high": result.share.high,
        "words": result.share.words,
    }
    counts = {"files": result.files, "base": result.base, "missing": result.missing, "answers": dict(result.answers)}
    return {"question": result.question.key, "place": result.place, **counts, "share": share}
