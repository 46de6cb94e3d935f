"""Approvals before release: who reviewed the wording of the report, and who cleared each force's page?

The report withholds the page of a force until a named person has answered the release questions, and states on every
page whether survivors' representatives have reviewed its wording.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

RELEASE_QUESTIONS: Mapping[str, str] = {
    "anonymity": "Can nobody on the page be known as a victim, who has anonymity for life, even beside what was in the "
    "news?",
    "proceedings": "Does nothing on the page bear on a trial or an investigation that is live, or could it not be told "
    "from the page that it does?",
    "areas": "Is no figure of the page about one group of victims or suspects only, as in an area with one such case?",
}
"""The questions for every force page before it is released, by key."""
DRAFT_BANNER = "Draft: not released. For those who clear pages before release."
AWAITING_APPROVAL_MARK = "data-waits-for-a-yes"
"""The attribute in the placeholder page of a withheld page."""
NO_WORDING_REVIEW = "Wording review by survivors\u2019 representatives: not done."


@dataclass(frozen=True)
class Approval:
    """An approval: the approver (a name, a post or a group) and the date."""

    approver: str
    approved_on: date

    def __str__(self) -> str:
        return f"{self.approver}, {self.approved_on.day} {self.approved_on:%B %Y}"


DEMO_APPROVAL = "the demonstration itself, since nobody in it is real"


@dataclass(frozen=True)
class ReleaseApprovals:
    """The approvals given before release, and the forces whose pages are withheld.

    `wording`: the review of the wording, None if not done. `pages`: approval of each force page. `withheld`: forces
    whose page awaits approval. `is_synthetic`: approved by the demonstration itself, because no force is real.
    `is_draft`: for the approvers; every page carries a draft banner.
    """

    wording: Approval | None = None
    pages: Mapping[str, Approval] = field(default_factory=dict)
    withheld: frozenset[str] = frozenset()
    is_synthetic: bool = False
    is_draft: bool = False

    @property
    def wording_sentence(self) -> str:
        """One sentence for every page: whether survivors' representatives reviewed the wording."""
        done = f"Wording review by survivors\u2019 representatives: done ({self.wording})."
        return done if self.wording else NO_WORDING_REVIEW

    def page_approval(self, force_code: str) -> str:
        """Return who approved the page of a force; '' if no approval was asked for."""
        if force_code in self.pages:
            return str(self.pages[force_code])
        return DEMO_APPROVAL if self.is_synthetic and force_code else ""


DRAFT = ReleaseApprovals(is_draft=True)
"""For the approvers: no page is withheld."""
