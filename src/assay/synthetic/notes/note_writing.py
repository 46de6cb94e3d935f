"""Generate one synthetic note, with the speaker of each statement and its true classification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assay.errors import UsageError
from assay.synthetic.notes.note_grammar import Grammar, grammar, sentence
from assay.synthetic.notes.typing_errors import BY_SHARE, OUTSIDE, Author, Blemishes, Habits, type_note
from assay.synthetic.random_stream import RandomStream

# The voice of a note: who blames the child, and does it count as blaming language?
#
# Only an officer's own words count as blaming, and words of others that an officer adopts. Quotations of a suspect, a
# parent or the child, denials, a supervisor's challenge, training text, printed headings, sentences about the suspect,
# and the same words in another sense do not. The frequencies of these voices are our own proposal.

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
    """The attitude of a force's officers: how often, and in which words, they blame children.

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
        """Return the share of blaming notes of an author with a tendency from -1 to 1: at most double, with the mean
        unchanged."""
        return self.blaming + leaning * min(self.blaming, 1 - self.blaming)

    def voice(self, kind: str, own_words: bool, stream: RandomStream, leaning: float = 0.0) -> str:
        """Sample the speaker of one note; `own_words` is true if the note is an officer's own."""
        if own_words and stream.happens(self.author_share(leaning)):
            return "adopted" if stream.happens(self.adopted) else "officer"
        left = stream.uniform(0, 1)
        for key, share in SHARES.get(kind, ANYWHERE).items():
            left -= share * self.other_voices
            if left < 0:
                return "none" if key == "form_template" and self.cleaned else key
        return "none"

    def wording(self, stream: RandomStream) -> str:
        """Sample whether a blaming note uses stock phrases or a paraphrase."""
        return "paraphrase" if stream.happens(self.paraphrased) or self.cleaned else "stock"


LENGTHS = (1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 5, 6, 9)  # sentences of a note before the author's habit
ONE_PAGE, A_PAGE = 0.01, (16, 30)  # the share of long notes, and their number of sentences
GIRLS = 0.79  # the share of victims who are female, as in calibration.toml
VERY_LONG = (200, 400)  # sentences
PLAIN, TIDY, USUAL = Attitude(), Habits(), Blemishes()


@dataclass(frozen=True)
class Note:
    """One synthetic entry and its true classification.

    `own_words`: an officer's own words, the denominator of shares of blaming notes. `template`: a printed form with a
    blaming phrase. `paraphrase`: blame without a stock phrase. `text` is None if `form` is not text, or the text is
    empty.
    """

    kind: str
    author_role: str
    author_key: str | None
    form: str
    text: str | None
    voice: str = "none"
    own_words: bool = False
    paraphrase: bool = False
    blemish: str = ""

    @property
    def blaming(self) -> bool:
        """True if an officer says that the child is to blame."""
        return self.voice in BLAMING

    @property
    def template(self) -> bool:
        """True if the printed form in the note contains a blaming phrase."""
        return self.voice == "form_template"


def write_note(
    kind: str,
    stream: RandomStream,
    *,
    attitude: Attitude = PLAIN,
    habits: Habits = TIDY,
    author: Author | None = None,
    blemishes: Blemishes = USUAL,
    child: str = "",
    clock: str = "",
) -> Note:
    """Generate one entry of a kind (list `entry_type`).

    `author` has role, key and habits; without one, `habits` are used. `child` is 'she' or 'he', sampled if empty;
    `clock` is the time of the entry ('14:05'), which some authors write first.
    """
    role = author.role if author else stream.pick(BY_SHARE[kind])
    key = author.key if author else None
    author_habits = author.habits if author else habits
    blemish = blemishes.draw(stream)
    if blemish in ("withheld", "image"):
        return Note(kind, role, key, blemish, None, blemish=blemish)
    if blemish == "empty":
        return Note(kind, role, key, "text", None, blemish=blemish)
    own_words = role not in OUTSIDE and kind not in NOT_OWN_WORDS
    voice = attitude.voice(kind, own_words, stream, author.leaning if author else 0.0)
    wording = attitude.wording(stream) if voice != "none" else "stock"
    slots = grammar(child or ("she" if stream.happens(GIRLS) else "he"), wording)
    lines = _lines(kind, voice, slots, author_habits, blemish, stream)
    paraphrase = wording == "paraphrase" and voice not in ("none", "form_template", "about_suspect", "other_sense")
    text = type_note(lines, author_habits, blemish, stream, clock)
    return Note(kind, role, key, "text", text, voice, own_words, paraphrase, blemish)


def _lines(
    kind: str, voice: str, slots: Grammar, author_habits: Habits, blemish: str, stream: RandomStream
) -> list[str]:
    """Return the sentences of one note in order."""
    first = "form.printed" if voice == "form_template" else f"{kind}.first"
    lines = [sentence(slots[first].say(stream))]
    number = _number(author_habits, blemish, stream)
    lines += [sentence(text) for text in slots[f"{kind}.then"].sample(number - 1, stream)]
    if number > 1 and kind != "form" and stream.happens(0.5):
        lines.append(sentence(slots["next.any"].say(stream)))
    if blemish == "welsh":
        lines.insert(stream.integer(0, len(lines)), slots["welsh.sentence"].say(stream))
    if voice not in ("none", "form_template"):
        lines.insert(stream.integer(0, len(lines)), sentence(slots[f"{voice}.frame"].say(stream)))
    return ["\n".join(lines)] if kind == "form" else lines


def _number(author_habits: Habits, blemish: str, stream: RandomStream) -> int:
    if blemish == "very_long":
        return stream.integer(*VERY_LONG)
    if stream.happens(ONE_PAGE):
        return stream.integer(*A_PAGE)
    return max(1, round(stream.pick(LENGTHS) * author_habits.wordy))
