"""The grading rules as sentences for readers."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from assay.grading.grading_rules import Rules
from assay.indicators.evidence_sources import BY_KEY
from assay.reference import characteristics
from assay.wording import join_words

TABLE = pa.schema([("place", pa.int64()), ("about", pa.string()), ("rule", pa.string())])


def rules_table(rules: Rules) -> pa.Table:
    """Return one row per rule, in the order in which they are applied."""
    sentences = enumerate(_rule_sentences(rules), start=1)
    return pa.Table.from_pylist(
        [{"place": position, "about": topic, "rule": rule} for position, (topic, rule) in sentences], TABLE
    )


def _rule_sentences(rules: Rules) -> Iterator[tuple[str, str]]:
    counted_sources = join_words([BY_KEY[kind].label for kind in rules.strands_counted])
    voice_sources = join_words([BY_KEY[kind].label for kind in rules.strands_heard])
    yield (
        "What counts",
        (
            "A characteristic of good is made of the indicators that its questions ask and that are duties or doings "
            f"of the police alone, and of {counted_sources} where they were drawn and read; documents count "
            f"only where a "
            "document is itself what is asked for. What the force says of itself, held against its records, counts "
            "where that is what is asked for: of a rise or fall it agrees where no series contradicts it, and of its "
            f"figures at least {rules.fewest_claims} must be such as records can test. Other bodies' duties never "
            "count. Of fewer than "
            f"{rules.fewest_records} records that tell, an indicator says nothing. The figures are those that this "
            "report shows: a count that is hidden is taken for its middle, and what is kept back says nothing."
        ),
    )
    yield (
        "No right level",
        (
            "Charges, suspects identified and cases pending have no right level: they count only against a force that "
            "stands apart from the others, and only as far as that call is not a false one."
        ),
    )
    yield (
        "Shown",
        (
            f"Each indicator takes {rules.draws:,} values that fit its records. Before they are seen, the force is "
            "taken to be one of the others, but for a chance of 5 in 100 that it is none. Of records that do not "
            f"tell, as many were met on average as of those that do, and no surer than {rules.unknown_worth:g} records "
            "would leave it. A characteristic is shown in a draw where its parts come on average to "
            f"{round(100 * rules.line)} in 100 of what is wanted, and no share of records lies below "
            f"{round(100 * rules.floor)} in 100. No law and no inspectorate has set these numbers: they are ours. With "
            f"probability {rules.shown_from:g} or more it is said to be shown, with {rules.not_shown_up_to:g} or less "
            "not to be, and between them it may be either way."
        ),
    )
    yield (
        "What people say",
        (
            f"{voice_sources[:1].upper()}{voice_sources[1:]} never raise a probability. Where they say "
            f"otherwise, a characteristic "
            "that the records show counts neither way, and is said to be at odds."
        ),
    )
    for grade in rules.grades:
        share_text = "fewer" if grade.least == 0 else f"at least {round(100 * grade.least)} in 100"
        outlier_text = (
            " and the force stands apart from the others for the better, and nowhere for the worse" * grade.apart
        )
        yield grade.name.capitalize(), f"Of the characteristics that can be told, {share_text} are shown{outlier_text}."
    yield (
        "Proposed",
        (
            "Each draw gives a grade; proposed is the middle one. The probability of a grade is the share of draws "
            f"that give it. Overall no grade is better than {rules.capped} in a draw in which a line is inadequate."
        ),
    )
    yield (
        "Not enough evidence",
        (
            f"No grade is proposed where fewer than {rules.fewest_known} characteristics or "
            f"{round(100 * rules.known_share)} in 100 of those asked after can be told, where the middle "
            f"{round(100 * rules.middle)} in 100 of the draws fall in more than {rules.most_grades} neighbouring "
            f"grades, or, overall, where fewer than {rules.fewest_lines} lines have a proposal."
        ),
    )
    urgent = " ".join(characteristics().get(key).text for key in rules.accelerated)
    yield (
        "Cause of concern",
        (
            f"A characteristic that is not shown with probability {rules.concern_probability:g} or more, and of which "
            "a share of records lies below the floor with as much. It is accelerated, and does not wait for the "
            f"report, where a child's safety hangs on it at once: {urgent}"
        ),
    )
    yield (
        "Area for improvement",
        "Any other characteristic that is not shown, or that people who were asked contradict.",
    )
    yield (
        "Promising practice",
        ("A characteristic that is shown, where the force stands apart from the others for the better."),
    )
    yield "The panel", "It confirms a proposal or moves it with a reason. Both are kept and both are shown."
