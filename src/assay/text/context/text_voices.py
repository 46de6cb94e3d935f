"""Speaker categories of a passage (officer, suspect, child, third party), and author categories of an entry."""

from __future__ import annotations

from dataclasses import dataclass

OFFICER, SUSPECT, THIRD, CHILD = "officer", "suspect", "third_party", "child"
CHALLENGE, NEGATED, POLICY, STATUTE, LEFT_OPEN = "challenge", "negated", "policy", "statute", "left_open"
OTHER_SENSE, OTHER_TARGET, FORM = "other_sense", "other_target", "form"
VOICES = {
    OFFICER: "the police's own words, or a view that the writer makes their own",
    SUSPECT: "a suspect or the defence, quoted or reported",
    THIRD: "a parent, a carer, a partner agency or somebody else, quoted or reported",
    CHILD: "the child's own words",
    CHALLENGE: "somebody challenges the wording",
    NEGATED: "it is denied",
    POLICY: "guidance, training or a checklist",
    STATUTE: "the title of an offence or an outcome",
    LEFT_OPEN: "it is a question or left open",
    OTHER_SENSE: "the same words in another sense",
    OTHER_TARGET: "about somebody or something other than the child",
    FORM: "printed by a form",
}
"""Only the first counts against the police."""

BY_ENTRY = {
    "suspect_account": SUSPECT,
    "victim_account": CHILD,
    "third_party": THIRD,
    "referral_text": THIRD,
    "training_or_policy": POLICY,
    "form": FORM,
}
BY_AUTHOR = {
    "prosecutor": THIRD, "court": THIRD, "local_authority": THIRD, "education": THIRD, "health": THIRD,
    "voluntary": THIRD, "return_interviewer": THIRD, "other": THIRD, "system": FORM,
}  # fmt: skip
"""Voice of every word of an entry by its kind, or by its author's role (return contract, `entry_type` and `role`)."""


@dataclass(frozen=True)
class Entry:
    """The fields of the return that say who wrote an entry and what kind of entry it is; '' if missing."""

    author_role: str = ""
    entry_type: str = ""

    @property
    def voice(self) -> str:
        """Speaker category of the whole entry, or '' if its fields do not determine it."""
        return BY_ENTRY.get(self.entry_type) or BY_AUTHOR.get(self.author_role, "")
