"""What does the team see of one sample: what its files can say, how far the marking is, who agrees, what was found?

For the inspection's own people: it names files by reference and forces by name, with counts that may be small. Nothing
of it leaves the building without disclosure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.casefiles.agreement_tables import agreement_table, auditors_table, severity_table, together_table
from assay.casefiles.auditor_comparison import auditors
from assay.casefiles.file_allocation import assigned_of, design_of, marks_of, missing_of
from assay.casefiles.file_sampling import files_of, replace_missing, strata_of
from assay.casefiles.rated_lists import Listed, lists, lists_table
from assay.casefiles.rater_agreement import agreement, agreement_of_forces, agreement_of_markers, severity
from assay.casefiles.ratings import standing
from assay.casefiles.ratio_estimates import Ratio, ratios
from assay.casefiles.registered_documents import is_chosen
from assay.casefiles.result_sentences import said
from assay.casefiles.result_tables import ALL, bands_table, ratio_table, results_table, scored_table, where
from assay.casefiles.sample_designs import Design
from assay.casefiles.sample_drawing import DRAWN, WORST
from assay.casefiles.sample_results import FILES_TODAY, FORCES_TODAY, LIKENESS, WORTH_TODAY, Result, results
from assay.casefiles.sampling_frames import strata_in_order
from assay.casefiles.scored_estimates import Scored, scored
from assay.contract.question_sets import ListQuestion, Question
from assay.indicators import EVERYWHERE
from assay.indicators.question_set_catalogue import question_set
from assay.ingest.inspection_folder import open_inspection
from assay.report.internal_page import write_inside_page
from assay.report.page_elements import Grid, grid
from assay.stats.samples.sample_allocation import half_width_of
from assay.stats.samples.sample_sizes import two_stage_effect, what_files_show
from assay.wording import counted, number, percent

STANDARD = 0.9
"""A share that is often asked for: what files can tell from it is said before one is read."""


@dataclass(frozen=True)
class Shown:
    """The page that was written."""

    path: Path
    found: tuple[Result, ...]
    ratios: tuple[Ratio, ...]
    scored: tuple[Scored, ...]
    lists: tuple[Listed, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        told = {name: [one.as_dict() for one in getattr(self, name)] for name in ("ratios", "scored", "lists")}
        return {"page": str(self.path), "results": [_as_dict(one) for one in self.found], **told}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        lines = [f"{one.question.key}: {said(one.share)}" for one in self.found if one.place == EVERYWHERE]
        lines += [one.in_words() for one in self.lists if one.place == EVERYWHERE]
        for one in self.ratios:
            if one.place == EVERYWHERE and not one.stratum:
                lines += ["", *one.in_words()]
        for scored_one in self.scored:
            lines += ["", *scored_one.in_words()]
        return [*lines, "", f"Open {self.path}"]


def write_page(folder: Path, key: str, questions: str, out: Path) -> Shown:
    """Write the page of a question set of a sample; UsageError where the sample was not drawn."""
    told = told_of(folder, key, questions)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_inside_page(out, "assay.casefiles", "sample.html", told.names, told.page)
    return Shown(out, told.found, told.ratios, told.scored, told.lists)


@dataclass(frozen=True)
class Told:
    """What there is to be told of a sample: the names of its forces, what the page says, and what was found."""

    names: Mapping[str, str]
    page: Mapping[str, Any]
    found: tuple[Result, ...]
    ratios: tuple[Ratio, ...]
    scored: tuple[Scored, ...]
    lists: tuple[Listed, ...]


def told_of(folder: Path, key: str, questions: str) -> Told:
    """What the page of a question set of a sample says; UsageError where the sample was not drawn."""
    design, asked, inspection = design_of(folder, key), question_set(questions), open_inspection(folder)
    names = {code: body.name for code, body in inspection.request.bodies.items()}
    found, parts = tuple(results(folder, key, questions)), tuple(ratios(folder, key, questions))
    by_score, named = tuple(scored(folder, key, questions)), tuple(lists(folder, key, questions))
    page = {
        "root": "",
        "title": design.title,
        "asked": asked,
        "seed": design.seed,
        "design": _design(folder, key, names),
        "progress": progress_table(folder, key, questions),
        "agreement": agreement_table(agreement(folder, key, questions), found),
        "severity": severity_table(severity(folder, key, questions)),
        "apart": _apart(folder, key, questions, names),
        "auditors": auditors_table(auditors(folder, key, questions), names),
        "results": [table for question in asked.questions for table in _tables(question, found, parts, named, names)],
        "scored": [scored_table(by_score), bands_table(by_score)] if by_score else [],
        "today": FILES_TODAY,
        "forces_today": number(FORCES_TODAY),
        "likeness": f"{LIKENESS:g}",
        "worth_today": number(round(WORTH_TODAY)),
        "marked": any(sum(one.answers.values()) for one in found)
        or any(one.told for one in parts)
        or any(one.told for one in named),
        "peers": any(one.pooled != one.share for one in found),
    }
    return Told(names, page, found, parts, by_score, named)


def _apart(folder: Path, key: str, questions: str, names: Mapping[str, str]) -> list[Grid]:
    """Who agrees with the others, and on whose files two agree."""
    tables = (
        together_table("Who answers as the others do?", "Marker", agreement_of_markers(folder, key, questions), {}),
        together_table("On whose files do two agree?", "Force", agreement_of_forces(folder, key, questions), names),
    )
    return [one for one in tables if one]


def _tables(
    question: Question,
    found: tuple[Result, ...],
    parts: tuple[Ratio, ...],
    named: tuple[Listed, ...],
    names: Mapping[str, str],
) -> list[Grid]:
    """What was found of one question; a number that is a whole is told with its part."""
    if any(one.part.key == question.key for one in parts):
        return [ratio_table(question.key, parts, names)]
    if isinstance(question, ListQuestion):
        return [lists_table(question, named, names)]
    told = any(one.question.key == question.key for one in found)
    return [results_table(question.key, found, names)] if told else []


def _design(folder: Path, key: str, names: dict[str, str]) -> Grid:
    """Before fieldwork: what the files of all forces will be able to say, of each where strata lie within one, and of
    each stratum where strata are not the forces."""
    design = design_of(folder, key)
    drawn = [one for one in files_of(folder, key) if one.status == DRAWN]
    files, records = Counter(one.stratum for one in drawn), dict(strata_of(folder, key))
    forces: dict[str, set[str]] = {}
    for one in drawn:
        forces.setdefault(one.force_code, set()).add(one.stratum)
    rows = [_showing(ALL, [(files[name], size) for name, size in records.items()], _effect(design))]
    if sum(map(len, forces.values())) == len(files):  # else no force has a number of records of its own
        for code, mine in sorted(forces.items()):
            rows.append(_showing(names.get(code, code), [(files[name], records[name]) for name in sorted(mine)]))
    if set(files) != set(forces):
        for name in strata_in_order(design, files):
            rows.append(_showing(where(name, names), [(files[name], records[name])]))
    heads = ("Where", "#Files", "#Of records", "#Give or take, at a half", "#If none is found, at most",
             f"#Told from {percent(STANDARD, 0)}, if at most")  # fmt: skip
    note = (
        "Give or take: half of the 95% interval of a share of one half, with the strata as they were drawn. If none is "
        "found: the largest share of records that may still be so. "
        f"Told from {percent(STANDARD, 0)}: a share so low is found to be below that standard in four samples of five. "
        "Both as if a row were one draw by equal chance."
    )
    if design.forces:
        note += (
            " Forces were drawn first, and files of one force are alike: all forces together as if by "
            f"{LIKENESS:g} (the correlation of two files of one force), which nobody knows before they are read."
        )
    return grid("What these files will be able to say", heads, rows, note=note)


def _effect(design: Design) -> float:
    """By how much drawing forces first widens what is said of all."""
    return two_stage_effect(design.files_each, LIKENESS) if design.forces else 1.0


def _showing(name: str, strata: Sequence[tuple[int, int]], effect: float = 1.0) -> tuple[str, ...]:
    """What the files of some strata, (files, records), will be able to say together, worth so many times fewer."""
    files, records = (sum(column) for column in zip(*strata, strict=True))
    sizes, drawn = [of for _, of in strata], [read for read, _ in strata]
    show = what_files_show(max(round(files / effect), 1), records, STANDARD)
    half = half_width_of(sizes, drawn, [WORST] * len(strata)) if all(drawn) else show.half_width
    points = f"{100 * min(half, WORST):.0f} points"  # half a share to either side is all that can be
    return name, number(files), number(records), points, percent(show.most_if_none, 0), _below(show.far_below)


def _below(share: float | None) -> str:
    return "none" if share is None else percent(share, 0)


def progress_table(folder: Path, key: str, questions: str) -> Grid | None:
    """How far the marking is, marker by marker; None before anything was given out."""
    held, asked = assigned_of(folder, key, questions), question_set(questions)
    marks = standing(marks_of(folder, key, questions))
    rows = []
    for code in sorted({one.marker for one in held}):
        files = [one for one in held if one.marker == code]
        mine = [mark for mark in marks if mark["marker_code"] == code]
        whole = len(files) * len(asked.questions)
        rows.append((code, number(len(files)), number(len(mine)), number(whole - len(mine))))
    gone = missing_of(folder, key, questions)
    drawn = not is_chosen(folder, key)
    alone = sum(replace_missing(folder, key, gone).short.values()) if gone and drawn else 0
    instead = "the next of the stratum was read" if drawn else "nothing takes their place"
    note = f"{counted(len(gone), 'file')} could not be found, and {instead}." if gone else ""
    note += f" For {number(alone)} there was no other." if alone else ""
    heads = ("Marker", "#Files", "#Marks sealed", "#Not marked yet")
    return grid("How far the marking is", heads, rows, note=note) if rows else None


def _as_dict(one: Result) -> dict[str, Any]:
    told = {"value": one.share.value, "low": one.share.low, "high": one.share.high, "words": one.share.words}
    counts = {"files": one.files, "base": one.base, "missing": one.missing, "answers": dict(one.answers)}
    return {"question": one.question.key, "place": one.place, **counts, "share": told}
