"""Wording of every indicator, waiting time and count: its population, condition and unit.

The exact condition is shown after the words. A test checks that every form has its wording.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Form, Indicator, Wait
from assay.indicators.catalogue.responses.response_sentences import RESPONSE_WORDING
from assay.indicators.exclusion_reasons import REASON_TEXT, plain_label
from assay.indicators.form_words import FormWording

_CHILD = "to a person who was under 18 when the offence happened"


def _notice(subject: str) -> FormWording:
    return FormWording(
        population=f"every notice of {subject} that was owed {_CHILD}, child or adult now",
        met="the notice was given for certain within the limit that holds for this victim on that day",
        noun="notices owed",
    )


_CRIMES = "every crime of the inspection that was recorded in the period"
_EVERY_SUSPECT = "every suspect of a crime of the inspection that was recorded in the period"
_FIELDS = {
    "sex": "sex", "ethnicity_self": "ethnicity that they state", "disability": "disability, or that there is none,",
    "care_status": "care status", "nationality": "nationality",
}  # fmt: skip
_CHILD_VICTIMS = "every victim of a crime of the period who was under 18 when the offence happened, child or adult now"
_ASSESSED = "every risk assessment that was finished in the period"
_SCORED = f"{_ASSESSED}, with a tool that has a key, and of which every item can be scored"
_EXPLOITED = (
    "every child with a flag of exploitation that stood in the period, on them or on a missing episode of theirs, and "
    "every child victim of a crime of the period that bears the flag or the title"
)
_REMOVED = "every child who, in the period, was taken off a list of children at risk"
_LOWERED = "every child who, in the period, was moved to a lower tier of a list of children at risk"
_LET_GO = "every child who, in the period, was taken off a list of children at risk or moved to a lower tier of it"
_RETURN_TO_NOTICE = "a crime against the child, a missing episode or a referral came to the notice of the force"
_MARKED = (
    "every child whose first sign lies in the period, and whose exploitation was flagged or so titled, then or later"
)
_LATEST = "the latest problem profile of every territorial force that sent one"
_CHILDS_CASES = "every victim, under 18 when it was reported, of a crime of the period that has an outcome"

FORM_WORDING: Mapping[str, FormWording] = {
    "recorded_in_24_hours": FormWording(
        _CRIMES,
        "the crime was recorded for certain within 24 hours of the report",
        "crimes",
    ),
    "told_of_arrest": _notice("an arrest"),
    "told_of_interview": _notice("an interview under caution"),
    "told_of_release": _notice("a release without charge"),
    "told_of_bail": _notice("a release on police bail"),
    "told_of_rui": _notice("a release under investigation"),
    "told_of_bail_change": _notice("a change of police bail"),
    "told_of_no_investigation": _notice("a decision not to investigate"),
    "told_of_charge_decision": _notice("a decision to charge or not"),
    "told_of_outcome": _notice("an outcome or a sentence, from the day on which witness care had word of it,"),
    "needs_assessment_recorded": FormWording(
        "every victim of a crime of the period who was under 18 when the offence happened, child or adult now",
        "an assessment of needs is on record",
        "victims",
    ),
    "suspect_ethnicity_self_recorded": FormWording(_EVERY_SUSPECT, "what the suspect states is on record", "suspects"),
    "suspect_ethnicity_officer_recorded": FormWording(_EVERY_SUSPECT, "what an officer saw is on record", "suspects"),
    "suspect_ethnicity_recorded": FormWording(
        _EVERY_SUSPECT, "what the suspect states or what an officer saw is on record", "suspects"
    ),
    "victim_care_or_disability_recorded": FormWording(
        _CHILD_VICTIMS, "care status or disability, or that there is none, is on record", "victims"
    ),
    "tables_searchable": FormWording("every table that was sent", "its rows could be selected by a query", "tables"),
    "cse_flag_on_other_offence": FormWording(
        f"{_CRIMES} under an offence that is not named exploitation",
        "the crime bears, or ever bore, the flag for exploitation",
        "crimes",
    ),
    "marked_as_titled": FormWording(
        f"{_CRIMES} and bears the flag for exploitation or an offence named so",
        "the offence is named so",
        "marked crimes",
    ),
    "cse_flag_on_cse_offence": FormWording(
        f"{_CRIMES} under the offence named child sexual exploitation",
        "the crime bears, or ever bore, the flag for exploitation",
        "crimes under that offence",
    ),
    **{
        f"victim_{field}_recorded": FormWording(
            _CHILD_VICTIMS, f"the {words} of the victim is on record", "child victims"
        )
        for field, words in _FIELDS.items()
    },
    **{
        f"suspect_{field}_recorded": FormWording(
            _EVERY_SUSPECT, f"the {_FIELDS[field]} of the suspect is on record", "suspects"
        )
        for field in ("sex", "disability", "nationality")
    },
    "harm_called_harm": FormWording(
        f"{_ASSESSED}, of a child against whom a crime had been reported, or whose words had been entered, before",
        "it says that harm is known or suspected",
        "assessments of children who had been harmed",
    ),
    "harm_said_in_words": FormWording(
        f"{_ASSESSED}, of a child against whom a crime had been reported, or whose words had been entered, before",
        "it says that harm is known or suspected, and has words beside the score",
        "assessments of children who had been harmed",
    ),
    "score_adds_up": FormWording(_SCORED, "the score is the sum of the items by the tool's key", "scored assessments"),
    "band_follows_score": FormWording(
        _SCORED, "the band is that of the score, or the assessor set another and says so", "scored assessments"
    ),
    "overrides_reasoned": FormWording(
        f"{_ASSESSED}, in which the assessor set another band than the score gives",
        "a reason is entered",
        "overridden assessments",
    ),
    "narrative_given": FormWording(_ASSESSED, "it has words beside the score", "assessments"),
    "narrative_copied": FormWording(
        f"{_ASSESSED}, that has words",
        "nearly the same words stand in an assessment of another child in the same force",
        "assessments with words",
    ),
    **{
        f"{key}back_within_{days}_days": FormWording(population, f"{_RETURN_TO_NOTICE} within {days} days", label)
        for key, population, label in (
            ("", _REMOVED, "children taken off a list"),
            ("moved_down_", _LOWERED, "children moved to a lower tier"),
        )
        for days in (90, 180)
    },
    "let_go_to_next_sign": FormWording(_LET_GO, "", "children let go"),
    "sign_to_assessment": FormWording(_MARKED, "", "children"),
    "three_episodes_before_flag": FormWording(
        "every child whose first sign lies in the period, who was ever missing, and for whom exploitation was flagged",
        "three or more missing episodes had begun before the day of the flag",
        "flagged children who were missing",
    ),
    "listed_child_known": FormWording(
        "every child on a partner's list that was sent",
        "a police force holds a crime against the child or a missing episode of theirs",
        "children on partners' lists",
    ),
    "profile_uses_partners_data": FormWording(_LATEST, "a source of a partner is named for it", "forces"),
    "profile_covers_a_year": FormWording(_LATEST, "the days of its data are 365 or more", "forces"),
    "profile_crimes_fit": FormWording(
        _LATEST,
        "the crimes that it counts lie within a quarter of what the definitions find, fewest to most",
        "forces",
    ),
    **{
        f"profile_{label}_fit": FormWording(
            _LATEST,
            f"the {label} that it counts lie within a quarter of what the definitions find, fewest to most",
            "forces",
        )
        for label in ("children", "suspects")
    },
    "problem_profile_current": FormWording(
        "every territorial force that sent a return",
        "a profile younger than 12 months when the data were read has a section on groups",
        "forces",
    ),
    "found_groups_held": FormWording(
        "every group of two or more named suspects of the same crimes, with a victim under 18, a crime marked as "
        "exploitation and a crime of the period",
        "two of its suspects stand as offenders or helpers in one group of the force's own list",
        "groups that the records show",
    ),
    "groups_not_denied": FormWording(
        "every territorial force whose records show a group of two or more named suspects of the same crimes, with a "
        "victim under 18 and a crime marked as exploitation",
        "neither its last word on groups nor its latest problem profile says that there are none",
        "forces whose records show groups",
    ),
    "titled_of_recorded": FormWording(_CRIMES, "its offence is named exploitation", "crimes"),
    "suspect_identified": FormWording(_CRIMES, "at least one suspect is identified", "crimes"),
    "charged_of_all": FormWording(_CRIMES, "somebody was charged or summonsed", "crimes"),
    "charged_of_closed": FormWording(f"{_CRIMES} and has an outcome", "somebody was charged or summonsed", "crimes"),
    "still_pending": FormWording(_CRIMES, "the crime has no outcome yet", "crimes"),
    "return_interview_in_72_hours": FormWording(
        "every missing episode in England that began in the period and from which a child came back in it",
        "an independent interview was held for certain within 72 hours",
        "missing episodes",
    ),
    "several_children_acted_on": FormWording(
        "every person named as a suspect of a crime of the period, and in all of crimes against two or more children",
        "they were arrested or charged, or an order or warning was used on them",
        "suspects of offences against two or more children",
    ),
    "children_also_suspects": FormWording(
        _EXPLOITED,
        "in the period a crime was recorded of which they are suspected, within the window of their exploitation",
        "children whose exploitation is marked",
    ),
    "children_accused_unconsidered": FormWording(
        _EXPLOITED,
        "a crime of which they are suspected, within the window of their exploitation, was decided, and nothing on "
        "record says that exploitation was considered first",
        "children whose exploitation is marked",
    ),
    "exploitation_considered_first": FormWording(
        "every crime recorded in the period of which a child is suspected who was known as a victim by the decision, "
        "within the window of their exploitation",
        "that their own exploitation was considered, or a referral as a possible victim, is on record by the decision",
        "crimes of which a child known as a victim is suspected",
    ),
    "children_accused": FormWording(
        "every crime recorded in the period, not cancelled, of which a child is suspected within the window of their "
        "own exploitation",
        "",
        "crimes of which an exploited child is suspected",
    ),
    "orders_on_children": FormWording("everything that was used on a child in the period", "", "orders and powers"),
    "childs_account_recorded": FormWording(
        _CHILDS_CASES, "an account or a recorded interview is on record", "children's cases"
    ),
    "closed_without_support": FormWording(
        _CHILDS_CASES, "the outcome is \u2018victim not supporting\u2019 (official label)", "children's cases"
    ),
    "unsupported_by_circumstance": FormWording(
        f"{_CHILDS_CASES}, and that were closed: victim not supporting (official label)", "", "children's cases"
    ),
    "report_to_charge": FormWording(_CRIMES, "", "crimes"),
    "report_to_first_contact": FormWording(
        "every victim of a crime of the period who was under 18 when the offence happened, child or adult now",
        "",
        "victims",
    ),
    "first_sign_to_flag": FormWording(
        "every child whose exploitation was first marked in the period, by a flag on a crime against them, on an "
        "episode in which they were missing or on themselves, or by the title of the offence",
        "",
        "children whose exploitation is marked",
    ),
    "flag_removed": FormWording(
        "every flag of exploitation that stood on a day of the period", "the flag was taken away in it", "flags"
    ),
    "report_became_crime": FormWording(
        "every report of the inspection that reached the force in the period", "a crime is tied to it", "reports"
    ),
    "n100_on_record": FormWording(
        "every report of the period of which the force says that it ended as an N100 record",
        "a day stands for that record",
        "reports said to have ended so",
    ),
    "crime_cancelled": FormWording(
        _CRIMES, "the record was cancelled by the day on which the data were read", "crimes"
    ),
    "cse_crimes": FormWording(f"{_CRIMES} and not cancelled", "", "crimes"),
    "group_crimes": FormWording(f"{_CRIMES} and not cancelled", "", "crimes"),
    "groups_known": FormWording("every group that was active in the period", "", "groups"),
    "groups_found": FormWording(
        "every group that the records show, with a crime recorded in the period", "", "groups that the records show"
    ),
    **RESPONSE_WORDING,
}
RECORDS: Mapping[str, str] = {
    "duty": "one duty owed to one person after one event",
    "crime": "one recorded crime",
    "victim": "one victim of one crime",
    "suspect": "one suspect of one crime",
    "described": "one victim or suspect of one crime, and what is recorded of them",
    "assessment": "one risk assessment of one child",
    "list_spell": "one spell of one child at one tier of one list",
    "known_child": "one child in one force who came to notice",
    "roles_of_person": "one person in one force",
    "force": "one body that sent a return",
    "group": "one group of people",
    "found_group": "one group that the records show, in one force",
    "report": "one report that reached the force",
    "flag": "one spell of one flag",
    "flagged_child": "one child whose exploitation somebody marked, in one force",
    "suspected_person": "one person named as a suspect in one force",
    "victim_as_child": "one person who was, as a child, a victim or bears a flag, in one force",
    "child_suspect": "one child suspected of one crime",
    "child_victim": "one victim, under 18 when it was reported, of one crime",
    "order_on_child": "one order, warning or power used on a child",
    "investigation": "one recorded crime, and what was done on it",
    "course": "one recorded crime, and its course",
    "course_step": "one step of the course of one crime",
    "pursuit": "one suspect of one crime, and what was done about them",
    "prosecution": "one suspect charged with one crime, and what a court decided",
    "sent_table": "one table that one body sent",
    "device": "one device that was taken in one crime",
    "referral": "one referral about one child",
    "exploited_child": "one child whom one force knows as exploited",
    "missing_episode": "one missing episode of one child",
    "disruption": "one order, warning or notice",
}


def population_sentence(form: Form) -> str:
    """Return the population of an indicator, waiting time or count: in words, then the condition itself."""
    return f"{_sentence(FORM_WORDING[form.key].population)} (As a condition: {form.population}.)"


def condition_sentence(form: Indicator) -> str:
    """Return the condition under which an indicator is met, in words and as the formal condition."""
    return f"{_sentence(FORM_WORDING[form.key].met)} (As a condition: {form.met}.)"


def exclusion_sentences(form: Indicator | Wait) -> str:
    """Return the reasons for exclusion with their meaning; '' if there are none."""
    return " ".join(_sentence(f"{plain_label(reason)}: {REASON_TEXT[reason]}") for reason in form.excluding)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."
