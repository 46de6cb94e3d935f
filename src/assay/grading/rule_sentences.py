"""The grading rules as sentences for readers."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from assay.grading.grading_rules import Rules
from assay.indicators.evidence_sources import BY_KEY
from assay.reference import characteristics
from assay.wording import join_words

TABLE = pa.schema([("place", pa.int64()), ("subject", pa.string()), ("rule", pa.string())])


def rules_table(rules: Rules) -> pa.Table:
    """Return one row per rule, in the order in which they are applied."""
    sentences = enumerate(_rule_sentences(rules), start=1)
    return pa.Table.from_pylist(
        [{"place": position, "subject": topic, "rule": rule} for position, (topic, rule) in sentences], TABLE
    )


def _rule_sentences(rules: Rules) -> Iterator[tuple[str, str]]:
    """The topic and the sentence of each rule."""
    yield from _evidence_sentences(rules)
    yield from _comparison_sentences(rules)
    yield from _voice_sentences(rules)
    yield from _grade_sentences(rules)
    yield from _concern_sentences(rules)
    yield from _other_finding_sentences(rules)
    yield "The panel", "It confirms a proposal or changes it with a reason. Both are kept and both are shown."


def _evidence_sentences(rules: Rules) -> Iterator[tuple[str, str]]:
    counted_sources = join_words([BY_KEY[kind].label for kind in rules.strands_counted])
    yield (
        "What counts",
        (
            "A characteristic of good rests on the measures that its questions ask for, and on those of the failure "
            f"modes that it is opposed to; on {counted_sources} that were drawn and read; on documents where a "
            "document is itself what is asked for; and on what the force says of itself, compared with its records, "
            "where that is asked for. Duties of other organisations never count. A measure with fewer than "
            f"{rules.fewest_records} records with an answer says nothing. Only figures of this report count: a "
            "suppressed small count is taken for its middle."
        ),
    )
    yield (
        "Level",
        (
            "A level counts only where a standard in law, or one that the inspectorate has published, stands behind "
            f"the measure. The law asks for every record. We ask for {_percent(rules.line)} on average over the "
            f"standards of a characteristic, and for {_percent(rules.floor)} on each: below that, fewer than half "
            "of the records meet a duty. A share without such a standard is shown, and its level grades nobody."
        ),
    )


def _comparison_sentences(rules: Rules) -> Iterator[tuple[str, str]]:
    yield (
        "Comparison",
        (
            "Every measure of the police with a better side is compared. A force is beyond the others where its share "
            f"is worse than that of all but {100 * rules.beyond:g}% of the forces, as far as they truly differ; that "
            "part is divided among the measures of a characteristic. What all forces do is held against the standard, "
            "if there is one, and makes no force worse than the others."
        ),
    )
    yield (
        "Outlier alert",
        (
            "An outlier alert for the worse, of one measure or of a combined test, counts against the force except "
            "with the probability that it is false (its q-value). A force with such an alert on a characteristic "
            f"cannot be better than {rules.capped} on that theme, unless the alert is probably false."
        ),
    )
    if rules.lessons_from:
        yield (
            "Past recommendations",
            (
                f"Where fewer than {_percent(rules.lessons_from)} of the past recommendations of a force are applied "
                "(a part counts as half), to be no worse than other forces does not show that they are applied: the "
                "theme is not good. It counts against a force that is worse than the others."
            ),
        )
    if rules.capped_doubtful:
        yield (
            "Test of a failing",
            (
                "For each failure mode of a characteristic, for its other duties in law and for its other measures "
                "there is one test of all measures together against the other forces, one-sided at the "
                f"{_percent(rules.test_level)} level. Where it speaks against the force, the characteristic is not "
                f"said to be shown, and no grade of the theme is better than {rules.capped_doubtful}. It names "
                f"nobody: of 100 tests of forces without a failing about {100 * rules.test_level:g} speak against them."
            ),
        )
    yield (
        "Shown",
        (
            f"Each measure takes {rules.draws:,} values that fit its records. A characteristic is shown in a draw in "
            "which its standards are met, and the force is not beyond the others and has no true alert for the worse. "
            f"With probability {rules.shown_from:g} or more it is said to be shown, with {rules.not_shown_up_to:g} or "
            "less not to be; between them it may be either way."
        ),
    )


def _voice_sentences(rules: Rules) -> Iterator[tuple[str, str]]:
    voice_sources = join_words([BY_KEY[kind].label for kind in rules.strands_heard])
    yield (
        "Voices",
        (
            f"What {voice_sources} say is never added up. Where they contradict a characteristic that the records "
            "show, it counts neither way, and the page says that they are at odds."
        ),
    )


def _grade_sentences(rules: Rules) -> Iterator[tuple[str, str]]:
    for grade in rules.grades:
        share_text = "fewer" if grade.minimum_share == 0 else f"at least {_percent(grade.minimum_share)}"
        outlier_text = " and the force has an alert for the better and none for the worse" * grade.requires_alert
        yield grade.name.capitalize(), f"Of the characteristics that are known, {share_text} are shown{outlier_text}."
    yield (
        "Proposed",
        (
            "Each draw gives a grade; the middle one is proposed. The probability of a grade is the share of draws "
            f"that give it. No grade of a theme is better than {rules.capped} in a draw in which one of its "
            "characteristics has a true alert for the worse, lies beyond the others, or has a standard that almost "
            "certainly fewer than half of the records meet. Nor is an overall grade in a draw in which a theme is "
            "inadequate. "
            f"Overall no grade is better than {rules.capped_overall or rules.capped} in a draw in which an alert for "
            "the worse is true or a standard is broken so. "
            f"{_most_themes_sentence(rules)}"
            f"{_doubt_sentence(rules)}"
            f"A theme with a probable failing of which little else is known is graded {rules.capped}."
        ),
    )
    yield (
        "Not enough evidence",
        (
            f"No grade is proposed for a theme with fewer than {_percent(rules.known_share)} of its characteristics "
            f"known, or fewer than {rules.fewest_known}, unless a failing is probable. None is proposed where the "
            f"middle {_percent(rules.middle)} of the draws fall in more than {rules.most_grades} neighbouring grades. "
            f"Overall none is proposed with fewer than {_percent(rules.known_share)} of all characteristics known, "
            f"or where fewer than {rules.fewest_lines} themes have a proposal."
        ),
    )


def _concern_sentences(rules: Rules) -> Iterator[tuple[str, str]]:
    urgent = " ".join(characteristics().get(key).text for key in rules.accelerated)
    yield (
        "Cause of concern",
        (
            f"A characteristic that is not shown with probability {rules.concern_probability:g} or more, with an alert "
            "for the worse, a share beyond the others or a broken standard behind it. It is accelerated, and does not "
            f"wait for the report, where a child's safety depends on it at once: {urgent} A force has at most "
            f"{rules.most_concerns} concerns and areas for improvement, ranked by how far it lies from the others or "
            "from the standard and by the number of records behind that."
        ),
    )


def _other_finding_sentences(rules: Rules) -> Iterator[tuple[str, str]]:
    yield (
        "National problem",
        (
            f"A standard that more than {_percent(rules.national_share)} of the forces miss is stated once, for all "
            "forces together. It lowers the grade of each of them, and is no concern of a single one."
        ),
    )
    yield (
        "Area for improvement",
        "Any other characteristic that is not shown, or that people who were asked contradict.",
    )
    yield (
        "Promising practice",
        "A characteristic that is shown, where the force has an alert for the better and none for the worse.",
    )


def _most_themes_sentence(rules: Rules) -> str:
    """Return the limit of the overall grade by the grades of themes; '' under rules without it."""
    if not rules.overall_by_most_themes:
        return ""
    return "No overall grade is better than one that at least half of the graded themes reach. "


def _doubt_sentence(rules: Rules) -> str:
    """Return the cap of duties that are not met; '' under rules without it."""
    if not rules.capped_doubtful:
        return ""
    return f"No theme is better than {rules.capped_doubtful} in a draw in which duties in law are not met. "


def _percent(share: float) -> str:
    return f"{100 * share:g}%"
