"""What of an entry is compared: names as plain words, and dates and numbers without what only fills a gap?

What is entered to get past a screen is missing, not a value: two records that both say 1 January 1900 have nothing in
common. How many values were taken for missing is counted by reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.linkage.linkage_specification import Form
from assay.linkage.transliteration import words_of

SHORTEST_PHONE = 7


@dataclass(frozen=True)
class Plain:
    """Entries made plain, row by row as they were given.

    `rows`: entry, force_code, number, given_all, given, second, family, born (date), year, sex, postcode, phone,
    part. Of a date that stands with too many surnames its year alone is known.
    `other`: place (the row of `rows`), given, family. `missing`: of how many values it was decided that they are none.
    """

    rows: pa.Table
    other: pa.Table
    missing: dict[str, int]


def plain(entries: pa.Table, aliases: pa.Table, form: Form) -> Plain:
    """Entries as they are compared."""
    told = form.placeholders
    missing: Counter[str] = Counter()
    named = _named(entries, frozenset(told["names"]), missing)
    dates = _no_filler(entries["date_of_birth"], told, missing)
    born = _real_dates(dates, named["family"], told, missing)
    phones = _real_phones(entries["phone"], named, told, missing)
    kept = {name: entries[name] for name in ("entry", "force_code", "number", "sex", "part")}
    rows = pa.table({
        **kept, **named, "born": born, "year": pc.year(dates), "postcode": _each(entries["postcode"], _postcode),
        "phone": phones,
    })  # fmt: skip
    place = pc.index_in(aliases["entry"], value_set=entries["entry"].combine_chunks())
    known = aliases.append_column("place", place).filter(pc.is_valid(place))
    also = _named(known, frozenset(told["names"]), missing)
    other = pa.table({"place": known["place"], "given": also["given"], "family": also["family"]})
    return Plain(rows, other, dict(sorted(missing.items())))


def _named(rows: pa.Table, fillers: frozenset[str], missing: Counter[str]) -> dict[str, pa.Array]:
    """given_all, given and second (the first and second word of it), and family."""

    def words(name: str) -> tuple[str, ...] | None:
        found = words_of(name)
        return None if not found or "".join(found) in fillers else found

    given = _each(rows["forenames"], lambda name: " ".join(found) if (found := words(name)) else None)
    family = _each(rows["surname"], lambda name: " ".join(found) if (found := words(name)) else None)
    for before, after in ((rows["forenames"], given), (rows["surname"], family)):
        missing["a name that only fills a gap"] += after.null_count - before.null_count
    return {"given_all": given, "given": _each(given, _word(0)), "second": _each(given, _word(1)), "family": family}


def _word(place: int) -> Callable[[str], str | None]:
    return lambda name: dict(enumerate(name.split(" "))).get(place)


def _each(column: pa.ChunkedArray | pa.Array, made: Any) -> pa.Array:
    """What is made of each value, worked out once for each that differs."""
    coded = (column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column).dictionary_encode()
    values = [None if one is None else made(one) for one in coded.dictionary.to_pylist()]
    return pa.array(values, pa.string()).take(coded.indices)


def _postcode(text: str) -> str | None:
    return "".join(sign for sign in text.upper() if sign.isalnum()) or None


def _phone(text: str) -> str | None:
    digits = text if text.isdecimal() else "".join(sign for sign in text if sign.isdecimal())
    digits = digits.removeprefix("00") if digits.startswith("0044") else digits
    digits = f"0{digits[2:]}" if digits.startswith("44") and len(digits) > 10 else digits
    filler = len(digits) < SHORTEST_PHONE or len(set(digits[1:])) < 2
    return None if filler else digits


def _real_phones(column: pa.ChunkedArray, named: dict[str, pa.Array], told: Any, missing: Counter[str]) -> pa.Array:
    phones = _each(column, _phone)
    phones = _without(phones, pc.is_in(phones, value_set=pa.array(told["phones"], pa.string())))
    missing["a telephone number that only fills a gap"] += phones.null_count - column.null_count
    full = pc.binary_join_element_wise(named["given"], named["family"], " ")
    crowded = [one for one, names in _others(phones, full).items() if names > told["most_names_of_a_phone"]]
    real = _without(phones, pc.is_in(phones, value_set=pa.array(crowded, pa.string())))
    missing["a telephone number that very many names share"] += real.null_count - phones.null_count
    return real


def _no_filler(column: pa.ChunkedArray, told: Any, missing: Counter[str]) -> pa.Array:
    dates = column.combine_chunks()
    named = _without(dates, pc.is_in(dates.cast(pa.string()), value_set=pa.array(told["dates"], pa.string())))
    missing["a date of birth that only fills a gap"] += named.null_count - dates.null_count
    return named


def _real_dates(named: pa.Array, family: pa.Array, told: Any, missing: Counter[str]) -> pa.Array:
    names = _others(named, family)
    of_year: Counter[int] = Counter()
    for day, number in names.items():
        of_year[day.year] += number
    crowded = [
        day for day, number in names.items()
        if number > told["most_surnames_of_a_date"]
        and number * 365 > told["times_the_days_of_its_year"] * (of_year[day.year] - number)
    ]  # fmt: skip
    real = _without(named, pc.is_in(named, value_set=pa.array(crowded, pa.date32())))
    missing["a date of birth that stands with too many surnames"] += real.null_count - named.null_count
    return real


def _others(values: pa.Array, names: pa.Array) -> dict[Any, int]:
    """By value, how many different names stand with it."""
    pairs = pa.table({"value": values, "name": names}).drop_null().group_by(["value", "name"]).aggregate([])
    counted = pairs.group_by("value").aggregate([("name", "count")])
    return dict(zip(counted["value"].to_pylist(), counted["name_count"].to_pylist(), strict=True))


def _without(values: pa.Array, gone: pa.Array) -> pa.Array:
    return pc.if_else(pc.fill_null(gone, False), pa.scalar(None, values.type), values)


def day_numbers(born: pa.Array) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Whole days since 1 January 1970; the smallest whole number where no date stands."""
    days = born.cast(pa.int32()).cast(pa.int64())
    return np.asarray(pc.fill_null(days, np.iinfo(np.int64).min).to_numpy(zero_copy_only=False))
