"""What do the case files that were marked say of a characteristic in one place?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assay.casefiles.sample_results import Result
from assay.indicators.evidence_strands import CANNOT_TELL, Strand, by_line
from assay.wording import counted, percents

KIND = "files"


def parts(asked: Sequence[str], results: Iterable[Result], place: str) -> list[Strand]:
    """One part for each question to a file that serves one of `asked` and was answered in this place.

    Grades of a whole stage are left out: they are of many things together, and of none.
    """
    mine = [one for one in results if one.place == place and not one.question.graded and _tells(one)]
    return [_part(one) for one in mine if set(one.question.asks.split("|")) & set(asked)]


def _tells(one: Result) -> bool:
    return any(one.answers.values())


def _part(one: Result) -> Strand:
    many = sum(one.answers.values())
    read = counted(many, "file")
    low, high = one.share.low, one.share.high
    if one.share.value is None or low is None or high is None:
        return Strand(KIND, CANNOT_TELL, f"{one.question.text} {read} read, and no share: {one.share.words}",
                      (one.question.key,), told=many)  # fmt: skip
    met = next(iter(one.answers.values()))
    says = f"{one.question.text} Met in {met} of {counted(one.base, 'file')} that tell; of all, {percents(low, high)}."
    return Strand(KIND, by_line(low, high), says, (one.question.key,), told=many)
