"""How is it put into tables whether markers agree, whether anybody is severe, and how auditors answer?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assay.casefiles.auditor_comparison import Audited
from assay.casefiles.rater_agreement import Agreed, Severe, Together
from assay.casefiles.result_sentences import on_page, said_plain
from assay.casefiles.sample_results import Result
from assay.indicators import EVERYWHERE
from assay.report.page_elements import Grid, grid
from assay.stats.agreement.misclassification import bounds_from_two_markers
from assay.stats.interval_estimates import Answer
from assay.wording import number, percent, percents


def agreement_table(agreed: Sequence[Agreed], found: Sequence[Result]) -> Grid | None:
    """Every question: how often two agree, and between which shares the truth then lies."""
    shares = {one.question.key: one.share for one in found if one.place == EVERYWHERE}
    rows = [
        (
            one.question,
            number(one.files),
            percent(one.same, 0) if one.files else "none",
            *(_plain(value) for value in (one.kappa, one.ac2, one.alpha)),
            _between(bounds_from_two_markers(shares[one.question], one.of_two)) if one.question in shares else "",
        )
        for one in agreed
    ]
    heads = ("Question", "#Read twice", "#The same answer", "#Weighted kappa", "#Gwet AC2", "#Krippendorff alpha",
             "#The share, if nobody erred")  # fmt: skip
    note = (
        "Two inspectors, blind. 1 is full agreement, 0 what chance alone would give. Kappa is low where nearly all "
        "answers are alike, though they agree; AC2 is not. The last column: where the share of all forces may lie if "
        "the two err alike and apart from one another; their files do not say which error is the commoner. Of numbers "
        "there is no such share; they agree the better the nearer they are."
    )
    title = "Do two who read one file answer alike?"
    return grid(title, heads, rows, note=note, dense=True) if any(one.files for one in agreed) else None


def _between(answer: Answer) -> str:
    if answer.low is None or answer.high is None or (answer.low, answer.high) == (0.0, 1.0):
        return answer.words or "not known"
    return on_page(percents(answer.low, answer.high, 0))


def _plain(answer: Answer) -> str:
    return on_page(said_plain(answer))


def severity_table(found: list[Severe] | str) -> Grid | str:
    """Every marker beside the others, or why nothing can be said."""
    if isinstance(found, str):
        return found
    rows = [
        (
            one.marker,
            number(one.marks),
            _plain(one.severity),
            _plain(one.drift),
            f"{100 * one.share:+z.0f} points",
        )
        for one in found
    ]
    heads = ("Marker", "#Marks", "#Severity, log odds", "#Drift, first to last", "#Answers beside an average marker's")
    note = (
        "Above 0 is more severe than the others on the same files. Drift: from the first file that the marker read to "
        "the last. The last column: how much better or worse the mean answer is."
    )
    return grid("Is anybody severe, and does it drift?", heads, rows, note=note)


def together_table(title: str, head: str, found: Sequence[Together], names: Mapping[str, str]) -> Grid | None:
    """Markers, or forces, a row each."""
    rows = [
        (
            names.get(one.name, one.name),
            number(one.files),
            percent(one.same, 0) if one.files else "none",
            _plain(one.ac2),
        )
        for one in found
    ]
    return grid(title, (head, "#Files read twice", "#The same answer", "#Gwet AC2"), rows) if rows else None


def auditors_table(found: Sequence[Audited], names: Mapping[str, str]) -> Grid | None:
    """Forces' own auditors beside inspectors on the same files, where there are any."""
    rows = [
        (
            one.question.key if one.place == EVERYWHERE else f"{one.question.key}, {names.get(one.place, one.place)}",
            *(number(count) for count in (one.direction.above, one.direction.level, one.direction.below)),
            _plain(one.direction.balance),
            _plain(one.kappa),
        )
        for one in found
    ]
    heads = ("Question", "#Auditor answers better", "#The same", "#Worse", "#Better less worse",
             "#Weighted kappa")  # fmt: skip
    note = (
        "Every question over all forces, and each grade in each force. Files that both read, neither with the other's "
        "answers. Better less worse: the share of files on which the auditor's answer is better, less the share on "
        "which it is worse. What auditors answer counts in no figure."
    )
    title = "Do forces' own auditors answer as inspectors do?"
    return grid(title, heads, rows, note=note, dense=True) if rows else None
