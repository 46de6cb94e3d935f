"""Which figures may be quoted, at which address, and in which one sentence?

A figure's address is the page and an anchor made of measure and period; a second anchor adds the edition. Its quotation
is that of the finding where there is one; else it is made here by the same rule: figure, base, period, edition, limit.
"""

from typing import Any

from assay.report.page import Figure
from assay.report.site import Row, Site
from assay.report.words import decimal, interval, percent, rank, slug, whole


def anchor(site: Site, measure: str, period: str, offence_key: str = "") -> str:
    """'charged-of-closed-2024-25'; an offence other than the default is added."""
    extra = "" if offence_key in ("", site.default) else f" {offence_key}"
    return slug(f"{measure} {period}{extra}")


def _finding(site: Site, measure: str, place: str, offence: str, period: str) -> Row:
    found = site.by("findings", measure=measure, place_code=place, offence_key=offence, period=period)
    return found[0] if found else {}


def _shared(site: Site, finding: Row, measure: str) -> dict[str, Any]:
    of = site.measure(measure)
    return {
        "cannot_tell": finding.get("cannot_tell") or of["cannot_tell"] or "",
        "leans_on": finding.get("leans_on") or of["leans_on"] or "",
        "receipt": finding.get("receipt") or "",
        "source": finding.get("source") or "",
    }


def share_figure(site: Site, row: Row) -> Figure:
    """One outcome share: shrunken, with its interval, base, rank with interval, and what the others predict."""
    measure, title = row["measure"], site.measure(row["measure"])["title"]
    place, period = row["place_code"], row["financial_year"]
    finding = _finding(site, measure, place, row["offence_key"], period)
    between = interval(row["share_low"], row["share_high"])
    base = f"{whole(row['numerator'])} of {whole(row['base'])} offences ({percent(row['raw_share'])} as published)"
    limit = site.measure(measure)["cannot_tell"] or "Counts of offences, not of children."
    quote = finding.get("quote") or (
        f"{site.name(place)}, {site.offence(row['offence_key'])} in {period}, {title.lower()}: {percent(row['share'])} "
        f"(95% interval {between}), from {base}. Source edition: {row['edition'] or site.released.edition}. "
        f"{row['not_comparable'] or ''} It cannot tell: {_lower(limit)}"
    )
    more = [
        base,
        f"{standing(row)} from the other forces" if row["unusual"] is not None and not row["not_comparable"] else "",
        _rank(site, row),
    ]
    return Figure(
        anchor(site, measure, period, row["offence_key"]),
        f"{title}, {period}",
        percent(row["share"]),
        f"95% interval {between}",
        tuple(said for said in more if said),
        " ".join(quote.split()),
        **_shared(site, finding, measure),
    )


def rate_figure(site: Site, row: Row, measure: str) -> Figure:
    """The figure of a recorded rate, with its interval and denominator; or the reason why there is none."""
    place, period = row["place_code"], row["financial_year"]
    finding = _finding(site, measure, place, row["offence_key"], period)
    spot = anchor(site, measure, period, row["offence_key"])
    if row["per_1000"] is None:
        return Figure(spot, f"Recorded per 1,000 children, {period}", "No rate", more=(row["not_comparable"] or "",))
    between = interval(row["per_1000_low"], row["per_1000_high"], decimal)
    residents = f"{whole(row['children'])} residents under 18 (mid-{row['children_mid_year']})"
    of = f"{whole(row['offences'])} offences, {residents}"
    quote = finding.get("quote") or (
        f"{site.name(place)}: {decimal(row['per_1000'])} {site.offence(row['offence_key'])} per 1,000 residents "
        f"under 18 in "
        f"{period} (95% interval {between}), from {of}. Source edition: {site.released.edition}. A recorded rate has "
        f"no "
        "good direction: a high one may be better recording."
    )
    more = [of, _rank(site, row, "rates"), "No good direction: a high rate may be better recording."]
    return Figure(
        spot,
        f"Recorded per 1,000 children, {period}",
        decimal(row["per_1000"]),
        f"95% interval {between}",
        tuple(said for said in more if said),
        quote,
        **_shared(site, finding, measure),
    )


def count_figure(site: Site, row: Row) -> Figure:
    """The figure of a published count of offences recorded in one financial year."""
    place, period, key = row["place_code"], row["financial_year"], row["offence_key"]
    finding = _finding(site, "recorded", place, key, period) or _finding(site, site.rate_measure, place, key, period)
    part = "" if row["quarters"] == 4 else f" ({row['quarters']} of 4 quarters are published)"
    quote = finding.get("quote") or (
        f"{site.name(place)}: {whole(row['offences'])} {site.offence(key)} in {period}{part}. Source edition: "
        f"{site.released.edition}. Counts of offences recorded, not of children, and not of what was never reported."
    )
    more = ("As published; a count of offences, not of children",)
    return Figure(
        anchor(site, "recorded", period, key),
        f"Recorded in {period}",
        whole(row["offences"]),
        "",
        more,
        quote,
        **_shared(site, finding, "recorded"),
    )


def found_figure(site: Site, finding: Row) -> Figure:
    """A finding as a figure: its sentence, and what stands behind it."""
    spot = anchor(site, finding["key"], finding["period"] or "")
    return Figure(
        spot,
        finding["sentence"],
        "",
        "",
        (),
        finding["quote"] or finding["sentence"],
        finding["cannot_tell"] or "",
        finding["leans_on"] or "",
        finding["receipt"] or "",
        finding["source"] or "",
    )


def standing(row: Row) -> str:
    """Whether a force lies where the other forces would lead one to expect."""
    if row["not_comparable"]:
        return "Not comparable"
    if row["unusual"] is None:
        return ""
    if row["unusual"]:
        return f"{str(row['direction']).capitalize()} than predicted"
    return "As predicted"


def _rank(site: Site, row: Row, table: str = "shares") -> str:
    said = rank(row, compared(site, row, table))
    return "" if row["rank"] is None or row["not_comparable"] else f"{said}, 1st is the highest"


def compared(site: Site, row: Row, table: str) -> int:
    """How many forces a rank is out of."""
    same = {"offence_key": row["offence_key"], "financial_year": row["financial_year"]}
    if table == "shares":
        same = {"measure": row["measure"], **same}
    return sum(other["rank"] is not None for other in site.by(table, **same))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
