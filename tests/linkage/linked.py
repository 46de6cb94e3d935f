"""Write entries for tests of record linkage, and read which of them are one person."""

import datetime as dt

import pyarrow as pa

from assay.linkage.probabilistic_linkage import link_entries

SCHEMA = pa.schema(
    [
        ("entry", pa.string()), ("force_code", pa.string()), ("ref", pa.string()), ("on_list", pa.bool_()),
        ("number", pa.string()), ("forenames", pa.string()), ("surname", pa.string()), ("date_of_birth", pa.date32()),
        ("sex", pa.string()), ("postcode", pa.string()), ("phone", pa.string()), ("part", pa.string()),
    ]
)  # fmt: skip
ALIASES = pa.schema([(name, pa.string()) for name in ("entry", "forenames", "surname")])
BORN = dt.date(2010, 5, 6)
HOME, PHONE = "ZZ1 2AB", "07700900123"


def entry(ref, forenames="Hazel", surname="Lantern", born=BORN, *, force="INV01", number=None, **rest):
    """One entry; whatever is not said is missing."""
    names = {"entry": f"{force} {ref}", "force_code": force, "ref": ref, "on_list": False}
    number = f"{force} {number}" if number else None
    return names | {"number": number, "forenames": forenames, "surname": surname, "date_of_birth": born} | rest


def linked(*rows, aliases=(), used=None):
    """All that linkage finds among these entries; aliases as (ref, forenames, surname)."""
    also = [
        {"entry": f"INV01 {ref}", "forenames": given_name, "surname": family} for ref, given_name, family in aliases
    ]
    return link_entries(pa.Table.from_pylist(list(rows), SCHEMA), pa.Table.from_pylist(also, ALIASES), used)


def persons(found, level="main"):
    """The person of each entry, by its reference."""
    return dict(zip(found.linked_entries["ref"].to_pylist(), found.linked_entries[level].to_pylist(), strict=True))


def one_person(*rows, level="main", **options):
    """Whether all these entries are one person."""
    return len(set(persons(linked(*rows, **options), level).values())) == 1


def reasons(found):
    """Why what was likely was not joined."""
    return set(found.splits["reason"].to_pylist())
