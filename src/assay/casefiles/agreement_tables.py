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
             "#The share, if nobody erred")  # fmt: skip
    note = (
        "Two inspectors, blind. 1 is full agreement, 0 what chance alone would give. Kappa is low where nearly all "
        "answers are alike, though they agree; AC2 is not. The last column: where the share of all forces may lie if "
        "the two err alike and apart from one another; their files do not say which error is the commoner. Of numbers "
        "there is no such share; they agree the better the nearer they are."
    )
    title = "Do two who read one file answer alike?"
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
    heads = ("Marker", "#Marks", "#Severity, log odds", "#Drift, first to last", "#Answers beside an average marker's")
    note = (
        "Above 0 is more severe than the others on the same files. Drift: from the first file that the marker read to "
        "the last. The last column: how much better or worse the mean answer is."
    )
    return grid("Is anybody severe, and does it drift?", heads, rows, note=note)


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
    """Return the table that compares forces' own auditors with inspectors on the same files, if there are any."""
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
        "Every question over all forces, and each grade in each force. Files that both read, neither with the other's "
        "answers. Better less worse: the share of files on which the auditor's answer is better, less the share on "
        "which it is worse. What auditors answer counts in no figure."
    )
    title = "Do forces' own auditors answer as inspectors do?"
    return grid(title, heads, rows, note=note, dense=True) if rows else None
