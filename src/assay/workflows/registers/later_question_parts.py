"""Manual section on the questions raised in 2026 that are not among the 50 inspection questions."""

from __future__ import annotations

from collections.abc import Iterator

from assay import reference


def later_question_parts() -> Iterator[str]:
    """Yield the heading, and each question with what answers a part of it and whom to ask, in Markdown."""
    yield "## Questions of 2026"
    yield "Eight questions that the fifty do not ask have numbers of their own. None grades a force."
    for question in reference.later_questions():
        keys = (*question.indicators, *question.columns, *question.case_file_questions)
        words = f": {', '.join(f'`{key}`' for key in keys)}" if keys else ""
        yield f"### {question.number}"
        yield (
            f"{question.text} {question.why} Answered in part here by {question.answered_by}{words}. "
            f"Whom to ask: {question.ask_whom}. It cannot tell: {question.cannot_tell}"
        )
