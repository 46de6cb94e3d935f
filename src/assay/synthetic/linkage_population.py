"""A synthetic population for linkage trials at national scale, with errors in the records.

The names of `names.toml` are too few for national scale, so thousands of names are composed of two halves, with a
skewed frequency distribution; none is a real name. People live in households, so that siblings and twins share a
surname, a postcode and often a telephone. `Noise` holds the shares of wrong, outdated and missing values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from assay.synthetic.synthetic_country import name_lists

Draw = np.random.Generator
Words = np.ndarray[Any, Any]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
FORCES = 43
FIRST_BIRTH, LAST_BIRTH, FIRST_CHILD = (dt.date(year, 1, 1).toordinal() for year in (1955, 2021, 2007))
ENDINGS = (
    "ander", "bank", "beck", "berry", "bolt", "born", "bridge", "brook", "burn", "cott", "croft", "dale", "dell",
    "den", "drake", "edge", "fast", "fell", "field", "folk", "ford", "garth", "gate", "good", "grave", "grove",
    "hatch", "head", "hill", "holt", "hurst", "kirk", "land", "ley", "lock", "low", "man", "mere", "mond", "more",
    "nell", "over", "pitt", "pool", "ridge", "royd", "sall", "shaw", "side", "son", "stead", "stone", "thorpe", "ton",
    "tree", "vale", "ward", "well", "wick", "win", "wood", "worth", "wright", "yate",
)  # fmt: skip
SECOND = ("", "a", "an", "ard", "el", "en", "ette", "ia", "ie", "in", "is", "o", "on", "ora", "us", "wyn")


@dataclass(frozen=True)
class Noise:
    """Shares (0 to 1) of records with each kind of error.

    `typing`: a typing error in a name; `changed_surname`: women's records with a changed surname from some day on;
    `other_name`: records with an alias; `alias_told`: aliases that the table of aliases lists; `swapped`: forename and
    surname swapped; `short`: a short form; `wrong_birth`: wrong dates of birth, half with day and month swapped where
    possible, half with one wrong digit; `no_number`: no force number for the person; `moved`: a previous or later
    postcode or telephone; all others: missing values.
    """

    typing: float
    changed_surname: float
    other_name: float
    swapped: float
    short: float
    wrong_birth: float
    no_birth: float
    no_sex: float
    no_postcode: float
    no_phone: float
    no_number: float
    moved: float
    placeholder: float
    alias_told: float = 0.5


NOISES = {
    "light": Noise(0.02, 0.02, 0.02, 0.005, 0.03, 0.02, 0.04, 0.01, 0.15, 0.40, 0.15, 0.20, 0.005),
    "ordinary": Noise(0.05, 0.03, 0.05, 0.015, 0.05, 0.04, 0.08, 0.02, 0.25, 0.55, 0.30, 0.30, 0.01),
    "heavy": Noise(0.08, 0.05, 0.07, 0.03, 0.08, 0.07, 0.12, 0.04, 0.35, 0.65, 0.45, 0.40, 0.02),
}


@dataclass(frozen=True)
class LinkagePopulation:
    """Entries of many forces, their aliases, and the true person of each.

    `entries`: entry (whole number), force_code, person_ref, forenames, surname, date_of_birth, sex, postcode, phone.
    `aliases`: entry, forenames, surname. `truth`: entry, person.
    """

    entries: pa.Table
    aliases: pa.Table
    truth: pa.Table


def linkage_population(records: int, noise: Noise, seed: int) -> LinkagePopulation:
    """Return a population with `records` records, about five people for every eight records."""
    draw = np.random.Generator(np.random.PCG64(seed))
    people = _People.sample(max(2, round(records / 1.6)), draw)
    return _records_of_people(people, records, noise, draw)


def sample_skewed(words: Sequence[str], power: float, number: int, draw: Draw) -> Words:
    """Sample `number` words from a power law, in random order.

    The n-th word is n ** -power times as frequent as the first.
    """
    pool = np.array(words, dtype=object)
    draw.shuffle(pool)
    weights = np.arange(1, len(pool) + 1, dtype=float) ** -power
    return np.asarray(pool[np.searchsorted(np.cumsum(weights / weights.sum()), draw.random(number))])


def possible_forenames() -> list[str]:
    """Return a thousand forenames: a plant or stone, and an ending."""
    stems = [
        _stem(name) for name in name_lists()["forenames"] if name not in ("Laurel", "Willow")
    ]  # too similar to real names
    return sorted({(stem + end).capitalize() for stem in stems for end in SECOND})


def possible_surnames() -> list[str]:
    """Return several thousand surnames: the beginning of a noun, and an ending."""
    return sorted({(_stem(name) + end).capitalize() for name in name_lists()["surnames"] for end in ENDINGS})


def _stem(name: str) -> str:
    """A name without the vowels at its end."""
    return name.lower()[:5].rstrip("aeiouy") or name.lower()


@dataclass(frozen=True)
class _People:
    """The true values of each person, one array for each attribute; `other_*` are earlier or later values."""

    forename: Words
    middle: Words
    surname: Words
    other_forename: Words
    other_surname: Words
    born: Words
    female: Words
    postcode: Words
    other_postcode: Words
    phone: Words
    other_phone: Words
    force: Words

    @classmethod
    def sample(cls, number: int, draw: Draw) -> _People:
        """Sample people in households, most of one or two; 3% of siblings are twins."""
        house = np.sort(draw.integers(0, max(1, round(number * 0.7)), number))
        first = np.searchsorted(house, house)  # index of the first person of each household
        family = sample_skewed(possible_surnames(), 0.75, number, draw)
        child = draw.random(number) < 0.55
        born = _where(
            child, draw.integers(FIRST_CHILD, LAST_BIRTH, number), draw.integers(FIRST_BIRTH, FIRST_CHILD, number)
        )
        second = first == np.arange(number) - 1
        is_twin = second & (draw.random(number) < 0.03)
        born[is_twin] = born[np.flatnonzero(is_twin) - 1]
        related = draw.random(number) < 0.7
        shares_phone = draw.random(number) < 0.3
        homes, phones = _postcodes(number, draw), _phones(number, draw)
        forename = sample_skewed(possible_forenames(), 0.8, number, draw)
        return cls(
            forename=forename,
            middle=_where(draw.random(number) < 0.4, sample_skewed(possible_forenames(), 0.8, number, draw), None),
            surname=_where(related, family[first], family),
            other_forename=sample_skewed(possible_forenames(), 0.8, number, draw),
            other_surname=sample_skewed(possible_surnames(), 0.75, number, draw),
            born=born,
            female=draw.random(number) < 0.5,
            postcode=homes[first],
            other_postcode=_postcodes(number, draw)[first],
            phone=_where(shares_phone, phones[first], phones),
            other_phone=_phones(number, draw),
            force=(draw.random(number) ** 1.5 * FORCES).astype(int)[first],
        )


def _postcodes(number: int, draw: Draw) -> Words:
    """Postcodes of a form that is not in use (ZZ), a dozen households to each of them."""
    code = draw.integers(0, max(50, number // 25), number)
    letters = np.array(list(LETTERS.upper()), dtype=object)
    area = (code // 6_760 % 1_000).astype(str).astype(object)
    ends = letters[code // 10 % 26] + letters[code // 260 % 26]
    return np.asarray("ZZ" + area + " " + (code % 10).astype(str) + ends)


def _phones(number: int, draw: Draw) -> Words:
    """Telephone numbers of a form that is not in use (09)."""
    return np.char.add("09", np.char.zfill(draw.integers(0, 10**9, number).astype(str), 9)).astype(object)


def _records_of_people(people: _People, records: int, noise: Noise, draw: Draw) -> LinkagePopulation:
    """Return records of the people with errors; random draws are made in a fixed order."""
    count = len(people.born)
    persons = _persons_of_records(count, records, draw)
    force = _where(draw.random(records) < 0.8, people.force[persons], draw.integers(0, FORCES, records))
    number = _where(draw.random(records) < 0.04, count, 0) + persons  # sometimes a second number
    number = np.char.add("N", ((number * 7_919 + force * 104_729) % 99_999_989).astype(str)).astype(object)
    forename, surname, aliases = _recorded_names(people, persons, noise, draw)

    def happens(share: float) -> Words:
        return draw.random(records) < share

    homes = _where(happens(noise.moved), people.other_postcode[persons], people.postcode[persons])
    phones = _where(happens(noise.moved), people.other_phone[persons], people.phone[persons])
    phones = _where(happens(noise.placeholder), "00000000000", phones)
    born = _births(people.born[persons], happens(noise.wrong_birth), draw)
    born = _where(happens(noise.placeholder), dt.date(1900, 1, 1), born)
    sex = _where(happens(0.01), "O", _where(people.female[persons], "F", "M"))
    entries = {
        "entry": np.arange(records),
        "force_code": np.char.add("INV", np.char.zfill((force + 1).astype(str), 2)).astype(object),
        "person_ref": _with_missing(number, happens(noise.no_number)),
        "forenames": _with_missing(forename, happens(0.005)),
        "surname": _with_missing(surname, happens(0.005)),
        "date_of_birth": _with_missing(born, happens(noise.no_birth)),
        "sex": _with_missing(sex, happens(noise.no_sex)),
        "postcode": _with_missing(homes, happens(noise.no_postcode)),
        "phone": _with_missing(phones, happens(noise.no_phone)),
    }
    truth = pa.table({"entry": entries["entry"], "person": persons})
    return LinkagePopulation(_as_table(entries), _as_table(aliases), truth)


def _as_table(columns: Mapping[str, Words]) -> pa.Table:
    return pa.table({name: pa.array(column) for name, column in columns.items()})


def _persons_of_records(count: int, records: int, draw: Draw) -> Words:
    """Return the person of each record: a few people have many records, most have one or two."""
    weight = draw.pareto(3.0, count) + 0.25
    indices = np.sort(np.concatenate([np.arange(count), draw.choice(count, records - count, p=weight / weight.sum())]))[
        :records
    ]
    return draw.permutation(indices)


def _recorded_names(people: _People, persons: Words, noise: Noise, draw: Draw) -> tuple[Words, Words, dict[str, Words]]:
    """Return the forenames and surnames of the records with errors, and the aliases of some."""

    def happens(share: float) -> Words:
        return draw.random(len(persons)) < share

    forename, surname = people.forename[persons].copy(), people.surname[persons].copy()
    changed = people.female[persons] & happens(2 * noise.changed_surname)
    surname[changed] = people.other_surname[persons][changed]
    other = happens(noise.other_name)
    forename[other] = people.other_forename[persons][other]
    alias_entries = np.flatnonzero(other & happens(noise.alias_told))
    aliases = {
        "entry": alias_entries,
        "forenames": people.forename[persons][alias_entries],
        "surname": surname[alias_entries].copy(),
    }
    short = happens(noise.short)
    forename[short] = [_short(name) for name in forename[short]]
    middle = _where(happens(0.4), people.middle[persons], None)
    names = [f"{first} {second}" if second else first for first, second in zip(forename, middle, strict=True)]
    forename = np.array(names, dtype=object)
    for column in (forename, surname):
        _misspell_some(column, happens(noise.typing), draw)
    swapped = happens(noise.swapped)
    forename[swapped], surname[swapped] = surname[swapped].copy(), forename[swapped].copy()
    return forename, surname, aliases


def _where(condition: Words, value: Any, other: Any) -> Words:
    """Return `value` where the condition is true, `other` elsewhere."""
    return np.asarray(np.where(condition, value, other))


def _with_missing(values: Words, is_missing: Words) -> Words:
    """Return the values with the missing ones removed."""
    return _where(is_missing, None, values)


def _short(name: str) -> str:
    """Return a short form of a name: the first letters, sometimes with a y."""
    return name[:3] + ("y" if len(name) % 2 else "")


def _misspell_some(column: Words, is_misspelt: Words, draw: Draw) -> None:
    for place in np.flatnonzero(is_misspelt):
        column[place] = _misspell(column[place], draw.random(2))


def _misspell(name: str, uniforms: Words) -> str:
    """Return a name with one typing error: a letter omitted, doubled or changed, or two transposed."""
    if len(name) < 3:
        return name
    position, kind = 1 + int(uniforms[0] * (len(name) - 2)), int(uniforms[1] * 4)
    other = LETTERS[int(uniforms[1] * 997) % 26]
    variants: tuple[Callable[[], str], ...] = (
        lambda: name[:position] + name[position + 1 :],
        lambda: name[:position] + name[position] + name[position:],
        lambda: name[:position] + other + name[position + 1 :],
        lambda: name[:position] + name[position + 1 : position + 2] + name[position] + name[position + 2 :],
    )
    return variants[kind]()


def _births(ordinals: Words, is_wrong: Words, draw: Draw) -> Words:
    days = np.array([dt.date.fromordinal(int(ordinal)) for ordinal in ordinals], dtype=object)
    for place in np.flatnonzero(is_wrong):
        days[place] = _wrong_birth(days[place], draw.random(3))
    return days


def _wrong_birth(day: dt.date, uniforms: Words) -> dt.date:
    """Return a date of birth with day and month swapped, or one digit changed."""
    if uniforms[0] < 0.5 and day.day <= 12:
        return day.replace(month=day.day, day=day.month)
    part = int(uniforms[1] * 3)
    step = 1 + int(uniforms[2] * 8)
    if part == 0:
        return day.replace(year=day.year // 10 * 10 + (day.year + step) % 10, day=min(day.day, 28))
    if part == 1:
        return day.replace(month=1 + (day.month - 1 + step) % 9, day=min(day.day, 28))
    return day.replace(day=1 + (day.day // 10 * 10 + (day.day + step) % 10) % 28)
