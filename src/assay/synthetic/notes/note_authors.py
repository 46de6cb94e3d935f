"""The authors of the notes of one synthetic force, and their typing habits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from assay.synthetic.notes.typing_errors import Habits, habits
from assay.synthetic.random_stream import RandomStream

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
