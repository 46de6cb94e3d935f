"""Who said yes before a page went out: to its wording, and to what a page on a force may give away?

A report is told of these answers when it is written; it holds the page of a force back until somebody, by name, has
answered the list, and says on every page whether survivors' representatives have read its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

LIST: Mapping[str, str] = {
    "anonymity": "Can nobody on the page be known as a victim, who has anonymity for life, even beside what was in the "
    "news?",
    "proceedings": "Does nothing on the page bear on a trial or an investigation that is live, or could it not be told "
    "from the page that it does?",
    "areas": "Is no figure of the page about one group of victims or suspects only, as in an area with one such case?",
}
"""What is asked of every page on a force before it is released, by key."""
DRAFT_BANNER = "Draft: not released. For those who clear pages before release."
WAITING = "data-waits-for-a-yes"
"""What stands in the page that takes the place of one that waits."""
NOT_DONE = "Wording review by survivors\u2019 representatives: not done."


@dataclass(frozen=True)
class Yes:
    """Who said yes (a name, a post or a group), and on which day."""

    by: str
    on: date

    def __str__(self) -> str:
        return f"{self.by}, {self.on.day} {self.on:%B %Y}"


OF_THE_DEMO = "the demonstration itself, since nobody in it is real"


@dataclass(frozen=True)
class Cleared:
    """What people said before release. `held`: bodies whose page waits; `pages`: by body, who said yes to its page.

    `wording`: who read the words, None while nobody has. `invented`: the list answers itself, since nobody is real.
    `draft`: for those who are to say yes; every page says that it is one.
    """

    wording: Yes | None = None
    pages: Mapping[str, Yes] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    invented: bool = False
    draft: bool = False

    @property
    def wording_words(self) -> str:
        """Whether survivors' representatives read the words, in one sentence for every page."""
        done = f"Wording review by survivors\u2019 representatives: done ({self.wording})."
        return done if self.wording else NOT_DONE

    def page_words(self, body: str) -> str:
        """Who answered the list of a body's page; '' where nobody was asked."""
        if body in self.pages:
            return str(self.pages[body])
        return OF_THE_DEMO if self.invented and body else ""


DRAFT = Cleared(draft=True)
"""What those who clear pages look at: nothing is held back."""
