"""The catalogue of question sets, which are defined in the packages of the inspection themes."""

from __future__ import annotations

from assay.contract.question_sets import QuestionSet
from assay.errors import UsageError
from assay.indicators import document_checklists, fieldwork_question_sets
from assay.indicators.catalogue.assessments import assessment_case_file_questions as assessments
from assay.indicators.catalogue.attitudes import attitude_case_file_questions as attitudes
from assay.indicators.catalogue.responses import response_case_file_questions as responses
from assay.indicators.catalogue.scale import recording_case_file_questions as scale


def question_sets() -> tuple[QuestionSet, ...]:
    """Return every question set, in the order of the commission."""
    return (
        *attitudes.SETS,
        *assessments.SETS,
        *scale.SETS,
        *responses.SETS,
        *document_checklists.SETS,
        *fieldwork_question_sets.SETS,
    )


def question_set(key: str) -> QuestionSet:
    """Return the question set with this key; UsageError, naming the known ones, for any other."""
    found = next((entry for entry in question_sets() if entry.key == key), None)
    if found is None:
        known = ", ".join(entry.key for entry in question_sets())
        raise UsageError(f"There is no question set {key!r}. There are: {known}.")
    return found
