"""Evidence from a force's documents, as rated with a checklist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assay.contract.question_sets import MET_ANSWER, NOT_MET_ANSWER, PARTLY_MET_ANSWER
from assay.indicators import EVERYWHERE
from assay.indicators.document_checklists import checklists
from assay.indicators.evidence_sources import CANNOT_TELL, EvidenceSource, verdict_by_interval
from assay.wording import count_phrase

KIND = "documents"
Row = Mapping[str, Any]


def document_parts(
    question_keys: Sequence[str], documents: Sequence[Row], checks: Sequence[Row], place: str
) -> list[EvidenceSource]:
    """Return the evidence of a place's documents on these inspection questions: checklist items, pooled."""
    document_keys = {
        (row["sender"], row["document_ref"]) for row in documents if place in (EVERYWHERE, row["body_code"])
    }
    answers = [
        row["answer"]
        for row in checks
        if (row["sender"], row["document_ref"]) in document_keys and _answers_question(row, question_keys)
    ]
    if not answers:
        return []
    met, partly, none = (answers.count(answer) for answer in (MET_ANSWER, PARTLY_MET_ANSWER, NOT_MET_ANSWER))
    answered = met + partly + none
    items = count_phrase(len(answers), "item")
    if not answered:
        return [EvidenceSource(KIND, CANNOT_TELL, f"{items} checked, and none could be answered from the document.")]
    text = f"Of {items} checked, {met} met, {partly} partly met, {none} not met."
    refs = tuple(
        sorted({row["document_ref"] for row in documents if (row["sender"], row["document_ref"]) in document_keys})
    )
    return [EvidenceSource(KIND, verdict_by_interval(met / answered, (met + partly) / answered), text, refs)]


def _answers_question(row: Row, question_keys: Sequence[str]) -> bool:
    checklist = checklists().get(row["checklist"])
    items = checklist.questions if checklist else ()
    return any(
        item.key == row["item"] and not item.is_graded and set(item.asks.split("|")) & set(question_keys)
        for item in items
    )
