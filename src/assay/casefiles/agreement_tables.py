"""Tables of inter-rater agreement, rater severity, and comparison with forces' own auditors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assay.casefiles.auditor_comparison import AuditorComparison
from assay.casefiles.rater_agreement import GroupAgreement, QuestionAgreement, RaterSeverity
from assay.casefiles.result_sentences import keep_interval_together, plain_answer_text
from assay.casefiles.sample_results import Result
from assay.indicators import EVERYWHERE
from assay.report.page_elements import Grid, grid
from assay.stats.agreement.misclassification import bounds_from_two_raters
from assay.stats.interval_estimates import IntervalEstimate
from assay.wording import format_number, percent, percent_interval


def agreement_table(agreed: Sequence[QuestionAgreement], found: Sequence[Result]) -> Grid | None:
    """Return the table of agreement on every question, and the bounds of the true share."""
    shares = {result.question.key: result.share for result in found if result.place == EVERYWHERE}
    rows = [
        (
            result.question,
            format_number(result.files),
            percent(result.share_same, 0) if result.files else "none",
            *(_plain(value) for value in (result.kappa, result.ac2, result.alpha)),
            _interval_text(bounds_from_two_raters(shares[result.question], result.binary_agreement))
            if result.question in shares
            else "",
        )
        for result in agreed
    ]
    heads = ("Question", "#Read twice", "#The same answer", "#Weighted kappa", "#Gwet AC2", "#Krippendorff alpha",
             "#The share without errors")  # fmt: skip
    note = (
        "Two inspectors, each blind to the other. 1 is full agreement, 0 the agreement expected by chance. Kappa is "
        "low if nearly all answers are the same, even if raters agree; AC2 is not. The last column: the possible range "
        "of the share of all forces, if both raters err equally often and independently; the files do not show which "
        "error is more frequent. Numbers have no such share; the closer they are, the better they agree."
    )
    title = "Do two inspectors who read the same file give the same answers?"
    return grid(title, heads, rows, note=note, dense=True) if any(result.files for result in agreed) else None


def _interval_text(answer: IntervalEstimate) -> str:
    if answer.low is None or answer.high is None or (answer.low, answer.high) == (0.0, 1.0):
        return answer.words or "not known"
    return keep_interval_together(percent_interval(answer.low, answer.high, 0))


def _plain(answer: IntervalEstimate) -> str:
    return keep_interval_together(plain_answer_text(answer))


def severity_table(found: list[RaterSeverity] | str) -> Grid | str:
    """Return the table of rater severity and drift, or the reason why there is none."""
    if isinstance(found, str):
        return found
    rows = [
        (
            rater.rater,
            format_number(rater.marks),
            _plain(rater.severity),
            _plain(rater.drift),
            f"{100 * rater.share:+z.0f} points",
        )
        for rater in found
    ]
    heads = ("Rater", "#Ratings", "#Severity, log odds", "#Drift, first to last", "#Difference from an average rater")
    note = (
        "Above 0: more severe than the other raters on the same files. Drift: the change from the rater's first "
        "file to "
        "the last. The last column: how much better or worse the rater's mean answer is."
    )
    return grid("Is any rater more severe than the others, and does severity change over time?", heads, rows, note=note)


def group_agreement_table(
    title: str, head: str, found: Sequence[GroupAgreement], names: Mapping[str, str]
) -> Grid | None:
    """Return the table of agreement by rater or by force."""
    rows = [
        (
            names.get(group.name, group.name),
            format_number(group.files),
            percent(group.share_same, 0) if group.files else "none",
            _plain(group.ac2),
        )
        for group in found
    ]
    return grid(title, (head, "#Files read twice", "#The same answer", "#Gwet AC2"), rows) if rows else None


def auditor_table(found: Sequence[AuditorComparison], names: Mapping[str, str]) -> Grid | None:
    """Return the table that compares forces' own auditors with inspectors on the same files, or None if it is empty."""
    rows = [
        (
            comparison.question.key
            if comparison.place == EVERYWHERE
            else f"{comparison.question.key}, {names.get(comparison.place, comparison.place)}",
            *(
                format_number(count)
                for count in (comparison.direction.above, comparison.direction.level, comparison.direction.below)
            ),
            _plain(comparison.direction.balance),
            _plain(comparison.kappa),
        )
        for comparison in found
    ]
    heads = ("Question", "#Auditor answers better", "#The same", "#Worse", "#Better less worse",
             "#Weighted kappa")  # fmt: skip
    note = (
        "Every question over all forces, and each grade in each force, for files that both read, each blind to the "
        "other's answers. Better less worse: the share of files on which the auditor's answer is better, minus the "
        "share on which it is worse. Auditors' answers are used in no figure."
    )
    title = "Do forces' own auditors give the same answers as inspectors?"
    return grid(title, heads, rows, note=note, dense=True) if rows else None
