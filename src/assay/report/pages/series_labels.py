"""Which series bear on whether there is less: what is each called in short, and what would explain its changes?"""

from collections.abc import Sequence

from assay.report.report_tables import Row, Site
from assay.wording import hundredths


def short(site: Site, trend: Row) -> str:
    """A series' name in short: '19D: Rape of a female child under 16'."""
    offence = site.offences.get(trend["offence_key"] or "")
    if offence and offence["kind"] == "code":
        return f"{offence['offence_key']}: {offence['name']}"
    return str(trend["series"])


def chances_in_short(site: Site, rows: Sequence[Row]) -> str:
    """The chances of every series in one line: '71: 1 year 20, 3 years 79, 5 years 43'."""
    said: dict[str, list[str]] = {}
    for row in rows:
        chance = row["probability_fell"]
        told = "cannot be said" if row["refusal"] or chance is None else f"{hundredths(chance)}"
        said.setdefault(_key(site, row), []).append(f"{_years(row['years_apart'])} {told}")
    return "; ".join(f"{name}: {', '.join(held)}" for name, held in said.items())


def explained(site: Site, rows: Sequence[Row]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each explanation once, with the (spans, series) that it holds for."""
    spans: dict[str, dict[str, list[int]]] = {}
    for row in rows:
        if row["explanation"]:
            spans.setdefault(row["explanation"], {}).setdefault(_key(site, row), []).append(row["years_apart"])
    return [(said, _by_span(held)) for said, held in spans.items()]


def _by_span(held: dict[str, list[int]]) -> list[tuple[str, str]]:
    """Series that share their spans on one line, codes first and together."""
    names: dict[str, list[str]] = {}
    for name, apart in held.items():
        names.setdefault(_together([_years(years) for years in sorted(apart)]), []).append(name)
    return [(f"Over {span}", _listed(found)) for span, found in names.items()]


def _listed(names: Sequence[str]) -> str:
    codes = [name for name in names if name.startswith("code ")]
    if len(codes) > 1:
        together = f"codes {_together([code.removeprefix('code ') for code in codes])}"
        names = [together, *(name for name in names if name not in codes)]
    said = "; ".join(names)
    return said[:1].upper() + said[1:]


def _key(site: Site, row: Row) -> str:
    """The shortest name that still tells a series: 'code 19D'."""
    offence = site.offences.get(row["offence_key"] or "")
    return f"code {row['offence_key']}" if offence and offence["kind"] == "code" else short(site, row)


def _years(number: int) -> str:
    return "1 year" if number == 1 else f"{number} years"


def _together(words: Sequence[str]) -> str:
    """'a, b and c'."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
