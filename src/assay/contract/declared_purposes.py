"""What does an inspecting body declare of each table, once it has settled basis, holder and last days?

Everything else follows from the contract: who is in scope, the window, and for which purposes a table is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from assay import contract
from assay.contract.separated_columns import IDENTITIES, TEXT_COLUMNS, TEXTS, not_asked
from assay.errors import UsageError
from assay.reference import Declaration, Declarations

HIGHEST_TIER = 3
LINKED = (
    "crimes", "reports", "report_crimes", "involvements", "missing", "assessments", "links", "aliases", "agencies",
)  # fmt: skip
"""Tables that are read to find out who is the same person, and how old they were."""
SAMPLED = (
    "crimes", "report_crimes", "events", "missing", "assessments", "referrals", "flags", "orders", "notes", "summaries",
    "marks",
)  # fmt: skip
"""Tables from which case files are drawn, whose steps stand in a file's chronology, or that hold what was found."""
SEARCHED = ("summaries",)
"""Tables whose texts are searched, and of which no fact is worked out."""
READ = ("notes",)
"""Tables whose texts are searched, and read by people too."""
DATED_IN_THE_HISTORY = ("crimes", "reports", "missing", "assessments", "referrals", "summaries")
"""Tables of which the contract takes no row from before the history (rule R14)."""
WHO = {
    IDENTITIES: "Every person in the tables that are declared, as the contract marks identity columns.",
    TEXTS: "Texts of the records in the tables that are declared; where a sample is drawn, of those records only.",
}


def declare(
    *, legal_basis: str, holder: str, destroy_by: date, used_until: date | None = None,
    identities_destroy_by: date | None = None, tier: int = HIGHEST_TIER, also: Collection[str] = (),
) -> Declarations:  # fmt: skip
    """A declaration for each table of tier 1 up to `tier` that something reads, and for what is kept apart from them.

    Nobody may use a table after `used_until` (without it, `destroy_by`); identities may have to go sooner. `also`:
    tables that nothing reads today, and that people will read; refuses a name that is no table's, and a day that lies
    after `destroy_by` (UsageError).
    """
    for name, day in (("used_until", used_until), ("identities_destroy_by", identities_destroy_by)):
        if day and day > destroy_by:
            raise UsageError(f"{name} lies after destroy_by, the last day of all data. Name a day up to it.")
    settled = {"legal_basis": legal_basis, "holder": holder}
    found = {}
    scopes = dict(_asked(tier, also))
    for name, in_scope in scopes.items():
        ends = identities_destroy_by or destroy_by if name == IDENTITIES else destroy_by
        last = min(used_until or ends, ends)
        window = "history" if name in DATED_IN_THE_HISTORY else "whenever"
        found[name] = Declaration(
            name, in_scope, window, _purposes(name, scopes), used_until=last, destroy_by=ends, **settled
        )  # fmt: skip
    return found


def _asked(tier: int, also: Collection[str]) -> Iterator[tuple[str, str]]:
    chosen = {name for name, table in contract.asked_tables().items() if table.tier <= tier}
    chosen |= {contract.table(name).name for name in also}
    tables = [table for name, table in contract.tables().items() if name in chosen]
    yield from ((table.name, table.in_scope or table.row) for table in tables)
    yield IDENTITIES, WHO[IDENTITIES]
    if _with_texts(chosen):
        yield TEXTS, WHO[TEXTS]


def _with_texts(names: Collection[str]) -> list[str]:
    """Those of these tables of which a text is read."""
    return [name for name in names if set(TEXT_COLUMNS.get(name, ())) - not_asked(name)]


def _purposes(name: str, declared: Collection[str]) -> tuple[str, ...]:
    """What a table or part is read for. Texts of tables that are searched only are never drawn, and not redacted."""
    read_by_people = any(one not in SEARCHED for one in _with_texts(declared))
    if name == IDENTITIES:
        return ("linkage", "texts") if read_by_people else ("linkage",)
    if name == TEXTS:
        return ("texts", "samples") if read_by_people else ("texts",)
    if name in SEARCHED:
        return ("texts", "samples")
    linked = ("linkage",) if name in LINKED else ()
    read = ("texts",) if name in READ else ()
    sampled = ("samples",) if name in SAMPLED else ()
    return (*linked, "facts", *read, *sampled)
