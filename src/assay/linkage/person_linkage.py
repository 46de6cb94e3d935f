"""What does this room read of the returns, and what does it leave to the others?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.engine_location import HERE, Where
from assay.engine.expressions import Expressions
from assay.engine.portable_expressions import beside
from assay.linkage.exact_matching import people
from assay.linkage.linkage_page import linkage_page, weights_chart
from assay.linkage.linkage_records import entries, involved, other_names
from assay.linkage.linkage_specification import Form, form
from assay.linkage.person_ages import ENTRY, ages, ages_then
from assay.linkage.probabilistic_linkage import Linked, link
from assay.linkage.shared_identifiers import things


def _form(columns: str) -> pa.Schema:
    kinds = {"": pa.string(), "yes": pa.bool_(), "int": pa.int64()}
    told = (one.partition(":") for one in f"force_code {columns}".split())
    return pa.schema([(name, kinds[kind]) for name, _, kind in told])


READ = ("involvements", "crimes", "reports", "report_crimes", "missing", "assessments", "aliases", "agencies", "links")
"""The tables of a return that are read here, beside the identities that are kept apart."""

IDENTITIES = {
    "involvements": "identities", "aliases": "identities_aliases", "agencies": "identities_agencies",
    "links": "link_identities",
}  # fmt: skip
"""By table, under which name its identities are held here."""

FORMS = {
    "people": _form("involvement_ref person_id dated:yes age_at_offence_low:int age_at_offence_high:int "
                    "age_at_report:int adult_from:int"),
    "list_people": _form("entry_ref person_id"),
    "ages_then": _form("table_name record_ref age:int"),
    "things": _form("link_ref thing_kind thing_id"),
}  # fmt: skip
"""The tables that this room leaves to all others, with their columns."""
LEFT = tuple(FORMS)

PAGE = "linkage.html"
KEPT = ("tied", "pairs", "joins", "splits", "weights")
"""What it keeps beside them: how sure it is."""


@dataclass(frozen=True)
class Found:
    """What was found: the tables of `LEFT` and `KEPT`, and the files that are kept."""

    tables: Mapping[str, pa.Table]
    files: Mapping[str, str]
    linked: Linked


def find(
    at_work: Expressions, held: Mapping[str, ibis.Table], used: Form | None = None, *, where: Where = HERE
) -> Found:
    """Who is the same person, and how old; `where`: the engine on which likeness is worked out.

    `people`: one row an involvement, with person_id, dated and the ages. `list_people`: one row an entry of a partner's
    list: force_code, entry_ref, person_id. `ages_then`, `things`: see there. `held`: the tables of `READ`,
    `incomplete`, and the identities (`IDENTITIES`).
    """
    used = used or form()
    linked = link(at_work.run(entries(held)), at_work.run(other_names(held)), used, where=where)
    of_records, of_lists = (_ids(linked.tied, on_list) for on_list in (False, True))
    known = at_work.table("linked", of_records)
    made = {
        "people": at_work.run(beside(known, ages(held), ENTRY)),
        "list_people": of_lists.rename_columns(["force_code", "entry_ref", "person_id"]),
        "ages_then": at_work.run(ages_then(held)),
        "things": at_work.run(things(held)),
    }
    files = {**linked.files(used), PAGE: linkage_page(linked, used), "weights.svg": weights_chart(linked.weights)}
    return Found({**made, **linked.tables}, files, linked)


def _ids(tied: pa.Table, on_list: bool) -> pa.Table:
    rows = tied.filter(pc.equal(tied["on_list"], on_list))
    rows = rows.select(["force_code", "ref", "main"]).rename_columns([*ENTRY, "person_id"])
    return rows.sort_by([(name, "ascending") for name in ENTRY])


def persons(held: Mapping[str, ibis.Table]) -> dict[str, ibis.Table]:
    """The tables of `LEFT` by exact keys alone, as expressions: for trials of many small countries, where linkage by
    likeness is not what is tried, and for one return within the hour. `held`: the tables of `READ` and the identities,
    without aliases; where those of partners' lists are not there, nobody is tied on a list (`list_people` is lacking).
    """
    lists = IDENTITIES["agencies"] in held
    tied = people(entries(held) if lists else involved(held))
    of_records = tied.filter(~tied.on_list).select("force_code", "person_id", involvement_ref=tied.ref)
    found = {
        "people": beside(of_records, ages(held), ENTRY), "ages_then": ages_then(held), "things": things(held),
    }  # fmt: skip
    if lists:
        found["list_people"] = tied.filter(tied.on_list).select("force_code", "person_id", entry_ref=tied.ref)
    return found
