"""Evidence from rated case files on a characteristic in one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assay.casefiles.sample_results import Result
from assay.indicators.evidence_sources import CANNOT_TELL, EvidenceSource, verdict_by_interval
from assay.wording import count_phrase, percent_interval

KIND = "files"


def file_parts(question_keys: Sequence[str], results: Iterable[Result], place: str) -> list[EvidenceSource]:
    """Return the evidence of each rated case-file question that helps to answer one of these inspection questions.

    Grades of a whole stage are left out, because they concern many things at once.
    """
    answered = [
        result for result in results if result.place == place and not result.question.is_graded and _has_answers(result)
    ]
    return [_question_part(result) for result in answered if set(result.question.asks.split("|")) & set(question_keys)]


def _has_answers(result: Result) -> bool:
    return any(result.answers.values())


def _question_part(result: Result) -> EvidenceSource:
    files = sum(result.answers.values())
    files_text = count_phrase(files, "file")
    low, high = result.share.low, result.share.high
    if result.share.value is None or low is None or high is None:
        return EvidenceSource(
            KIND,
            CANNOT_TELL,
            f"{result.question.text} {files_text} read, and no share: {result.share.words}",
            (result.question.key,),
            n_respondents=files,
        )
    met = next(iter(result.answers.values()))
    text = (
        f"{result.question.text} Met in {met} of {count_phrase(result.base, 'file')} that tell; of all, "
        f"{percent_interval(low, high)}."
    )
    return EvidenceSource(KIND, verdict_by_interval(low, high), text, (result.question.key,), n_respondents=files)
