"""What does it mean that a fact is missing in a record, or that it fails, and where would a force mend it?

Words alone, by fact and by indicator. `why` chooses among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Why:
    """In words: why the answer is as it is, and what to look at or to mend (table and column, or kind of event)."""

    says: str
    do: str


MISSING: Mapping[str, Why] = {
    "in_base": Why("Whether it belongs to the period is not known.", "crimes.recorded_at, crimes.scope_reason"),
    "age_at_offence": Why(
        "The victim's age when the offence happened is not known, or may lie on either side of 18.",
        "involvements.date_of_birth; crimes.occurred_from, occurred_to",
    ),
    "standard_in_force": Why("Which standard held when the clock began is not known.", "the day of the first event"),
    "crime_cancelled": Why("Whether the crime was cancelled in time is not known.", "crimes.cancelled_at"),
    "cancelled": Why("Whether the crime was cancelled is not known.", "crimes.cancelled_at"),
    "transferred": Why(
        "Whether the crime was passed to another force is not known.",
        "crimes.transferred_to_force; the event transfer_accepted",
    ),
    "no_contact_wished": Why(
        "Whether the victim had asked not to be contacted is not known.", "the events of the contact agreement"
    ),
    "country": Why("Whether it was in England or in Wales is not known.", "local_authority_code"),
    "declined": Why("Whether the child declined the interview is not known.", "the event return_interview_declined"),
    "known_as": Why("How far the suspect is known is not on record.", "involvements.suspect_known_as"),
    "ethnicity_self_recorded": Why("The value was set aside on receipt.", "involvements.ethnicity_self, in the letter"),
    "ethnicity_officer_recorded": Why(
        "The value was set aside on receipt.", "involvements.ethnicity_officer, in the letter"
    ),
    "cse_titled": Why("What the offence is called is not known.", "crimes.offence_code"),
    "cse_flagged": Why(
        "No flag is there, and the return does not say that every flag is sent.",
        "flags; complete in return.toml, [tables.flags]",
    ),
    "tied_by": Why("How this group was found is not on record.", "run the self-audit again"),
    "named_suspects": Why("How many suspects are named is not on record.", "involvements.suspect_known_as"),
    "child_victim": Why(
        "No victim of the group is known to have been under 18, and the age of some is not known.",
        "involvements.date_of_birth; crimes.occurred_from, occurred_to",
    ),
    "marked": Why(
        "No flag is on any crime of the group, and the return does not say that every flag is sent.",
        "flags; complete in return.toml, [tables.flags]",
    ),
    "held": Why(
        "The group is not on the list, and the return does not say that the list is whole.",
        "groups, group_members; complete in return.toml",
    ),
    "several_children": Why(
        "Whether two victims of this suspect were children hangs on an age that is not known.",
        "involvements.date_of_birth; crimes.occurred_from, occurred_to",
    ),
    "acted_on": Why(
        "Nothing is on record against this suspect, and the return does not say that all of it is sent, or an arrest "
        "or charge names nobody.",
        "the events suspect_arrested and suspect_charged; orders; complete in return.toml",
    ),
    "body_kind": Why("What kind of body this is is not known.", "return.toml, force_code"),
    "profile_current_with_groups": Why(
        "The profile's date or its sections are not on record, or not every profile is sent.",
        "profiles; complete in return.toml, [tables.profiles]",
    ),
    "suspect_identified": Why(
        "Nobody is named, and the list of suspects is not complete or the outcome says that somebody was identified.",
        "involvements.suspect_known_as; crimes.outcome_code; complete in return.toml, [tables.involvements]",
    ),
    "charged": Why(
        "No charge is on record, and the return does not say that every outcome and charge is sent.",
        "crimes.outcome_code; the event suspect_charged; complete in return.toml",
    ),
    "pending": Why(
        "Whether it has an outcome is not known, or outcome and day of closing contradict each other.",
        "crimes.outcome_code, crimes.closed_at",
    ),
}
"""By fact: what it means that the fact is missing, and where it would come from."""
FAILING: Mapping[str, Why] = {
    "suspect_ethnicity_self_recorded": Why(
        "What the suspect states is not on record.", "involvements.ethnicity_self: enter it, or ask"
    ),
    "suspect_ethnicity_officer_recorded": Why(
        "What an officer saw is not on record, or is a code for 'not known'.", "involvements.ethnicity_officer"
    ),
    "cse_flag_on_cse_offence": Why(
        "The offence is titled exploitation, and the crime bears no flag for it.", "flags: put the flag on the crime"
    ),
    "problem_profile_current": Why(
        "There is no profile younger than 12 months with a section on groups.", "profiles: enter it if there is one"
    ),
    "suspect_identified": Why(
        "No suspect is named, and no event says that one was identified.",
        "involvements: enter the suspect if one is known; else there is nothing to mend",
    ),
    "found_groups_held": Why(
        "The records show this group (named by its first person); no group of the list shares two suspects with it.",
        "groups, group_members: see whether these people are a group, and map it if they are",
    ),
    "several_children_acted_on": Why(
        "Named as a suspect of offences against two or more children, and no arrest, charge or order is on record.",
        "look at this person's crimes first; the events suspect_arrested and suspect_charged, and orders",
    ),
    "children_also_suspects": Why(
        "This child is a victim, and suspected of an offence within the window of their exploitation.",
        "read this child's cases together: was the child made to do it? There may be nothing to mend in the record",
    ),
    "children_accused_unconsidered": Why(
        "An offence of this child victim was decided, and nothing says that exploitation was considered first.",
        "the event exploitation_considered, and referrals: enter it if it was; else have the decision looked at again",
    ),
    "exploitation_considered_first": Why(
        "The suspect is a child known as a victim, and nothing says that exploitation was considered first.",
        "the event exploitation_considered, and referrals: enter it if it was; else have the decision looked at again",
    ),
    "childs_account_recorded": Why(
        "The case has an outcome, and no account of the child is on record.",
        "the events account_taken and abe_interview_done: enter it if there was one",
    ),
    "closed_without_support": Why(
        "The case ended because the victim is said not to support it.",
        "crimes.outcome_code: see that the child was asked, and helped; else nothing to mend in the record",
    ),
    "charged_of_all": Why("No charge or summons is on record.", "crimes.outcome_code: enter a charge if there is one"),
    "charged_of_closed": Why(
        "The crime has an outcome, and no charge or summons.",
        "crimes.outcome_code: see that it is the right one; else nothing to mend",
    ),
    "still_pending": Why(
        "The crime has no outcome yet.", "crimes.outcome_code: enter the outcome if there is one; else somebody waits"
    ),
}
"""By indicator: what its failing answer says of a record that is no duty, and what to do."""
OTHER = Why("The record does not tell.", "see the letter for what was set aside")
