"""Write a brief on one force for inspectors before fieldwork: at most eight printed pages, without a grade."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assay.casefiles.file_allocation import design_of, sample_ratings
from assay.casefiles.file_sampling import SAMPLES, files_of
from assay.casefiles.sample_drawing import SAMPLED
from assay.engine.provenance import read_stage, with_folder_lock
from assay.engine.provenance.stage_folders import list_stages
from assay.engine.stage_runner import StageRunner
from assay.errors import UsageError
from assay.grading.claim_comparison import Claim, claims_of
from assay.grading.evidence_sentences import figure_sentence
from assay.grading.force_approaches import describe_approaches
from assay.grading.force_evidence import WORSE, EvidenceItem, EvidenceTables, characteristic_evidence
from assay.grading.grading_rules import rules
from assay.grading.hypotheses import RaisedHypotheses, raise_hypotheses, source_sentences
from assay.grading.hypothesis_register import Hypothesis, hypotheses_of
from assay.grading.inspection_evidence import InspectionEvidence, collect_evidence
from assay.grading.triangulation import TriangulatedCharacteristic, build_triangulation_stage, triangulate_place
from assay.indicators.evidence_sources import AGREE, DISAGREE
from assay.indicators.failure_mode_measures import MEASURES_OF_MODE
from assay.indicators.indicator_catalogue import indicators
from assay.indicators.question_set_catalogue import question_sets
from assay.ingest.inspection_folder import Inspection, open_inspection, refuse_retired
from assay.ingest.other_senders import meaning
from assay.reference import Recommendation, characteristics, recommendations
from assay.wording import count_phrase
from assay.workflows.briefing.inspector_watch_list import brief_watch_entries, brief_watch_notes
from assay.workflows.briefing.internal_pages import WrittenPage, default_page_path, write_briefing_page
from assay.workflows.briefing.national_intelligence import cross_force_groups, relevant_lessons
from assay.workflows.judge.answer_cards import find_force_code

MAX_FINDINGS = 9
MAX_UNANSWERED = 20
MAX_REASONS = 5
MAX_LIMITS = 6
MAX_CLAIMS = 7
MAX_ISSUES = 8
MAX_PEOPLE = 10
MAX_DOCUMENTS = 8
MAX_FILES = 30
MAX_RECOMMENDATIONS = 8
MAX_WATCHED = 5
"""Maximum number of items in each part, so that the brief has at most eight pages; the rest is counted."""
MAX_QUESTIONS, MAX_APPROACHES, MAX_LESSONS = 2, 6, 5
"""Questions to one kind of person; approaches, teams and groups; lessons."""
POLICE_OWNERS = ("chief constable", "police force")


@with_folder_lock
def write_brief(folder: Path, force: str, out: Path | None = None) -> WrittenPage:
    """Triangulate the evidence, and write the brief on a force (code or name); UsageError for a force out of scope."""
    inspection = open_inspection(folder)
    code = find_force_code(inspection.request, force)
    if not code:
        raise UsageError("A brief is on one force. Name it by code or name.")
    refuse_retired(inspection)
    build_triangulation_stage(inspection, StageRunner(folder))
    evidence = collect_evidence(inspection)
    findings = triangulate_place(evidence, code)
    claims = claims_of(inspection, evidence, code)
    issues = raise_hypotheses(findings, claims, _outlier_failure_modes(folder, code))
    suggested = {item.triangulation.characteristic.key for item in issues}
    silent = [item for item in findings if not _is_conclusive(item)]
    name = inspection.request.organisations[code].name
    approaches, teams = describe_approaches(folder, code)
    national = {
        key: organisation.name
        for key, organisation in inspection.request.organisations.items()
        if organisation.is_national
    }
    alerts = _alert_questions(evidence.tables, code)
    context = {
        "period": evidence.period,
        "answer": _answer_sentences(len(alerts), len(issues), len(silent)),
        "verdicts": _first_items(
            [
                (item, *_sentences_for_and_against(item))
                for item in sorted(filter(_is_conclusive, findings), key=_priority)
            ],
            MAX_FINDINGS,
        ),
        "watched": _first_items(brief_watch_entries(folder, code), MAX_WATCHED),
        "watch_notes": brief_watch_notes(folder, code),
        "alerts": alerts,
        "silent": _first_items([item for item in silent if item.characteristic.key not in suggested], MAX_UNANSWERED),
        "limits": _first_items(_limits(findings), MAX_LIMITS),
        "reasons": _first_items(_unanswerable_questions(folder, code), MAX_REASONS),
        "claims": _first_items(sorted(claims, key=lambda item: item.verdict), MAX_CLAIMS),
        "raised": _first_items(issues, MAX_ISSUES),
        "people": _first_items(_questions_by_person(silent, issues), MAX_PEOPLE),
        "seen": _first_items(_documents(evidence.documents, evidence.checks, code), MAX_DOCUMENTS),
        "wanted": _missing_documents(evidence.documents, code, issues),
        "samples": _samples(folder, code),
        "past": _first_items(_past_recommendations(issues, claims), MAX_RECOMMENDATIONS),
        "ways": _first_items(approaches, MAX_APPROACHES),
        "teams": _first_items(teams, MAX_APPROACHES),
        "groups": _first_items(cross_force_groups(evidence.group_facts, code, evidence.names), MAX_APPROACHES),
        "learned": _first_items(relevant_lessons(evidence.lessons, code, national), MAX_LESSONS),
        "folder": folder.name,
        "code": code,
    }
    path = out or default_page_path(folder, code, "brief")
    write_briefing_page("brief.html", inspection, name, path, context)
    raised = [item.triangulation.characteristic.key for item in issues]
    return WrittenPage(path, code, _summary(name, issues), {"raised": raised})


def _summary(name: str, issues: Sequence[RaisedHypotheses]) -> tuple[str, ...]:
    """Return the sentences to print: how many characteristics may be missing, and which."""
    return (
        f"{name}: {count_phrase(len(issues), 'characteristic')} of which something suggests that it is not there.",
        *(f"  {item.triangulation.characteristic.text} {item.triangulation.certainty}" for item in issues),
    )


def _answer_sentences(alerts: int, issues: int, silent: int) -> str:
    """Return how much stands against the force, and how much is not known: the first lines of the brief."""
    alert_text = f"{count_phrase(alerts, 'outlier alert')} for the worse" if alerts else "No outlier alert"
    suggested = count_phrase(issues, "characteristic")
    unknown = count_phrase(silent, "characteristic")
    return f"{alert_text}. Evidence suggests that {suggested} may be missing. On {unknown} there is no evidence yet."


def brief_topics(inspection: Inspection, evidence: InspectionEvidence, code: str) -> frozenset[str]:
    """Return the topics on which the brief asks questions: measures and failure modes with an alert, and
    characteristics."""
    claims = claims_of(inspection, evidence, code)
    modes = _outlier_failure_modes(inspection.folder, code)
    issues = raise_hypotheses(triangulate_place(evidence, code), claims, modes)
    raised = (item.triangulation.characteristic.key for item in issues)
    return frozenset((*alerted_keys(evidence.tables, code), *raised))


def _first_items(items: Iterable[Any], limit: int) -> dict[str, Any]:
    values = list(items)
    return {"shown": values[:limit], "more": max(0, len(values) - limit)}


def _is_conclusive(finding: TriangulatedCharacteristic) -> bool:
    return any(source.verdict in (AGREE, DISAGREE) for source in finding.sources)


def _priority(finding: TriangulatedCharacteristic) -> tuple[bool, int]:
    """Return the sort key: contradicting strands first, then those that disagree most."""
    return not finding.disagree, -sum(source.verdict == DISAGREE for source in finding.sources)


def _sentences_for_and_against(finding: TriangulatedCharacteristic) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return source_sentences(finding, AGREE), source_sentences(finding, DISAGREE)


def _limits(findings: Sequence[TriangulatedCharacteristic]) -> list[tuple[str, str]]:
    """Return what the indicators of this page cannot show."""
    spoken = {
        key
        for finding in findings
        for source in finding.sources
        if source.kind == "data" and source.verdict_statements
        for key in source.evidence_keys
    }
    return [(form.title, form.limits) for form in indicators() if form.key in spoken]


def _unanswerable_questions(folder: Path, code: str) -> list[tuple[str, list[str]]]:
    """Return by reason the questions that are not answerable for this force, the commonest reason first."""
    found: dict[str, list[str]] = {}
    if (folder / "answerability" / "answerability.parquet").is_file():
        for row in read_stage(folder, "answerability", "answerability").to_pylist():
            if row["force_code"] == code and row["answer"] == "none":
                found.setdefault(row["why"], []).append(row["question"])
    return sorted(found.items(), key=lambda item: -len(item[1]))


def _outlier_failure_modes(folder: Path, code: str) -> frozenset[str]:
    """Return the failure modes for which this force is an outlier by a combined test."""
    if not (folder / "comparison" / "combined_tests.parquet").is_file():
        return frozenset()
    rows = read_stage(folder, "comparison", "combined_tests").to_pylist()
    return frozenset(row["failure_mode"] for row in rows if row["place_code"] == code and row["outlier_alert"])


def _alert_questions(tables: EvidenceTables, code: str) -> list[tuple[str, str, str]]:
    """Return every outlier alert for the worse of this force, with its figure, whom to ask and what to ask."""
    found = []
    for key, (characteristic, item) in _alerts(tables, code).items():
        hypothesis = _hypothesis_of(characteristic, key)
        found.append((figure_sentence(item, tables), hypothesis.respondent, hypothesis.ask))
    return found


def alerted_keys(tables: EvidenceTables, code: str) -> tuple[str, ...]:
    """Return the measures and failure modes with an outlier alert about which the brief on a force asks a question."""
    return tuple(_alerts(tables, code))


def _alerts(tables: EvidenceTables, code: str) -> dict[str, tuple[str, EvidenceItem]]:
    """Return every outlier alert for the worse of a force, with its characteristic, by measure or failure mode."""
    found: dict[str, tuple[str, EvidenceItem]] = {}
    for characteristic in characteristics():
        evidence = characteristic_evidence(tables, indicators(), characteristic, code, rules())
        for item in (*evidence.items, *evidence.other_items):
            if item.outlier_direction == WORSE:
                found.setdefault(item.key, (characteristic.key, item))
    return found


def _hypothesis_of(characteristic: str, key: str) -> Hypothesis:
    """Return the hypothesis of an alert: that of its failure mode, or the first of its characteristic."""
    candidates = hypotheses_of(characteristic)
    modes = {key, *(mode for mode, measures in MEASURES_OF_MODE.items() if key in measures)}
    return next((item for item in candidates if item.failure_mode in modes), candidates[0])


def _questions_by_person(
    silent: Sequence[TriangulatedCharacteristic], issues: Sequence[RaisedHypotheses]
) -> list[tuple[str, list[str]]]:
    """Return whom to ask what: suggested findings first, then topics without evidence."""
    hypotheses = [hypothesis for item in issues for hypothesis in item.hypotheses]
    hypotheses += [hypothesis for item in silent for hypothesis in hypotheses_of(item.characteristic.key)]
    people: dict[str, list[str]] = {}
    for item in hypotheses:
        questions = people.setdefault(item.respondent, [])
        if len(questions) < MAX_QUESTIONS and item.ask not in questions:
            questions.append(item.ask)
    return list(people.items())


def _documents(documents: Sequence[Mapping[str, Any]], checks: Sequence[Mapping[str, Any]], code: str) -> list[str]:
    """Return the documents of this force that were read, with the number of checklist items answered."""
    found = []
    for row in documents:
        if row["body_code"] == code:
            key = (row["sender"], row["document_ref"])
            answers = sum((check["sender"], check["document_ref"]) == key for check in checks)
            day = f"{row['dated_on']:%-d %B %Y}" if row["dated_on"] else "not dated"
            done = f"{count_phrase(answers, 'item')} checked" if answers else "not checked yet"
            found.append(f"{row['document_ref']}: {meaning('document_kind', row['document_kind'])}, {day}; {done}")
    return found


def _missing_documents(
    documents: Sequence[Mapping[str, Any]], code: str, issues: Sequence[RaisedHypotheses]
) -> list[str]:
    """Return kinds of document that would show what is suggested, and were not seen."""
    seen = {row["document_kind"] for row in documents if row["body_code"] == code}
    kinds = [
        kind for issue in issues for hypothesis in issue.hypotheses for kind in hypothesis.documents if kind not in seen
    ]
    return [meaning("document_kind", kind) for kind in dict.fromkeys(kinds)]


def _samples(folder: Path, code: str) -> list[dict[str, Any]]:
    """Return for each sample the files of this force that are not rated yet, in sampling order."""
    rows = []
    for stage in list_stages(folder):
        if stage.startswith(f"{SAMPLES}/"):
            key = stage.split("/")[-1]
            marks = [mark for item in question_sets() for mark in sample_ratings(folder, key, item.key)]
            marked = {(mark["force_code"], mark["subject_ref"]) for mark in marks}
            drawn_files = [item for item in files_of(folder, key) if item.force_code == code and item.status == SAMPLED]
            unrated_refs = [item.subject_ref for item in drawn_files if (code, item.subject_ref) not in marked]
            title = design_of(folder, key).title
            rows.append(
                {"key": key, "title": title, "drawn": len(drawn_files), "refs": _first_items(unrated_refs, MAX_FILES)}
            )
    return rows


def _past_recommendations(
    issues: Sequence[RaisedHypotheses], claims: Sequence[Claim]
) -> list[tuple[Recommendation, str]]:
    """Return past recommendations: those that the force comments on, then those on suggested findings."""
    past_claims = [item for item in claims if item.recommendation]
    claim_texts = {
        item.recommendation: item.statement.partition(":")[0].removeprefix("That this is ") for item in past_claims
    }
    question_numbers = {number for item in issues for number in item.triangulation.characteristic.questions}
    police_recommendations = [
        item for item in recommendations() if any(word in item.owner.casefold() for word in POLICE_OWNERS)
    ]
    relevant = [
        item for item in police_recommendations if item.key in claim_texts or question_numbers & set(item.questions)
    ]
    return [
        (item, claim_texts.get(item.key, "")) for item in sorted(relevant, key=lambda item: item.key not in claim_texts)
    ]
