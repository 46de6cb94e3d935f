"""Does a free text hold what tells who a person is?

Rule R60 of the return contract: whole words that this return gives as somebody's name, date of birth, number or
address. Nothing is changed here (redaction does that before anyone reads), and no value is written anywhere: the
questions name columns only, and what comes back are lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay import contract
from assay.ingest.sql_literals import quoted
from assay.ingest.staging_store import Desk

MOST_WORDS = 6
NAME_LETTERS, OTHER_LETTERS = 2, 4
"""The shortest name, and the shortest other value, that is looked for: shorter ones are in every text."""

DATE_FORMS = (
    "%Y-%m-%d", "%d/%m/%Y", "%-d/%-m/%Y", "%d/%m/%y", "%-d/%-m/%y", "%Y%m%d", "%d%m%Y", "%-d %B %Y", "%d %B %Y",
    "%-d %b %Y", "%d %b %Y", "%B %-d %Y", "%b %-d %Y",
)  # fmt: skip
"""How a date of birth is written in a text; letters and digits alone are compared, so 3.2.2011 is among them."""

_MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
LIKE_A_DATE = f"(^| )[0-9]{{1,4}} [0-9]{{1,2}} [0-9]{{1,4}}( |$)|[0-9] {_MONTH} [0-9]|{_MONTH} [0-9]{{1,2}} [0-9]"
_WORKED_WITH = ("identities_sent", "known_identities", "texts_read", "texts_with_identities")
_TEXT = "table_name, column_name, line"


def free_text_columns() -> tuple[tuple[str, str], ...]:
    """(table, column) of every text that tells nobody's identity."""
    return tuple(
        (table.name, column.name)
        for table in contract.tables().values()
        for column in table.columns
        if column.kind == "text" and not column.identity and column.name != "chain_hash"
    )


def check(desk: Desk) -> None:
    """Apply R60."""
    texts = [(table, column) for table, column in free_text_columns() if desk.supplied(table)]
    sent = list(_sent(desk))
    if not texts or not sent:
        return
    desk.keep("identities_sent", " union ".join(sent))
    desk.keep("known_identities", _known())
    desk.keep("texts_read", _texts(texts))
    desk.keep("texts_with_identities", f"{_numbers()} union {_single_words()}")
    lengths = desk.run("select distinct words from known_identities where kind <> 'phone' and words > 1 order by words")
    for length in lengths["words"].to_pylist():
        desk.insert("texts_with_identities", _phrases(length))
    for one in desk.run("select distinct table_name, column_name from texts_with_identities").to_pylist():
        table, column = one["table_name"], one["column_name"]
        here = f"table_name = {quoted(table)} and column_name = {quoted(column)}"
        desk.fault("R60", table, column, f"select line from texts_with_identities where {here}")
    for name in _WORKED_WITH:
        desk.keep(name, "select null where false")


# What is looked for


def _plain(text: str) -> str:
    """Small letters and digits, one space between words; a day without its st, nd, rd or th, and apart from an hour."""
    apart = f"regexp_replace(lower({text}), '([0-9])t([0-9])', '\\1 \\2', 'g')"
    days = f"regexp_replace({apart}, '([0-9])(st|nd|rd|th)\\b', '\\1', 'g')"
    return f"trim(regexp_replace({days}, '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'))"


def _digits(text: str) -> str:
    """The digits of a telephone number, with the leading 0 in the place of +44."""
    return f"regexp_replace(regexp_replace({text}, '[^0-9]', '', 'g'), '^(0044|44)0?', '0')"


def _sent(desk: Desk) -> Iterator[str]:
    """Questions that give each identity that was sent, once: `told`, and its `kind`."""
    kinds = {"date_of_birth": "'date'", "phone": "'phone'", "forenames": "'forenames'", "surname": "'surname'"}
    for table in contract.tables().values():
        for column in table.columns:
            if column.identity and desk.supplied(table.name):
                of_a_link = "case when link_kind = 'phone' then 'phone' else 'other' end"
                kind = of_a_link if table.name == "links" else kinds.get(column.name, "'other'")
                told = f"select cast({column.name} as varchar) as told, {kind} as kind from {table.name}"
                yield f"{told} where {column.name} is not null"


def _known() -> str:
    """A question: what is looked for. A place, account or postcode also without its spaces, a date in every form."""
    name, forenames = _plain("told"), f"unnest(string_split({_plain('told')}, ' '))"
    found = [_values("kind = 'date'", _plain(f"strftime(told::date, {quoted(form)})"), "date") for form in DATE_FORMS]
    found += [
        _values("kind = 'phone'", _digits("told"), "phone"),
        _values("kind = 'forenames'", forenames, "other", NAME_LETTERS),
        _values("kind = 'surname'", name, "other", NAME_LETTERS),
        _values("kind = 'other'", name, "other", OTHER_LETTERS),
        _values("kind = 'other'", f"replace({name}, ' ', '')", "other", OTHER_LETTERS),
    ]
    values = f"select *, string_split(value, ' ') as parts from ({' union '.join(found)})"
    told = "select value, kind, len(parts) as words, parts[1] as first_word"
    return f"{told} from ({values}) where len(parts) <= {MOST_WORDS}"


def _values(which: str, value: str, kind: str, letters: int = 1) -> str:
    sent = f"select {value} as value from identities_sent where {which}"
    return f"select value, '{kind}' as kind from ({sent}) where length(value) >= {letters}"


# Where it is looked for


def _texts(columns: Sequence[tuple[str, str]]) -> str:
    """Every text that is filled, as it stands and as plain words."""
    texts = [
        f"select {quoted(table)} as table_name, {quoted(column)} as column_name, line, {column} as told from {table}"
        for table, column in columns
    ]
    plain = f"select *, {_plain('told')} as plain from ({' union all '.join(texts)}) where told is not null"
    return f"select *, string_split(plain, ' ') as words from ({plain})"


def _numbers() -> str:
    """Texts with a telephone number that is known, however it is spaced."""
    runs = "unnest(regexp_extract_all(told, '\\+?[0-9][0-9 ()-]{5,20}[0-9]'))"
    return (
        f"select {_TEXT} from (select {_TEXT}, {runs} as run from texts_read) "
        f"where {_digits('run')} in (select value from known_identities where kind = 'phone')"
    )


def _single_words() -> str:
    """Texts with a word that is known."""
    return _with_word("select value from known_identities where kind <> 'phone' and words = 1")


def _with_word(known: str) -> str:
    return f"select {_TEXT} from (select {_TEXT}, unnest(words) as word from texts_read) where word in ({known})"


def _phrases(length: int) -> str:
    """Texts with a phrase of several words that is known, of those in which nothing was found yet.

    Phrases are put together only in a text that has the first word of one, or what looks like a date.
    """
    begun = _with_word("select first_word from known_identities where kind = 'other' and words > 1")
    phrases = f"[array_to_string(words[i:i + {length - 1}], ' ') for i in range(1, len(words) - {length - 2})]"
    return (
        f"with begun as (select distinct {_TEXT} from ({begun})), "
        f"unread as (select * from texts_read anti join texts_with_identities using ({_TEXT})), "
        f"candidates as (select * from unread where regexp_matches(plain, {quoted(LIKE_A_DATE)}) "
        f"union all select * from unread semi join begun using ({_TEXT})) "
        f"select distinct {_TEXT} from (select {_TEXT}, unnest({phrases}) as phrase from candidates "
        f"where len(words) >= {length}) "
        f"where phrase in (select value from known_identities where kind <> 'phone' and words = {length})"
    )
