"""Which question sets are there, and which is meant by a key? They stand beside their enquiries, in `questions`."""

from __future__ import annotations

from assay.enquiries import documents, fieldwork
from assay.enquiries.assessments import questions as assessments
from assay.enquiries.attitudes import questions as attitudes
from assay.enquiries.responses import questions as responses
from assay.enquiries.scale import questions as scale
from assay.errors import UsageError
from assay.measure.question_sets import QuestionSet


def question_sets() -> tuple[QuestionSet, ...]:
    """Every question set, in the order of the commission's words."""
    return (*attitudes.SETS, *assessments.SETS, *scale.SETS, *responses.SETS, *documents.SETS, *fieldwork.SETS)


def question_set(key: str) -> QuestionSet:
    """The set with this key; UsageError, naming those there are, for any other."""
    found = next((one for one in question_sets() if one.key == key), None)
    if found is None:
        known = ", ".join(one.key for one in question_sets())
        raise UsageError(f"There is no question set {key!r}. There are: {known}.")
    return found
