"""The analysts' pages for reviewing pairs of records, compared field by field, without a score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assay.contract.separated_columns import IDENTITIES
from assay.errors import AssayError
from assay.ingest.accepted_returns import current_returns, part_stage
from assay.ingest.inspection_folder import Inspection, open_inspection
from assay.ingest.table_permission import ReadPermission
from assay.linkage.probabilistic_linkage import level_column
from assay.workbench import record_pairs
from assay.workbench.audit_log import Kind, LogValue
from assay.workbench.content_access import Content, Limit, shows, shows_no_content
from assay.workbench.models import ANALYST, Pair
from assay.workbench.page_permissions import allow_roles
from assay.workbench.page_rendering import render_page
from assay.workbench.reading_limit import PAIRS

# Compare the records of a possible match field by field, for the review of pairs.
#
# Identities are read for the purpose of linkage when a page is opened, from their separate store; nothing is stored
# here.

COMPARED_FIELDS = {
    "names": ("names", "second forename"), "date_of_birth": ("date of birth",), "sex": ("sex",),
    "postcode": ("postcode",), "phone": ("telephone",), "number": ("force's number",), "record": (),
}  # fmt: skip
"""The rows of the page, each with the linkage comparisons that concern it."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class FieldComparison:
    """One row of a comparison: the field, its value in both records, and how the values differ."""

    key: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    comparison: str


def compare_clusters(folder: Path, cluster: str, other_cluster: str) -> list[FieldComparison]:
    """Return the field-by-field comparison of a pair; empty if linkage no longer considers the pair likely."""
    pairs = _read_rows(folder / "persons" / "pairs.parquet", "knot", [cluster])
    pair = next((row for row in pairs if row["other_knot"] == other_cluster), None)
    if pair is None:
        return []
    inspection = open_inspection(folder)
    first_values, second_values = (_cluster_values(inspection, name) for name in (cluster, other_cluster))
    return [
        FieldComparison(
            key,
            first_values[key],
            second_values[key],
            "; ".join(
                str(pair[level_column(level_name)]) for level_name in comparisons if pair.get(level_column(level_name))
            ),
        )
        for key, comparisons in COMPARED_FIELDS.items()
    ]


def _cluster_values(inspection: Inspection, cluster: str) -> dict[str, tuple[str, ...]]:
    """Return every value of the records of a cluster, each once, in order."""
    values_by_field: dict[str, dict[str, None]] = {key: {} for key in COMPARED_FIELDS}
    for entry in _read_rows(inspection.folder / "persons" / "tied.parquet", "knot", [cluster]):
        for row in _entry_identities(inspection, entry):
            names = " ".join(filter(None, (row.get("forenames"), row.get("surname"))))
            record = f"{entry['force_code']} {entry['ref']}"
            record = _("%(ref)s, on a partner's list") % {"ref": record} if entry["on_list"] else record
            number = f"{entry['force_code']} {row['person_ref']}" if row.get("person_ref") else ""
            entry_values = {**row, "names": names, "number": number, "record": record}
            for key, values in values_by_field.items():
                if (value := entry_values.get(key)) not in (None, ""):
                    values[f"{value.day} {value:%B %Y}" if isinstance(value, date) else str(value)] = None
    return {key: tuple(values) for key, values in values_by_field.items()}


def _entry_identities(inspection: Inspection, entry: Row) -> Iterable[dict[str, Any]]:
    """Return one row for an entry, with its identity and sex, and one more for each other name."""
    table, key = ("agencies", "entry_ref") if entry["on_list"] else ("involvements", "involvement_ref")
    for accepted in (
        accepted_return
        for accepted_return in current_returns(inspection)
        if accepted_return.force_code == entry["force_code"]
    ):
        identities_folder = inspection.folder / part_stage(IDENTITIES, accepted.stage)
        paths = [
            identities_folder / f"{table}.parquet",
            *([] if entry["on_list"] else [identities_folder / "aliases.parquet"]),
        ]
        ReadPermission(inspection, date.today()).require(IDENTITIES, "linkage", paths, "the review of pairs")
        record_rows = _read_rows(inspection.folder / accepted.stage / f"{table}.parquet", key, [entry["ref"]])
        identity_rows = [row for path in paths for row in _read_rows(path, key, [entry["ref"]])]
        record_values = {name: record_rows[0].get(name) for name in ("sex", "person_ref")} if record_rows else {}
        yield from ({**record_values, **row} for row in identity_rows)


def _read_rows(path: Path, column: str, values: list[str]) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    found: list[dict[str, Any]] = pq.read_table(path, filters=[(column, "in", values)]).to_pylist()
    return found


def _counted_pair(_request: HttpRequest, number: int) -> Pair | None:
    return Pair.objects.filter(pk=number).first()


def _pair_details(_request: HttpRequest, number: int) -> dict[str, LogValue]:
    return {"pair": Pair.objects.get(pk=number).ref}


PAIR = shows(
    Content("names and dates of birth of both sides", Kind.PAIR_SHOWN, _pair_details, Limit(PAIRS, _counted_pair))
)


@allow_roles(ANALYST)
@require_GET
@shows_no_content("how many pairs wait, and how many were looked at")
def overview(request: HttpRequest) -> HttpResponse:
    """Show the user's progress on record pairs."""
    return _overview(request)


def _overview(request: HttpRequest, *, lines: tuple[str, ...] = (), message: str = "") -> HttpResponse:
    all_pairs = list(Pair.objects.all())
    verdicts = record_pairs.current_verdicts(all_pairs)
    following = record_pairs.next_pair(request.user)
    context = {
        "pairs": len(all_pairs),
        "own_count": sum(request.user.pk in pair_verdicts for pair_verdicts in verdicts.values()),
        "settled": sum(
            bool(record_pairs.settled_verdict(pair_verdicts.values())) for pair_verdicts in verdicts.values()
        ),
        "next": following,
        "may": following is not None and PAIRS.allows(request.user, following),
        "today": len(PAIRS.today(request.user)),
        "limit": PAIRS.maximum(),
        "lines": lines,
        "message": message,
    }
    return render_page(request, "pairs.html", context, 422 if message else 200)


@allow_roles(ANALYST)
@require_GET
@PAIR
def pair_page(request: HttpRequest, number: int) -> HttpResponse:
    """Show one record pair."""
    pair = _open_pair(request, number)
    before = request.GET.get("before", "")
    return _page(request, pair, previous_pair=int(before) if before.isdecimal() and before.isascii() else 0)


def _open_pair(request: HttpRequest, number: int) -> Pair:
    """Return a pair while the user may review it; not found if others have settled it."""
    pair: Pair = get_object_or_404(Pair, pk=number)
    pair_verdicts = record_pairs.current_verdicts([pair])[pair.pk]
    if record_pairs.settled_verdict(pair_verdicts.values()) and request.user.pk not in pair_verdicts:
        raise Http404
    return pair


def _page(request: HttpRequest, pair: Pair, *, message: str = "", previous_pair: int = 0) -> HttpResponse:
    reason = ""
    try:
        rows = compare_clusters(settings.PLACE.inspection, pair.knot, pair.other_knot)
        reason = "" if rows else _("Record linkage no longer finds this pair likely, so it needs no verdict.")
    except AssayError as error:
        rows, reason = [], str(error)
    own_verdict = record_pairs.current_verdicts([pair])[pair.pk].get(request.user.pk, "")
    context = {
        "pair": pair,
        "rows": rows,
        "why": reason,
        "message": message,
        "before": previous_pair,
        "own_answer": own_verdict,
    }
    return render_page(request, "pair.html", context, 422 if message else 200)


@allow_roles(ANALYST)
@require_POST
@PAIR
def save_verdict(request: HttpRequest, number: int) -> HttpResponse:
    """Save a verdict on a pair, and go on to the next."""
    pair = _open_pair(request, number)
    try:
        record_pairs.save_verdict(request.user, pair, request.POST.get("says", ""))
    except AssayError as error:
        return _page(request, pair, message=str(error))
    following = record_pairs.next_pair(request.user)
    goes_on = following is not None and PAIRS.allows(request.user, following)
    return redirect(f"/pair/{following.pk}?before={pair.pk}" if following and goes_on else "/pairs")


@allow_roles(ANALYST)
@require_POST
@shows_no_content("how many pairs are settled, and how well linkage works")
def hand_in(request: HttpRequest) -> HttpResponse:
    """Hand in the settled verdicts, and show the precision and recall of record linkage."""
    try:
        result = record_pairs.hand_in_verdicts(settings.PLACE, request.user.code)
    except AssayError as error:
        return _overview(request, message=str(error))
    return _overview(request, lines=tuple(result.lines))
