"""What are inspectors told of a force before they travel, on at most eight printed pages, and without a grade?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assay.casefiles.file_allocation import design_of, marks_of
from assay.casefiles.file_sampling import SAMPLES, files_of
from assay.casefiles.sample_drawing import DRAWN
from assay.engine.provenance import one_at_a_time, read_stage
from assay.engine.provenance.stage_folders import stages_in
from assay.engine.stage_runner import Book
from assay.errors import UsageError
from assay.grading.claim_comparison import Claim, claims_of
from assay.grading.force_approaches import ways_of
from assay.grading.hypotheses import Raised, of_characteristic, raised, sentences
from assay.grading.strand_evidence import evidence_of
from assay.grading.triangulation import Triangulated, of_place, set_strands_together
from assay.indicators.evidence_strands import AGREE, DISAGREE
from assay.indicators.indicator_catalogue import indicators
from assay.indicators.question_set_catalogue import question_sets
from assay.ingest.inspection_folder import open_inspection, refuse_retired
from assay.ingest.other_senders import meaning
from assay.reference import Recommendation, recommendations
from assay.wording import counted
from assay.workflows.briefing.internal_pages import Written, beside, write_inside
from assay.workflows.briefing.national_intelligence import groups_of, lessons_of
from assay.workflows.judge.answer_cards import code_of

TOLD, OPEN, REASONS, LIMITS, CLAIMS, RAISED, PEOPLE, DOCUMENTS, FILES, PAST = 9, 20, 5, 6, 7, 8, 10, 8, 30, 8
"""How much of each part is said, so that the brief never passes eight pages; what is left is counted."""
EACH, WAYS, LEARNED = 2, 6, 5
"""Questions to one kind of person; approaches, teams and groups; lessons."""
OF_POLICE = ("chief constable", "police force")


@one_at_a_time
def write_brief(folder: Path, force: str, out: Path | None = None) -> Written:
    """Triangulate, and write the brief on a force by code or name; UsageError for one that was not asked."""
    inspection = open_inspection(folder)
    code = code_of(inspection.request, force)
    if not code:
        raise UsageError("A brief is on one force. Name it by code or name.")
    refuse_retired(inspection)
    set_strands_together(inspection, Book(folder))
    held = evidence_of(inspection)
    mine = of_place(held, code)
    claims = claims_of(inspection, held, code)
    found = raised(mine, claims, _named(folder, code))
    suggested = {one.of.characteristic.key for one in found}
    silent = [one for one in mine if not _tells(one)]
    name = inspection.request.bodies[code].name
    approaches, teams = ways_of(folder, code)
    national = {key: body.name for key, body in inspection.request.bodies.items() if body.national}
    told = {
        "period": held.period,
        "told": _first([(one, *_both(one)) for one in sorted(filter(_tells, mine), key=_pressing)], TOLD),
        "silent": _first([one for one in silent if one.characteristic.key not in suggested], OPEN),
        "limits": _first(_limits(mine), LIMITS),
        "reasons": _first(_not_asked(folder, code), REASONS),
        "claims": _first(sorted(claims, key=lambda one: one.stands), CLAIMS),
        "raised": _first(found, RAISED),
        "people": _first(_whom(silent, found), PEOPLE),
        "seen": _first(_documents(held.documents, held.checks, code), DOCUMENTS),
        "wanted": _wanted(held.documents, code, found),
        "samples": _samples(folder, code),
        "past": _first(_past(found, claims), PAST),
        "ways": _first(approaches, WAYS),
        "teams": _first(teams, WAYS),
        "groups": _first(groups_of(held.group_facts, code, held.names), WAYS),
        "learned": _first(lessons_of(held.lessons, code, national), LEARNED),
        "folder": folder.name,
        "code": code,
    }
    path = out or beside(folder, code, "brief")
    write_inside("brief.html", inspection, name, path, told)
    said = [f"{name}: {counted(len(found), 'characteristic')} of which something suggests that it is not there."]
    said += [f"  {one.of.characteristic.text} {one.of.certainty}" for one in found]
    return Written(path, code, tuple(said), {"raised": [one.of.characteristic.key for one in found]})


def _first(held: Iterable[Any], most: int) -> dict[str, Any]:
    every = list(held)
    return {"shown": every[:most], "more": max(0, len(every) - most)}


def _tells(one: Triangulated) -> bool:
    return any(strand.verdict in (AGREE, DISAGREE) for strand in one.strands)


def _pressing(one: Triangulated) -> tuple[bool, int]:
    """Where strands contradict each other first, then where most disagree."""
    return not one.disagree, -sum(strand.verdict == DISAGREE for strand in one.strands)


def _both(one: Triangulated) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return sentences(one, AGREE), sentences(one, DISAGREE)


def _limits(mine: Sequence[Triangulated]) -> list[tuple[str, str]]:
    """What the indicators that speak here cannot tell."""
    spoken = {key for one in mine for strand in one.strands if strand.kind == "data" and strand.telling
              for key in strand.rests_on}  # fmt: skip
    return [(form.title, form.limits) for form in indicators() if form.key in spoken]


def _not_asked(folder: Path, code: str) -> list[tuple[str, list[str]]]:
    """By reason: the questions that cannot be asked of this body, the reason with most of them first."""
    found: dict[str, list[str]] = {}
    if (folder / "answerability" / "answerability.parquet").is_file():
        for row in read_stage(folder, "answerability", "answerability").to_pylist():
            if row["force_code"] == code and row["answer"] == "none":
                found.setdefault(row["why"], []).append(row["question"])
    return sorted(found.items(), key=lambda one: -len(one[1]))


def _named(folder: Path, code: str) -> frozenset[str]:
    """The failure modes on whose side this body lies out, by all measures that would show them."""
    if not (folder / "comparison" / "taken_together.parquet").is_file():
        return frozenset()
    rows = read_stage(folder, "comparison", "taken_together").to_pylist()
    return frozenset(row["failure_mode"] for row in rows if row["place_code"] == code and row["unusual"])


def _whom(silent: Sequence[Triangulated], found: Sequence[Raised]) -> list[tuple[str, list[str]]]:
    """Whom to ask what: of what is suggested first, then of what nothing tells."""
    asked = [h for one in found for h in one.hypotheses]
    asked += [h for one in silent for h in of_characteristic(one.characteristic.key)]
    people: dict[str, list[str]] = {}
    for one in asked:
        questions = people.setdefault(one.whom, [])
        if len(questions) < EACH and one.ask not in questions:
            questions.append(one.ask)
    return list(people.items())


def _documents(documents: Sequence[Mapping[str, Any]], checks: Sequence[Mapping[str, Any]], code: str) -> list[str]:
    """The documents of this body that were seen, with how many items of a checklist were answered of each."""
    found = []
    for row in documents:
        if row["body_code"] == code:
            key = (row["sender"], row["document_ref"])
            answers = sum((one["sender"], one["document_ref"]) == key for one in checks)
            day = f"{row['dated_on']:%-d %B %Y}" if row["dated_on"] else "not dated"
            done = f"{counted(answers, 'item')} checked" if answers else "not checked yet"
            found.append(f"{row['document_ref']}: {meaning('document_kind', row['document_kind'])}, {day}; {done}")
    return found


def _wanted(documents: Sequence[Mapping[str, Any]], code: str, found: Sequence[Raised]) -> list[str]:
    """Kinds of documents that would show what is suggested, and were not seen."""
    seen = {row["document_kind"] for row in documents if row["body_code"] == code}
    kinds = [kind for one in found for h in one.hypotheses for kind in h.documents if kind not in seen]
    return [meaning("document_kind", kind) for kind in dict.fromkeys(kinds)]


def _samples(folder: Path, code: str) -> list[dict[str, Any]]:
    """Of each sample: the files of this force that were drawn and are not marked yet, in the order of drawing."""
    told = []
    for stage in stages_in(folder):
        if stage.startswith(f"{SAMPLES}/"):
            key = stage.split("/")[-1]
            marks = [mark for one in question_sets() for mark in marks_of(folder, key, one.key)]
            marked = {(mark["force_code"], mark["subject_ref"]) for mark in marks}
            mine = [one for one in files_of(folder, key) if one.force_code == code and one.status == DRAWN]
            left = [one.subject_ref for one in mine if (code, one.subject_ref) not in marked]
            title = design_of(folder, key).title
            told.append({"key": key, "title": title, "drawn": len(mine), "refs": _first(left, FILES)})
    return told


def _past(found: Sequence[Raised], claims: Sequence[Claim]) -> list[tuple[Recommendation, str]]:
    """Past recommendations to the police: those that the force says something of, then those on what is suggested."""
    of_past = [one for one in claims if one.recommendation]
    said = {one.recommendation: one.says.partition(":")[0].removeprefix("That this is ") for one in of_past}
    asked = {number for one in found for number in one.of.characteristic.questions}
    of_police = [one for one in recommendations() if any(word in one.owner.casefold() for word in OF_POLICE)]
    wanted = [one for one in of_police if one.key in said or asked & set(one.questions)]
    return [(one, said.get(one.key, "")) for one in sorted(wanted, key=lambda one: one.key not in said)]
