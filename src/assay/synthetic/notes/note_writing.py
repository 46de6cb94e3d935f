"""Generate one synthetic note with its truth."""

from __future__ import annotations

from dataclasses import dataclass

from assay.synthetic.notes.note_authors import BY_SHARE, OUTSIDE, Author
from assay.synthetic.notes.note_grammar import Grammar, grammar, sentence
from assay.synthetic.notes.note_voices import BLAMING, NOT_OWN_WORDS, Attitude
from assay.synthetic.notes.typing_errors import Blemishes, Habits, type_note
from assay.synthetic.random_stream import RandomStream

LENGTHS = (1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 5, 6, 9)  # sentences of a note before the author's habit
ONE_PAGE, A_PAGE = 0.01, (16, 30)  # the share of long notes, and their number of sentences
GIRLS = 0.79  # the share of victims who are female, as in calibration.toml
VERY_LONG = (200, 400)  # sentences
PLAIN, TIDY, USUAL = Attitude(), Habits(), Blemishes()


@dataclass(frozen=True)
class Note:
    """One entry and its truth.

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
        """True if the printed form contains a blaming phrase."""
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
