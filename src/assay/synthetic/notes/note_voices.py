"""The voice of a note: who blames the child, and does it count as blaming language?

Only an officer's own words count as blaming, and words of others that an officer adopts. Quotations of a suspect, a
parent or the child, denials, a supervisor's challenge, training text, printed headings, sentences about the suspect,
and the same words in another sense do not. The frequencies of these voices are our own proposal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assay.errors import UsageError
from assay.synthetic.random_stream import RandomStream

BLAMING = ("officer", "adopted")
OTHER_VOICES = (
    "suspect_quoted",
    "third_party_quoted",
    "child_quoted",
    "negated",
    "challenged",
    "training",
    "form_template",
    "about_suspect",
    "other_sense",
)
VOICES = (*BLAMING, *OTHER_VOICES, "none")
NOT_OWN_WORDS = frozenset({"form", "training_or_policy", "referral_text"})  # kinds without a view of an officer
ANYWHERE = {"negated": 0.004, "about_suspect": 0.006, "other_sense": 0.008}
ALSO: Mapping[str, Mapping[str, float]] = {
    "suspect_account": {"suspect_quoted": 0.06, "about_suspect": 0.04},
    "victim_account": {"child_quoted": 0.04},
    "victim_contact": {"child_quoted": 0.02, "third_party_quoted": 0.01},
    "third_party": {"third_party_quoted": 0.05},
    "referral_text": {"third_party_quoted": 0.04},
    "missing": {"third_party_quoted": 0.03, "child_quoted": 0.02},
    "supervision": {"challenged": 0.02},
    "assessment": {"third_party_quoted": 0.02, "negated": 0.01},
    "closing_report": {"suspect_quoted": 0.02, "negated": 0.01},
    "training_or_policy": {"training": 0.6},
    "form": {"form_template": 0.35},
}
SHARES = {kind: {**ANYWHERE, **more} for kind, more in ALSO.items()}
SHARES["form"], SHARES["training_or_policy"] = dict(ALSO["form"]), dict(ALSO["training_or_policy"])


@dataclass(frozen=True)
class Attitude:
    """How a force writes about children.

    `blaming` is the share of the officers' own notes that blame, `paraphrased` the share of these without a stock
    phrase, `adopted` the share that agrees with somebody else's view. `cleaned`: stock phrases were removed from notes
    and printed forms, with the attitude unchanged. `other_voices` multiplies the shares of the voices that do not
    count.
    """

    blaming: float = 0.015
    paraphrased: float = 0.55
    adopted: float = 0.15
    other_voices: float = 1.0
    cleaned: bool = False

    def __post_init__(self) -> None:
        if (
            not all(0 <= share <= 1 for share in (self.blaming, self.paraphrased, self.adopted))
            or self.other_voices < 0
        ):
            raise UsageError("An attitude has shares between 0 and 1, and a multiplier that is not negative.")

    def author_share(self, leaning: float) -> float:
        """Return the share of an author with a leaning from -1 to 1: at most double, with the mean unchanged."""
        return self.blaming + leaning * min(self.blaming, 1 - self.blaming)

    def voice(self, kind: str, own_words: bool, stream: RandomStream, leaning: float = 0.0) -> str:
        """Sample the voice of one note; `own_words`: the note is an officer's own."""
        if own_words and stream.happens(self.author_share(leaning)):
            return "adopted" if stream.happens(self.adopted) else "officer"
        left = stream.uniform(0, 1)
        for key, share in SHARES.get(kind, ANYWHERE).items():
            left -= share * self.other_voices
            if left < 0:
                return "none" if key == "form_template" and self.cleaned else key
        return "none"

    def wording(self, stream: RandomStream) -> str:
        """Sample stock phrases or paraphrase, for a blaming note."""
        return "paraphrase" if stream.happens(self.paraphrased) or self.cleaned else "stock"
