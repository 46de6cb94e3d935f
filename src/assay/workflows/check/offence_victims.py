"""Which crimes have no victim of the sex or age that the name of their offence states?

"Sexual assault on a female child under 13" states both. Only an age above the stated one counts: an offence on a
younger child may rightly be recorded under a name that says "under 16".
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from assay.reference.offence_register import Offence, offences
from assay.workflows.check.extract_contents import optional_column
from assay.workflows.check.person_measures import ages_at_offence

SEXES = ("M", "F")


def compare_victims_with_offence(victims: pa.Table, crimes: pa.Table) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """Compare the victims of each crime with the name of its offence.

    Returns
    -------
    is_compared
        True for each crime whose offence states a sex or a highest age, and whose victims' sex or age is known.
    no_victim_fits
        True for each compared crime whose every victim is of another sex, or older, than the name states.
    """
    positions = pc.index_in(victims["crime_ref"], value_set=crimes["crime_ref"].combine_chunks())
    codes = optional_column(crimes, "offence_code", pa.string()).take(positions)
    other_sex, older = _has_another_sex(victims, codes), _is_older(ages_at_offence(victims, crimes), codes)
    # True, False, or null where not known: such a victim may be the one whom the offence names.
    contradicts = pc.or_kleene(other_sex, older)
    may_fit = pc.fill_null(pc.invert(contradicts), True)
    is_known = pc.or_(pc.is_valid(other_sex), pc.is_valid(older))
    is_compared = _has_victim(crimes, victims.filter(is_known))
    return is_compared, pc.and_(is_compared, pc.invert(_has_victim(crimes, victims.filter(may_fit))))


def _has_victim(crimes: pa.Table, victims: pa.Table) -> pa.ChunkedArray:
    """Return True for each crime with one of these victims."""
    return pc.is_in(crimes["crime_ref"], value_set=victims["crime_ref"].combine_chunks())


def _has_another_sex(victims: pa.Table, codes: pa.ChunkedArray) -> pa.ChunkedArray:
    stated = _offence_facts(codes, _stated_sex, pa.string())
    sex = optional_column(victims, "sex", pa.string())
    known = pc.if_else(pc.is_in(sex, value_set=pa.array(SEXES, pa.string())), sex, pa.scalar(None, pa.string()))
    return pc.not_equal(known, stated)


def _is_older(ages: pa.ChunkedArray, codes: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.greater(ages, _offence_facts(codes, _highest_age, pa.int64()))


def _stated_sex(offence: Offence) -> str | None:
    return offence.victim_sex if offence.victim_sex in SEXES else None


def _highest_age(offence: Offence) -> int | None:
    """Return the highest age of a victim that an offence's name states: 12 for '0-12', None for '13+' and 'any'."""
    _, dash, highest = offence.victim_age.partition("-")
    return int(highest) if dash else None


def _offence_facts(
    codes: pa.ChunkedArray, fact: Callable[[Offence], str | int | None], kind: pa.DataType
) -> pa.ChunkedArray:
    """Return what the offence of each code states, null where it states nothing."""
    by_code = {offence.code: fact(offence) for offence in offences()}
    facts = pa.array(by_code.values(), kind)
    return pa.chunked_array([facts.take(pc.index_in(codes, value_set=pa.array(by_code, pa.string())).combine_chunks())])
