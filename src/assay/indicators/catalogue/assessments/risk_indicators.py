"""Do risk assessments agree with the records: is harm recorded as harm, is the score correct, is the text specific?

Only the process can be checked against records. A band of a risk tool is not a probability.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator

_ROW: Mapping[str, object] = {
    "in_base": True,
    "harm_before": True,
    "harm_named": True,
    "harm_in_words": True,
    "narrative_given": True,
    "narrative_copied": False,
    "items_scored": True,
    "score_right": True,
    "band_right": True,
    "override": True,
    "override_reason_given": True,
}
Example = tuple[Mapping[str, object], str]


def _examples(met: str, population_column: str, yes: bool = True) -> tuple[Example, ...]:
    """Return examples of met, not met, not known, and the population: `population_column` is the column beside
    `in_base` that decides it."""
    examples: tuple[Example, ...] = (
        ({**_ROW, met: yes}, "met"),
        ({**_ROW, met: not yes}, "not met"),
        ({**_ROW, met: None}, "not known"),
        ({**_ROW, "in_base": False}, "outside"),
    )
    if population_column == "in_base":
        return (*examples, ({**_ROW, "in_base": None}, "not known if counted"))
    return (
        *examples,
        ({**_ROW, population_column: False}, "outside"),
        ({**_ROW, population_column: None}, "not known if counted"),
    )


harm_called_harm = Indicator(
    key="harm_called_harm",
    title="Harm that had happened called harm",
    question="Of children who had been harmed before they were assessed, how many were assessed as harmed, known or "
    "suspected, and not as at risk alone?",
    why="A child who is called at risk after a crime is offered prevention, where protection and justice are owed.",
    line="assessments",
    asks="Q13",
    record="assessment",
    population="in_base and harm_before",
    met="harm_named",
    better="higher",
    limits="Whether the assessor was told of the crime or of what the child said, and signs that only a doctor saw.",
    leans_on="A crime in scope, reported before the day of the assessment and not cancelled, or words of the child "
    "that were entered. An assessment that states nothing of harm is not known.",
    graded=False,
    needs=("assessments.harm_finding", "crimes", "involvements"),
    examples=_examples("harm_named", "harm_before"),
)
harm_said_in_words = Indicator(
    key="harm_said_in_words",
    title="Harm that had happened named, and said in words",
    question="Of children who had been harmed before they were assessed, how many have an assessment that names the "
    "harm and says in words what was found?",
    why="A box that is ticked moves nobody: the next reader acts on harm that is named and described.",
    line="assessments",
    asks="Q13 Q16",
    record="assessment",
    population="in_base and harm_before",
    met="harm_in_words",
    better="higher",
    limits="Whether the words say anything, and whether the assessor was told of the crime or of what the child said.",
    leans_on="A crime in scope, reported before the day of the assessment and not cancelled, or words of the child "
    "that were entered; and the free text as it was sent, where an empty one is none. Where nobody looked at the text "
    "the answer is not known, also if no harm is named.",
    graded=False,
    needs=("assessments.harm_finding", "assessments.narrative", "crimes", "involvements"),
    examples=_examples("harm_in_words", "harm_before"),
)
score_adds_up = Indicator(
    key="score_adds_up",
    title="Risk score equal to the sum of its items",
    question="Of assessments with a scoring key, how many bear the score that their own items give?",
    why="A sum that is wrong puts a child into a lower band, and nobody looks again.",
    line="assessments",
    asks="Q15",
    record="assessment",
    population="in_base and items_scored",
    met="score_right",
    better="higher",
    limits="Whether each item was judged rightly, and tools that have no key.",
    leans_on="The published key of the tool, and items as they were entered.",
    graded=False,
    needs=("assessments.score", "assessment_items"),
    examples=_examples("score_right", "items_scored"),
)
band_follows_score = Indicator(
    key="band_follows_score",
    title="Band of risk that follows from the score",
    question="Of assessments with a scoring key, how many stand in the band of their score, or in another that the "
    "assessor says was set by judgement?",
    why="Services follow the band. One that nobody chose and no sum gives is a mistake that costs a child a service.",
    line="assessments",
    asks="Q15",
    record="assessment",
    population="in_base and items_scored",
    met="band_right",
    better="higher",
    limits="Whether the band was right for the child.",
    leans_on="The bands of the tool, mapped in order to the five tiers: either way of mapping is taken as right.",
    graded=False,
    needs=("assessments.score", "assessments.band", "assessments.override", "assessment_items"),
    examples=_examples("band_right", "items_scored"),
)
overrides_reasoned = Indicator(
    key="overrides_reasoned",
    title="Reason given where the score was overridden",
    question="Where the assessor set another band than the score gives, how often is a reason entered?",
    why="Judgement over a sum is right and needs its reason, or nobody can tell it from rationing.",
    line="assessments",
    asks="Q15",
    record="assessment",
    population="in_base and override",
    met="override_reason_given",
    better="higher",
    limits="Whether the reason was a good one, and which way the band was moved.",
    leans_on="The marks of the force.",
    graded=False,
    needs=("assessments.override", "assessments.override_reason_given"),
    examples=_examples("override_reason_given", "override"),
)
narrative_given = Indicator(
    key="narrative_given",
    title="Assessment with words beside the score",
    question="How many risk assessments say in words what was found?",
    why="A score without words cannot be checked, acted upon or handed over: the inquiry found scores in place of "
    "judgement.",
    line="assessments",
    asks="Q16",
    record="assessment",
    population="in_base",
    met="narrative_given",
    better="higher",
    limits="Whether the words say anything.",
    leans_on="The free text as it was sent; an empty one is none.",
    graded=False,
    needs=("assessments.narrative",),
    examples=_examples("narrative_given", "in_base"),
)
narrative_copied = Indicator(
    key="narrative_copied",
    title="Assessment whose words stand in that of another child too",
    question="Of assessments with words, how many have nearly the words of one of another child in the same force?",
    why="Copied words mean that nobody wrote about this child.",
    line="assessments",
    asks="Q16",
    record="assessment",
    population="in_base and narrative_given",
    met="narrative_copied",
    better="lower",
    limits="Who copied from whom, and brothers and sisters who share one account.",
    leans_on="Runs of words that two texts share, nine in ten of them; what many texts of the force share, such as the "
    "headings of a form, is set aside first, and very short texts are not judged.",
    graded=False,
    needs=("assessments.narrative",),
    examples=_examples("narrative_copied", "narrative_given"),
)

FORMS = (
    harm_called_harm,
    harm_said_in_words,
    score_adds_up,
    band_follows_score,
    overrides_reasoned,
    narrative_given,
    narrative_copied,
)
