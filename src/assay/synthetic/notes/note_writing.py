"""What stands in one note of an invented record, and is it blaming?"""

from __future__ import annotations

from dataclasses import dataclass

from assay.synthetic.notes.note_authors import BY_SHARE, OUTSIDE, Author
from assay.synthetic.notes.note_grammar import Grammar, grammar, sentence
from assay.synthetic.notes.note_voices import BLAMING, NOT_OWN_WORDS, Attitude
from assay.synthetic.notes.typing_errors import Blemishes, Habits, typed
from assay.synthetic.random_stream import Chance

LENGTHS = (1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 5, 6, 9)  # sentences of a note before the author's own habit
ONE_PAGE, A_PAGE = 0.01, (16, 30)  # the share of notes that fill a page, and the sentences that fill it
GIRLS = 0.79  # the share of victims who are female, as in calibration.toml
VERY_LONG = (200, 400)  # sentences
PLAIN, TIDY, USUAL = Attitude(), Habits(), Blemishes()


@dataclass(frozen=True)
class Note:
    """One entry, and the truth about it.

    `own_words`: an officer's own, so that it could blame; shares of blaming notes are shares of these. `template`: a
    form that blames by itself. `paraphrase`: blame is spoken of without a stock phrase. `text` is None where `form` is
    another than text, or the text is empty.
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
        """Whether an officer says of a child that the child is to blame."""
        return self.voice in BLAMING

    @property
    def template(self) -> bool:
        """Whether a printed form holds a blaming phrase by itself."""
        return self.voice == "form_template"


def write(
    kind: str,
    chance: Chance,
    *,
    attitude: Attitude = PLAIN,
    habits: Habits = TIDY,
    author: Author | None = None,
    blemishes: Blemishes = USUAL,
    child: str = "",
    clock: str = "",
) -> Note:
    """One entry of a kind (list `entry_type`). `author` brings role, key and habits; without one, `habits` holds.

    `child` is 'she' or 'he', drawn if empty; `clock` is the time of the entry ('14:05'), which some authors put first.
    """
    role = author.role if author else chance.pick(BY_SHARE[kind])
    key = author.key if author else None
    by = author.habits if author else habits
    blemish = blemishes.draw(chance)
    if blemish in ("withheld", "image"):
        return Note(kind, role, key, blemish, None, blemish=blemish)
    if blemish == "empty":
        return Note(kind, role, key, "text", None, blemish=blemish)
    own_words = role not in OUTSIDE and kind not in NOT_OWN_WORDS
    voice = attitude.voice(kind, own_words, chance, author.leaning if author else 0.0)
    wording = attitude.wording(chance) if voice != "none" else "stock"
    say = grammar(child or ("she" if chance.happens(GIRLS) else "he"), wording)
    lines = _lines(kind, voice, say, by, blemish, chance)
    paraphrase = wording == "paraphrase" and voice not in ("none", "form_template", "about_suspect", "other_sense")
    text = typed(lines, by, blemish, chance, clock)
    return Note(kind, role, key, "text", text, voice, own_words, paraphrase, blemish)


def _lines(kind: str, voice: str, say: Grammar, by: Habits, blemish: str, chance: Chance) -> list[str]:
    """The sentences of one note in their order."""
    first = "form.printed" if voice == "form_template" else f"{kind}.first"
    lines = [sentence(say[first].say(chance))]
    number = _number(by, blemish, chance)
    lines += [sentence(text) for text in say[f"{kind}.then"].some(number - 1, chance)]
    if number > 1 and kind != "form" and chance.happens(0.5):
        lines.append(sentence(say["next.any"].say(chance)))
    if blemish == "welsh":
        lines.insert(chance.whole(0, len(lines)), say["welsh.sentence"].say(chance))
    if voice not in ("none", "form_template"):
        lines.insert(chance.whole(0, len(lines)), sentence(say[f"{voice}.frame"].say(chance)))
    return ["\n".join(lines)] if kind == "form" else lines


def _number(by: Habits, blemish: str, chance: Chance) -> int:
    if blemish == "very_long":
        return chance.whole(*VERY_LONG)
    if chance.happens(ONE_PAGE):
        return chance.whole(*A_PAGE)
    return max(1, round(chance.pick(LENGTHS) * by.wordy))
