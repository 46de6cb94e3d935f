"""Which columns must an extract have for a figure, and which of them are missing?

A figure may be answered in several ways: the age of a victim is a column, or follows from the date of birth and the day
of the offence. A sentence names what is missing for the way that lacks least, and the others as alternatives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from assay.ingest.extracts.extract_model import ColumnMeaning
from assay.ingest.extracts.heading_evidence import heading_words
from assay.wording import join_words, percent
from assay.workflows.check.extract_contents import CRIMES, FLAGS, PERSONS, SUSPECT, VICTIM, ExtractContents
from assay.workflows.check.plain_needs import plain_need


@dataclass(frozen=True)
class Fact:
    """A fact that a column provides, as a phrase, and whether the extract has such a column.

    `columns` are the columns of the contract that give it, and `role` the role of the persons whom it describes.
    """

    phrase: str
    is_carried: Callable[[ExtractContents], bool]
    columns: frozenset[tuple[str, str]] = frozenset()
    role: str = ""

    def waiting(self, contents: ExtractContents) -> tuple[ColumnMeaning, ...]:
        """Return the columns that may give the fact once confirmed: each heading once, the most probable first."""
        found = [
            meaning
            for meaning in contents.waiting
            if (meaning.table, meaning.column) in self.columns
            and (not self.role or heading_words(meaning.heading).role in ("", self.role))
        ]
        by_heading: dict[str, ColumnMeaning] = {}
        for meaning in sorted(found, key=lambda meaning: -meaning.probability):
            by_heading.setdefault(meaning.heading, meaning)
        return tuple(by_heading.values())

    def unread(self, contents: ExtractContents) -> str:
        """Return the heading of a column that was not read and may give the fact; '' if there is none."""
        needs = (f"{table}.{column}" for table, column in sorted(self.columns))
        return next((contents.unread[need] for need in needs if need in contents.unread), "")


WAITING_LACK = 0.5
"""What a fact counts for that a person has only to confirm: less than one that no column gives."""
Way = tuple[Fact, ...]
"""Facts that together answer a figure."""


def _crime_fact(column: str) -> Fact:
    phrase = plain_need(f"{CRIMES}.{column}")
    return Fact(phrase, lambda contents: contents.carries(CRIMES, column), frozenset({(CRIMES, column)}))


def _person_fact(phrase: str, role: str, *columns: str) -> Fact:
    """Return a fact about persons of a role, which any one of the columns gives."""
    return Fact(
        phrase,
        lambda contents: any(contents.carries_person(role, column) for column in columns),
        frozenset((PERSONS, column) for column in columns),
        role,
    )


REPORTED = _crime_fact("reported_at")
RECORDED = _crime_fact("recorded_at")
OUTCOME = _crime_fact("outcome_code")
OFFENCE = _crime_fact("offence_code")
OFFENCE_DAY = _crime_fact("occurred_from")
IS_IDENTIFIED = _crime_fact("suspect_identified")
N_SUSPECTS = _crime_fact("suspect_count")
EACH_SUSPECT = Fact(
    "every suspect of the crime",
    lambda contents: SUSPECT in contents.person_columns and not contents.one_suspect_at_most,
)
SUSPECT_NAME = _person_fact(
    "the name, reference or date of birth of the suspect", SUSPECT, "person_ref", "forenames", "surname",
    "date_of_birth", "suspect_known_as",
)  # fmt: skip
VICTIM_SEX = _person_fact("the sex of the victim", VICTIM, "sex")
VICTIM_REFERENCE = _person_fact("a reference of the victim that is the same in every crime", VICTIM, "person_ref")
VICTIM_NAME = (
    _person_fact("the forenames of the victim", VICTIM, "forenames"),
    _person_fact("the surname of the victim", VICTIM, "surname"),
    _person_fact("the date of birth of the victim", VICTIM, "date_of_birth"),
)
CSE = Fact(
    "the flag for child sexual exploitation",
    lambda contents: contents.carries(FLAGS, "flag") and contents.can_hold_cse,
    frozenset({(FLAGS, "flag")}),
)


def _ethnicity(role: str) -> Fact:
    return _person_fact(f"the ethnicity of the {role}", role, "ethnicity_self", "ethnicity_officer")


def _age(role: str) -> tuple[Way, ...]:
    stated = _person_fact(f"the age of the {role} at the offence", role, "age_at_offence", "age_band")
    return (_person_fact(f"the date of birth of the {role}", role, "date_of_birth"), OFFENCE_DAY), (stated,)


FACTS_NEEDED: Mapping[str, tuple[Way, ...]] = MappingProxyType(
    {
        "recorded_within_24h": ((REPORTED, RECORDED),),
        "outcome_mix": ((OUTCOME,),),
        "charged_share": ((OUTCOME,),),
        "pending": ((OUTCOME,),),
        "offence_mix": ((OFFENCE,),),
        "suspect_identified": ((IS_IDENTIFIED,), (SUSPECT_NAME,)),
        "suspect_ethnicity_missing": ((SUSPECT_NAME, _ethnicity(SUSPECT)),),
        "victim_ethnicity_missing": ((_ethnicity(VICTIM),),),
        "cse_flagged": ((CSE,),),
        "exploitation_flags": ((CSE, OFFENCE),),
        "victims_by_age_band_at_offence": _age(VICTIM),
        "victim_age_missing": _age(VICTIM),
        "suspect_age_missing": _age(SUSPECT),
        "victims_by_sex": ((VICTIM_SEX,),),
        "crimes_with_two_or_more_suspects": ((N_SUSPECTS,), (EACH_SUSPECT,)),
        "persons_victim_in_two_or_more_crimes": ((VICTIM_REFERENCE,), VICTIM_NAME),
    }
)
"""Figure or measure, by key -> the ways in which columns answer it."""


def missing_facts(key: str, contents: ExtractContents) -> tuple[Way, ...]:
    """Return, for each way to compute a figure, the facts that are missing; () if one way lacks no fact.

    The way of which the extract carries the largest part comes first; a column that waits counts as half carried.
    """
    ways = sorted(FACTS_NEEDED[key], key=lambda way: sum(_lack(fact, contents) for fact in way) / len(way))
    missing = tuple(tuple(fact for fact in way if not fact.is_carried(contents)) for way in ways)
    return missing if all(missing) else ()


def waits_for_confirmation(key: str, contents: ExtractContents) -> bool:
    """Return True if the missing columns of a figure may be in the extract, but a person must confirm them first."""
    ways = missing_facts(key, contents)
    return bool(ways) and any(fact.waiting(contents) for fact in ways[0])


def missing_sentence(key: str, contents: ExtractContents) -> str:
    """Return a sentence on why a figure cannot be computed, and what to add."""
    ways = missing_facts(key, contents)
    steps = "; or ".join(_next_step(way, contents) for way in ways)
    absent = [fact.phrase for fact in ways[0] if not fact.waiting(contents) and not fact.unread(contents)]
    unread = [
        f"{_quoted(fact.unread(contents))} was not read and may hold {fact.phrase}"
        for fact in ways[0]
        if fact.unread(contents)
    ]
    waiting = [_waiting_phrase(fact, contents) for fact in ways[0] if fact.waiting(contents)]
    reasons = join_words([*waiting, *unread, *([f"no column gives {join_with_or(absent)}"] if absent else [])])
    lead = "Cannot be answered until a column is confirmed" if waiting else "Cannot be answered from this extract"
    return f"{lead}: {reasons}. Next: {steps}."


def _lack(fact: Fact, contents: ExtractContents) -> float:
    if fact.is_carried(contents):
        return 0.0
    return WAITING_LACK if fact.waiting(contents) else 1.0


def join_with_or(phrases: list[str]) -> str:
    """Return 'a', 'a or b', or 'a, b or c'."""
    return " or ".join(filter(None, (", ".join(phrases[:-1]), phrases[-1])))


def _quoted(heading: str) -> str:
    return f"\u2018{heading}\u2019"


def _waiting_phrase(fact: Fact, contents: ExtractContents) -> str:
    """Return the columns that may give a fact: "'Offence Title' (72%) or 'HO Class' (27%) may be the offence"."""
    columns = [waiting_column(found, contents) for found in fact.waiting(contents)]
    return f"{join_with_or(columns)} may be {fact.phrase}"


def waiting_column(meaning: ColumnMeaning, contents: ExtractContents) -> str:
    """Return a column that waits, with its probability: "'Date Crimed' (sheets Q1, Q2) (88%)"."""
    places = contents.waiting_places.get(meaning.heading, "")
    return f"\u2018{meaning.heading}\u2019{places} ({percent(meaning.probability, 0)})"


def _next_step(way: Way, contents: ExtractContents) -> str:
    """Return what to do for one way: confirm the columns that wait, and add the facts that no column may give."""
    headings = [f"\u2018{fact.waiting(contents)[0].heading}\u2019" for fact in way if fact.waiting(contents)]
    unread = [_quoted(fact.unread(contents)) for fact in way if fact.unread(contents)]
    absent = [fact.phrase for fact in way if not fact.waiting(contents) and not fact.unread(contents)]
    confirmed = [f"confirm {join_words(headings)} in mapping.toml"] if headings else []
    confirmed += [f"use the lines for {join_words(unread)} at the end of mapping.toml"] if unread else []
    return " and ".join([*confirmed, *([f"add {join_words(absent)}"] if absent else [])])
