"""Which entries are one person for certain, or because somebody looked and said so?

Likeness alone confirms nobody. Confirmed are the entries of one knot (exact keys: a force's own number, or the same
names and date of birth), and knots of which somebody who may see identities said that they are the same person. A
verdict "different" among entries that would so be one person shows that some verdict is wrong: there none counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.reviewed_pairs import DIFFERENT, SAME
from assay.linkage.person_assignment import joined

VERDICTS = pa.schema([(name, pa.string()) for name in ("pair_ref", "entry", "other_entry", "verdict")])
"""What somebody said of a pair, by the first entries of its two knots as they were called then."""


@dataclass(frozen=True)
class Confirmed:
    """`entries`: one row an entry (entry, knot, confirmed): confirmed names the person by the first of its entries.
    `contradicted`: how many persons have verdicts that contradict one another."""

    entries: pa.Table
    contradicted: int


def confirmed(tied: pa.Table, verdicts: pa.Table) -> Confirmed:
    """Who is confirmed to be one, from `tied` of the linkage and from verdicts (`VERDICTS`). A verdict on an entry that
    is no longer there says nothing."""
    said = verdicts["verdict"]
    same, different = (_of_knots(tied, verdicts.filter(pc.equal(said, one))) for one in (SAME, DIFFERENT))
    persons = joined(tied, same)
    of_knot = dict(zip(tied["knot"].to_pylist(), persons.to_pylist(), strict=True))
    wrong = {of_knot[one] for one, other in _pairs(different) if of_knot[one] == of_knot[other]}
    if wrong:
        kept = [of_knot[one] not in wrong for one, _ in _pairs(same)]
        persons = joined(tied, same.filter(pa.array(kept, pa.bool_())))
    entries = tied.select(["entry", "knot"]).append_column("confirmed", persons)
    return Confirmed(entries, len(wrong))


def _of_knots(tied: pa.Table, verdicts: pa.Table) -> pa.Table:
    """The pairs of knots that verdicts speak of now (knot, other_knot)."""
    knots = dict(zip(tied["entry"].to_pylist(), tied["knot"].to_pylist(), strict=True))
    both = zip(verdicts["entry"].to_pylist(), verdicts["other_entry"].to_pylist(), strict=True)
    there = [(knots[one], knots[other]) for one, other in both if one in knots and other in knots]
    schema = pa.schema([("knot", pa.string()), ("other_knot", pa.string())])
    return pa.Table.from_pylist([dict(zip(schema.names, pair, strict=True)) for pair in there], schema)


def _pairs(table: pa.Table) -> list[tuple[str, str]]:
    return list(zip(table["knot"].to_pylist(), table["other_knot"].to_pylist(), strict=True))
