"""Authors of the notes of a synthetic force, their typing habits, and defects of texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assay.errors import UsageError
from assay.synthetic.notes.note_grammar import grammar, grammar_file
from assay.synthetic.random_stream import RandomStream


@dataclass(frozen=True)
class Habits:
    """The typing habits of one author, such as abbreviations and missing capitals.

    `wrap`: characters in a line, 0 for no wrapping; `wordy` multiplies the number of sentences.
    """

    capitals: bool = False
    full_stops: bool = True
    bullet: str = ""
    wrap: int = 0
    curly: bool = False
    short: bool = False
    opening: float = 0.0
    ending: float = 0.0
    wordy: float = 1.0


def habits(stream: RandomStream) -> Habits:
    """Sample the typing habits of one author; how frequent each habit is, is our own assumption."""
    return Habits(
        capitals=stream.happens(0.03),
        full_stops=not stream.happens(0.12),
        bullet=grammar()["marks.bullets"].say(stream) if stream.happens(0.1) else "",
        wrap=stream.integer(58, 80) if stream.happens(0.08) else 0,
        curly=stream.happens(0.25),
        short=stream.happens(0.25),
        opening=0.9 if stream.happens(0.3) else 0.05,
        ending=0.8 if stream.happens(0.15) else 0.02,
        wordy=stream.uniform(0.5, 1.6),
    )


@dataclass(frozen=True)
class Blemishes:
    """Shares of notes with each defect (withheld, an image, empty, or damaged); a note has one at most.

    `welsh` is the share with a sentence in Welsh. Control characters are off by default, because injected errors count
    them.
    """

    withheld: float = 0.02
    image: float = 0.004
    empty: float = 0.003
    control: float = 0.0
    remnants: float = 0.004
    capitals: float = 0.005
    very_long: float = 0.0005
    welsh: float = 0.0

    def __post_init__(self) -> None:
        shares = tuple(vars(self).values())
        if min(shares) < 0 or sum(shares) > 1:
            raise UsageError("Shares of blemishes are not negative and add up to at most 1.")

    def draw(self, stream: RandomStream) -> str:
        """Sample the defect of one note, '' for most."""
        left = stream.uniform(0, 1)
        for name, share in self.__dict__.items():
            left -= share
            if left < 0:
                return str(name)
        return ""


def type_note(
    sentences: Sequence[str], author_habits: Habits, blemish: str, stream: RandomStream, clock: str = ""
) -> str:
    """Return the sentences of one note as the author would type them, with its defect if it has one."""
    text = _join_sentences(sentences, author_habits, clock, stream)
    if author_habits.short:
        text = _abbreviate(text)
    if author_habits.curly:
        text = re.sub(r'"([^"]*)"', r"“\1”", text).replace("'", "’")
    if author_habits.wrap and "\n" not in text:
        text = _wrap_lines(text, author_habits.wrap)
    if author_habits.capitals or blemish == "capitals":
        text = text.upper()
    return _add_blemish(text, blemish, stream)


def _join_sentences(sentences: Sequence[str], author_habits: Habits, clock: str, stream: RandomStream) -> str:
    if not author_habits.full_stops:
        sentences = [text.removesuffix(".") for text in sentences]
    has_several = len(sentences) > 1
    opening = stream.pick(_OPENINGS).format(clock=clock) if clock and stream.happens(author_habits.opening) else ""
    if author_habits.bullet and has_several:
        text = "\n".join([opening.rstrip(), *(author_habits.bullet + text for text in sentences)]).lstrip("\n")
    else:
        text = opening + ((" " if author_habits.full_stops else "\n") if has_several else "").join(sentences)
    return text + grammar()["marks.endings"].say(stream) if stream.happens(author_habits.ending) else text


_SHORT = tuple(grammar_file("typing")["short"].items())
_OPENINGS = tuple(grammar_file("typing")["marks"]["openings"])


def _abbreviate(text: str) -> str:
    for long, short in _SHORT:
        text = text.replace(long, short)
    return text


def _wrap_lines(text: str, width: int) -> str:
    """Wrap a text into lines of at most `width` characters."""
    lines: list[str] = []
    used = 0
    for word in text.split(" "):
        if lines and used + 1 + len(word) <= width:
            lines[-1] += " " + word
            used += 1 + len(word)
        else:
            lines.append(word)
            used = len(word)
    return "\n".join(lines)


def _add_blemish(text: str, blemish: str, stream: RandomStream) -> str:
    if blemish == "control":
        return text.replace(" ", " " + grammar()["marks.control"].say(stream), 1)
    if blemish == "remnants":
        first, second = (grammar()["marks.remnants"].say(stream) for _ in range(2))
        return f"{first}{text.replace('. ', f'. {second} ')}"
    return text


# The authors of the notes of one synthetic force, and their typing habits.

WRITERS: Mapping[str, Mapping[str, int]] = {
    "log": {"control_room": 9, "response_officer": 1},
    "investigation": {"investigator": 6, "specialist_investigator": 3, "response_officer": 1},
    "supervision": {"supervisor": 8, "inspector": 2},
    "victim_contact": {"investigator": 4, "victim_liaison": 3, "specialist_investigator": 2},
    "suspect_account": {"custody_officer": 4, "investigator": 5},
    "victim_account": {"specialist_investigator": 7, "response_officer": 2},
    "third_party": {"safeguarding_officer": 6, "investigator": 3},
    "referral_text": {"local_authority": 5, "education": 3, "health": 2, "voluntary": 1},
    "assessment": {"safeguarding_officer": 7, "missing_officer": 2},
    "intelligence": {"intelligence_officer": 5, "neighbourhood_officer": 3, "analyst": 1},
    "closing_report": {"supervisor": 6, "investigator": 4},
    "file_to_prosecutor": {"investigator": 7, "specialist_investigator": 2},
    "missing": {"missing_officer": 7, "response_officer": 3},
    "form": {"safeguarding_officer": 3, "missing_officer": 3, "custody_officer": 2, "response_officer": 2},
    "training_or_policy": {"safeguarding_officer": 2, "supervisor": 1, "other_police": 2},
    "other": {"neighbourhood_officer": 3, "other_police": 2, "crime_recorder": 1},
}
BY_SHARE = {kind: tuple(role for role, share in roles.items() for _ in range(share)) for kind, roles in WRITERS.items()}
OUTSIDE = frozenset({"local_authority", "education", "health", "voluntary"})
ROLES = tuple(dict.fromkeys(role for roles in WRITERS.values() for role in roles))
CRIMES_PER_AUTHOR = 40  # yearly crimes for each additional author of a role
MAX_AUTHORS_PER_ROLE = 90


@dataclass(frozen=True)
class Author:
    """An author: role, key in this return, and typing habits.

    `leaning`, from -1 to 1: how much more or less often than the force's average the author uses blaming language.
    """

    role: str
    key: str | None
    habits: Habits
    leaning: float = 0.0


class Office:
    """The authors of one force; a key always means the same person with the same habits."""

    def __init__(self, stream: RandomStream, crimes: int) -> None:
        number = min(2 + crimes // CRIMES_PER_AUTHOR, MAX_AUTHORS_PER_ROLE)
        authors_by_role = {role: _role_authors(role, place, number, stream) for place, role in enumerate(ROLES)}
        self._authors = {
            kind: tuple(authors_by_role[role] for role in weighted_roles) for kind, weighted_roles in BY_SHARE.items()
        }

    def writer(self, kind: str, stream: RandomStream) -> Author:
        """Sample the author of an entry of this kind."""
        return stream.pick(stream.pick(self._authors[kind]))


def _role_authors(role: str, place: int, number: int, stream: RandomStream) -> tuple[Author, ...]:
    keys = [f"K{place * 100 + index:04d}" for index in range(1, number + 1)]
    return tuple(_author(role, key, stream.substream(key)) for key in keys)


def _author(role: str, key: str, stream: RandomStream) -> Author:
    """Return an author; a partner's text is imported, and has no key."""
    return Author(role, None if role in OUTSIDE else key, habits(stream), stream.uniform(-1, 1))


@lru_cache(maxsize=4)
def office(path: str, crimes: int) -> Office:
    """Return the authors for a random stream path, for a force with this number of crimes."""
    return Office(RandomStream(path), crimes)
