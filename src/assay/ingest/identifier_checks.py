"""Do free texts contain identifiers of persons? (rule R60)

Rule R60 of the return contract looks for whole words that this return gives as the name, date of birth, number or
address of a person. Nothing is changed here (redaction does that before anyone reads), and no value is written
anywhere: the queries name columns only and return line numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay import contract
from assay.ingest.sql_literals import sql_string
from assay.ingest.staging_store import StagingStore

MAX_WORDS = 6
MIN_NAME_LETTERS, MIN_OTHER_LETTERS = 2, 4
"""Minimum length of a name, and of another value, to search for: shorter ones occur in every text."""

DATE_FORMS = (
    "%Y-%m-%d", "%d/%m/%Y", "%-d/%-m/%Y", "%d/%m/%y", "%-d/%-m/%y", "%Y%m%d", "%d%m%Y", "%-d %B %Y", "%d %B %Y",
    "%-d %b %Y", "%d %b %Y", "%B %-d %Y", "%b %-d %Y",
)  # fmt: skip
"""How a date of birth is written in a text; letters and digits alone are compared, so 3.2.2011 is among them."""

_MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
DATE_LIKE_PATTERN = f"(^| )[0-9]{{1,4}} [0-9]{{1,2}} [0-9]{{1,4}}( |$)|[0-9] {_MONTH} [0-9]|{_MONTH} [0-9]{{1,2}} [0-9]"
_WORK_TABLES = ("identities_sent", "known_identities", "texts_read", "texts_with_identities")
_TEXT_KEY = "table_name, column_name, line"


def free_text_columns() -> tuple[tuple[str, str], ...]:
    """Return (table, column) for each column of free text that is not a direct identifier."""
    return tuple(
        (table.name, column.name)
        for table in contract.tables().values()
        for column in table.columns
        if column.kind == "text" and not column.identity and not column.pattern and column.name != "chain_hash"
    )


def check(store: StagingStore) -> None:
    """Report free texts that contain identifiers of persons (rule R60)."""
    texts = [(table, column) for table, column in free_text_columns() if store.is_supplied(table)]
    identity_queries = list(_identity_queries(store))
    if not texts or not identity_queries:
        return
    store.store_query("identities_sent", " union ".join(identity_queries))
    store.store_query("known_identities", _known_identities_sql())
    store.store_query("texts_read", _texts_sql(texts))
    store.store_query("texts_with_identities", f"{_texts_with_phone_sql()} union {_texts_with_known_word_sql()}")
    lengths = store.query(
        "select distinct words from known_identities where kind <> 'phone' and words > 1 order by words"
    )
    for length in lengths["words"].to_pylist():
        store.insert_query("texts_with_identities", _texts_with_phrase_sql(length))
    for row in store.query("select distinct table_name, column_name from texts_with_identities").to_pylist():
        table, column = row["table_name"], row["column_name"]
        condition = f"table_name = {sql_string(table)} and column_name = {sql_string(column)}"
        store.record_errors("R60", table, column, f"select line from texts_with_identities where {condition}")
    for name in _WORK_TABLES:
        store.store_query(name, "select null where false")


# Identifiers to search for


def _normalised_text_sql(text: str) -> str:
    """Return SQL for lower-case letters and digits, words one space apart, a day without its st, nd, rd or th."""
    split_times = f"regexp_replace(lower({text}), '([0-9])t([0-9])', '\\1 \\2', 'g')"
    plain_days = f"regexp_replace({split_times}, '([0-9])(st|nd|rd|th)\\b', '\\1', 'g')"
    return f"trim(regexp_replace({plain_days}, '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'))"


def _phone_digits_sql(text: str) -> str:
    """Return SQL for the digits of a telephone number, with the leading 0 in place of +44."""
    return f"regexp_replace(regexp_replace({text}, '[^0-9]', '', 'g'), '^(0044|44)0?', '0')"


def _identity_queries(store: StagingStore) -> Iterator[str]:
    """Return queries for the distinct identities in the return: `identities_sql`, each with its `kind`."""
    kinds = {"date_of_birth": "'date'", "phone": "'phone'", "forenames": "'forenames'", "surname": "'surname'"}
    for table in contract.tables().values():
        for column in table.columns:
            if column.identity and store.is_supplied(table.name):
                link_kind_sql = "case when link_kind = 'phone' then 'phone' else 'other' end"
                kind = link_kind_sql if table.name == "links" else kinds.get(column.name, "'other'")
                identities_sql = f"select cast({column.name} as varchar) as cell, {kind} as kind from {table.name}"
                yield f"{identities_sql} where {column.name} is not null"


def _known_identities_sql() -> str:
    """Return a query for the words to find: places, accounts and postcodes also without spaces, dates in all forms."""
    name, forenames = (
        _normalised_text_sql("cell"),
        f"unnest(string_split({_normalised_text_sql('cell')}, ' '))",
    )
    queries = [
        _identity_values_sql("kind = 'date'", _normalised_text_sql(f"strftime(cell::date, {sql_string(form)})"), "date")
        for form in DATE_FORMS
    ]
    queries += [
        _identity_values_sql("kind = 'phone'", _phone_digits_sql("cell"), "phone"),
        _identity_values_sql("kind = 'forenames'", forenames, "other", MIN_NAME_LETTERS),
        _identity_values_sql("kind = 'surname'", name, "other", MIN_NAME_LETTERS),
        _identity_values_sql("kind = 'other'", name, "other", MIN_OTHER_LETTERS),
        _identity_values_sql("kind = 'other'", f"replace({name}, ' ', '')", "other", MIN_OTHER_LETTERS),
    ]
    values = f"select *, string_split(value, ' ') as parts from ({' union '.join(queries)})"
    select_list = "select value, kind, len(parts) as words, parts[1] as first_word"
    return f"{select_list} from ({values}) where len(parts) <= {MAX_WORDS}"


def _identity_values_sql(condition: str, value: str, kind: str, letters: int = 1) -> str:
    values_sql = f"select {value} as value from identities_sent where {condition}"
    return f"select value, '{kind}' as kind from ({values_sql}) where length(value) >= {letters}"


# Texts to search


def _texts_sql(columns: Sequence[tuple[str, str]]) -> str:
    """Return a query for every filled text, as it is and normalised to plain words."""
    texts = [
        (
            f"select {sql_string(table)} as table_name, {sql_string(column)} as column_name, line, {column} as cell "
            f"from {table}"
        )
        for table, column in columns
    ]
    plain = (
        f"select *, {_normalised_text_sql('cell')} as plain from ({' union all '.join(texts)}) where cell is not null"
    )
    return f"select *, string_split(plain, ' ') as words from ({plain})"


def _texts_with_phone_sql() -> str:
    """Return a query for texts with a known telephone number, in any spacing."""
    runs = "unnest(regexp_extract_all(cell, '\\+?[0-9][0-9 ()-]{5,20}[0-9]'))"
    return (
        f"select {_TEXT_KEY} from (select {_TEXT_KEY}, {runs} as run from texts_read) "
        f"where {_phone_digits_sql('run')} in (select value from known_identities where kind = 'phone')"
    )


def _texts_with_known_word_sql() -> str:
    """Return a query for texts with a known word."""
    return _texts_with_word_sql("select value from known_identities where kind <> 'phone' and words = 1")


def _texts_with_word_sql(known: str) -> str:
    return (
        f"select {_TEXT_KEY} from (select {_TEXT_KEY}, unnest(words) as word from texts_read) where word in ({known})"
    )


def _texts_with_phrase_sql(length: int) -> str:
    """Return a query for texts with a known phrase, among texts in which no identifier was found yet.

    Phrases are put together only in a text that has the first word of one, or what looks like a date.
    """
    first_word_texts = _texts_with_word_sql(
        "select first_word from known_identities where kind = 'other' and words > 1"
    )
    phrases = f"[array_to_string(words[i:i + {length - 1}], ' ') for i in range(1, len(words) - {length - 2})]"
    return (
        f"with begun as (select distinct {_TEXT_KEY} from ({first_word_texts})), "
        f"unread as (select * from texts_read anti join texts_with_identities using ({_TEXT_KEY})), "
        f"candidates as (select * from unread where regexp_matches(plain, {sql_string(DATE_LIKE_PATTERN)}) "
        f"union all select * from unread semi join begun using ({_TEXT_KEY})) "
        f"select distinct {_TEXT_KEY} from (select {_TEXT_KEY}, unnest({phrases}) as phrase from candidates "
        f"where len(words) >= {length}) "
        f"where phrase in (select value from known_identities where kind <> 'phone' and words = {length})"
    )
