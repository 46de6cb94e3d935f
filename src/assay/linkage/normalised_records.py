"""Normalise names, dates and numbers of entries, and remove placeholder values.

A placeholder is a missing value: two records that both say 1 January 1900 do not agree on a date of birth. Removed
values are counted by reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.linkage.linkage_specification import LinkageSpecification
from assay.linkage.transliteration import normalised_words

MINIMUM_PHONE_DIGITS = 7


@dataclass(frozen=True)
class NormalisedRecords:
    """Normalised entries, in the order of the input.

    `rows`: entry, force_code, number, given_all, given, second, family, born (date), year, sex, postcode, phone,
    part. A date that occurs with too many surnames is treated as missing, but its year is kept.
    `aliases`: place (the row number in `rows`), given, family.
    `missing`: number of values removed as placeholders, by reason.
    """

    rows: pa.Table
    aliases: pa.Table
    missing: dict[str, int]


def normalise_records(entries: pa.Table, aliases: pa.Table, specification: LinkageSpecification) -> NormalisedRecords:
    """Normalise entries for comparison."""
    placeholders = specification.placeholders
    missing: Counter[str] = Counter()
    names = _normalise_names(entries, frozenset(placeholders["names"]), missing)
    dates = _dates_without_placeholders(entries["date_of_birth"], placeholders, missing)
    birth_dates = _dates_without_overused(dates, names["family"], placeholders, missing)
    phones = _phones_without_placeholders(entries["phone"], names, placeholders, missing)
    copied = {name: entries[name] for name in ("entry", "force_code", "number", "sex", "part")}
    rows = pa.table(
        {
            **copied,
            **names,
            "born": birth_dates,
            "year": pc.year(dates),
            "postcode": _map_values(entries["postcode"], _normalise_postcode),
            "phone": phones,
        }
    )
    position = pc.index_in(aliases["entry"], value_set=entries["entry"].combine_chunks())
    known_aliases = aliases.append_column("place", position).filter(pc.is_valid(position))
    alias_names = _normalise_names(known_aliases, frozenset(placeholders["names"]), missing)
    alias_table = pa.table(
        {"place": known_aliases["place"], "given": alias_names["given"], "family": alias_names["family"]}
    )
    return NormalisedRecords(rows, alias_table, dict(sorted(missing.items())))


def _normalise_names(rows: pa.Table, placeholders: frozenset[str], missing: Counter[str]) -> dict[str, pa.Array]:
    """Return the columns given_all, given (its first word), second (its second word) and family."""

    def words(name: str) -> tuple[str, ...] | None:
        found = normalised_words(name)
        return None if not found or "".join(found) in placeholders else found

    forenames = _map_values(rows["forenames"], lambda name: " ".join(found) if (found := words(name)) else None)
    surnames = _map_values(rows["surname"], lambda name: " ".join(found) if (found := words(name)) else None)
    for column, normalised in ((rows["forenames"], forenames), (rows["surname"], surnames)):
        missing["a name that only fills a gap"] += normalised.null_count - column.null_count
    return {
        "given_all": forenames,
        "given": _map_values(forenames, _nth_word(0)),
        "second": _map_values(forenames, _nth_word(1)),
        "family": surnames,
    }


def _nth_word(position: int) -> Callable[[str], str | None]:
    return lambda name: dict(enumerate(name.split(" "))).get(position)


def _map_values(column: pa.ChunkedArray | pa.Array, function: Any) -> pa.Array:
    """Apply a function to each distinct value of a column."""
    encoded = (column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column).dictionary_encode()
    values = [None if value is None else function(value) for value in encoded.dictionary.to_pylist()]
    return pa.array(values, pa.string()).take(encoded.indices)


def _normalise_postcode(text: str) -> str | None:
    return "".join(character for character in text.upper() if character.isalnum()) or None


def _normalise_phone(text: str) -> str | None:
    digits = text if text.isdecimal() else "".join(character for character in text if character.isdecimal())
    digits = digits.removeprefix("00") if digits.startswith("0044") else digits
    digits = f"0{digits[2:]}" if digits.startswith("44") and len(digits) > 10 else digits
    is_placeholder = len(digits) < MINIMUM_PHONE_DIGITS or len(set(digits[1:])) < 2
    return None if is_placeholder else digits


def _phones_without_placeholders(
    column: pa.ChunkedArray, names: dict[str, pa.Array], placeholders: Any, missing: Counter[str]
) -> pa.Array:
    phones = _map_values(column, _normalise_phone)
    phones = _mask_values(phones, pc.is_in(phones, value_set=pa.array(placeholders["phones"], pa.string())))
    missing["a telephone number that only fills a gap"] += phones.null_count - column.null_count
    full_names = pc.binary_join_element_wise(names["given"], names["family"], " ")
    overused = [
        phone
        for phone, name_count in _distinct_names_per_value(phones, full_names).items()
        if name_count > placeholders["most_names_of_a_phone"]
    ]
    remaining_phones = _mask_values(phones, pc.is_in(phones, value_set=pa.array(overused, pa.string())))
    missing["a telephone number that very many names share"] += remaining_phones.null_count - phones.null_count
    return remaining_phones


def _dates_without_placeholders(column: pa.ChunkedArray, placeholders: Any, missing: Counter[str]) -> pa.Array:
    dates = column.combine_chunks()
    remaining_dates = _mask_values(
        dates, pc.is_in(dates.cast(pa.string()), value_set=pa.array(placeholders["dates"], pa.string()))
    )
    missing["a date of birth that only fills a gap"] += remaining_dates.null_count - dates.null_count
    return remaining_dates


def _dates_without_overused(dates: pa.Array, surnames: pa.Array, placeholders: Any, missing: Counter[str]) -> pa.Array:
    surname_counts = _distinct_names_per_value(dates, surnames)
    year_totals: Counter[int] = Counter()
    for day, number in surname_counts.items():
        year_totals[day.year] += number
    overused = [
        day for day, number in surname_counts.items()
        if number > placeholders["most_surnames_of_a_date"]
        and number * 365 > placeholders["times_the_days_of_its_year"] * (year_totals[day.year] - number)
    ]  # fmt: skip
    remaining_dates = _mask_values(dates, pc.is_in(dates, value_set=pa.array(overused, pa.date32())))
    missing["a date of birth that stands with too many surnames"] += remaining_dates.null_count - dates.null_count
    return remaining_dates


def _distinct_names_per_value(values: pa.Array, names: pa.Array) -> dict[Any, int]:
    """Return the number of distinct names that occur with each value."""
    pairs = pa.table({"value": values, "name": names}).drop_null().group_by(["value", "name"]).aggregate([])
    counts = pairs.group_by("value").aggregate([("name", "count")])
    return dict(zip(counts["value"].to_pylist(), counts["name_count"].to_pylist(), strict=True))


def _mask_values(values: pa.Array, mask: pa.Array) -> pa.Array:
    return pc.if_else(pc.fill_null(mask, False), pa.scalar(None, values.type), values)


def day_numbers(birth_dates: pa.Array) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return days since 1 January 1970; the smallest 64-bit integer where the date is missing."""
    days = birth_dates.cast(pa.int32()).cast(pa.int64())
    return np.asarray(pc.fill_null(days, np.iinfo(np.int64).min).to_numpy(zero_copy_only=False))
