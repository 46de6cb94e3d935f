"""Which offence code is a Home Office class, with or without its sub-code, in the forms in which systems write it?

A record system holds 020/05, 20/5, 020 05, 02005 or 20.05: class 20, sub-code 5. The list of the contract knows the
codes of the published tables. Some classes are one code there (71), and the sub-code says nothing more. Others are
divided (class 20 is 20A and 20B), and which part a sub-code belongs to stands in the counting rules, of which no table
is held here. Cut to its class, such a cell would become another offence (20 is a code that ended), so it is no code
until the force says which it is.

The rule stands here twice, in Python for what is told before sending and in SQL for what is read; a test holds the two
to each other.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assay.returns import contract
from assay.returns.sql import among, quoted

_NUMBER = "0*([1-9][0-9]{0,2})"
OF_A_CLASS = _NUMBER
WITH_SUB_CODE = _NUMBER + r"\s*[/ .-]\s*0*([0-9]{1,2})[A-Z]?"
RUN_TOGETHER = "(0{1,2}[1-9]|0?[1-9][0-9]|[1-9][0-9]{2})([0-9]{2})"
"""Four digits or five; three are a class."""
WITH_LETTER = r"0*([1-9][0-9]{0,2}(\.[0-9]{1,2})?[A-Z]{1,2})\s*(/\s*[0-9]{1,3}[A-Z]?\s*)?"
_PART = re.compile(r"([0-9]+)(\.[0-9]+|[A-Z]+)")
_A_NUMBER = re.compile(r"[0-9]+[.,]0+")
"""A code that a program took for a number (R68): 4.1 and 4.10 have become one."""


def code_of(told: str) -> str | None:
    """The code that a cell means, None if it means none or several may be meant."""
    text = told.strip().upper()
    if _A_NUMBER.fullmatch(text):
        return None
    if (code := _listed().get(text.lstrip("0").casefold())) is not None:
        return code
    if parts := class_and_sub_code(told):
        return _of_class(*parts)
    if found := re.fullmatch(WITH_LETTER, text):
        return found[1]
    return None


def class_and_sub_code(told: str) -> tuple[str, str] | None:
    """The class of a cell and its sub-code, '' where it has none; None if the cell is of another form."""
    text = told.strip().upper()
    if _A_NUMBER.fullmatch(text):
        return None
    for form in (WITH_SUB_CODE, RUN_TOGETHER):
        if found := re.fullmatch(form, text):
            return found[1].lstrip("0"), found[2].lstrip("0")
    alone = re.fullmatch(OF_A_CLASS, text)
    return (alone[1], "") if alone else None


def is_divided_class(told: str) -> bool:
    """Whether a cell names a class alone that the list divides: 20, of which 20A and 20B are the codes of today."""
    parts = class_and_sub_code(told)
    return parts is not None and not parts[1] and parts[0] in divided()


def _of_class(number: str, sub_code: str) -> str | None:
    with_a_point = f"{number}.{sub_code}"
    if with_a_point in _with_a_point():
        return with_a_point
    return None if number in divided() else number


@lru_cache
def divided() -> dict[str, tuple[str, ...]]:
    """The classes that the list divides, each with its codes: '20' is 20A and 20B."""
    found: dict[str, list[str]] = {}
    for code in _listed().values():
        if part := _PART.fullmatch(code):
            found.setdefault(part[1], []).append(code)
    return {number: tuple(sorted(codes)) for number, codes in found.items()}


@lru_cache
def _listed() -> dict[str, str]:
    return {code.casefold(): code for code in contract.list_values("offence_code")}


@lru_cache
def _with_a_point() -> frozenset[str]:
    return frozenset(code for code in _listed().values() if re.fullmatch(r"[0-9]+\.[0-9]+", code))


def word_sql(text: str) -> str:
    """SQL for the word under which the list is asked for a cell."""
    return f"lower(ltrim({_plain_sql(text)}, '0'))"


def value_sql(listed: str, text: str) -> str:
    """SQL for the code of a cell: what the list knows, else what its form says; NULL if it says none."""
    plain = _plain_sql(text)
    whens = [f"when {_is(plain, form)} then {_class_sql(plain, form)}" for form in (WITH_SUB_CODE, RUN_TOGETHER)]
    whens.append(f"when {_is(plain, OF_A_CLASS)} then {_undivided_sql(_part(plain, OF_A_CLASS, 1))}")
    whens.append(f"when {_is(plain, WITH_LETTER)} then {_part(plain, WITH_LETTER, 1)}")
    return f"coalesce({listed}, case {' '.join(whens)} end)"


def _class_sql(plain: str, form: str) -> str:
    number, sub_code = (f"ltrim({_part(plain, form, place)}, '0')" for place in (1, 2))
    pointed = f"{number} || '.' || {sub_code}"
    return f"case when {pointed} in {among(sorted(_with_a_point()))} then {pointed} else {_undivided_sql(number)} end"


def _undivided_sql(number: str) -> str:
    return f"case when {number} not in {among(divided())} then {number} end"


def _plain_sql(text: str) -> str:
    return f"upper(trim({text}))"


def _is(plain: str, form: str) -> str:
    return f"regexp_full_match({plain}, {quoted(form)})"


def _part(plain: str, form: str, number: int) -> str:
    return f"regexp_extract({plain}, {quoted(f'^{form}$')}, {number})"
