"""Short names of trend series, and the known reasons for changes in them."""

from collections.abc import Sequence

from assay.report.report_tables import ReleasedTables, Row
from assay.wording import hundredths


def short_name(site: ReleasedTables, trend: Row) -> str:
    """Return the short name of a series: '19D: Rape of a female child under 16'."""
    offence = site.offences.get(trend["offence_key"] or "")
    if offence and offence["kind"] == "code":
        return f"{offence['offence_key']}: {offence['name']}"
    return str(trend["series"])


def probability_summary(site: ReleasedTables, rows: Sequence[Row]) -> str:
    """List the probabilities of every series in one line: '71: 1 year 20, 3 years 79, 5 years 43'."""
    texts: dict[str, list[str]] = {}
    for row in rows:
        probability = row["probability_fell"]
        text = "cannot be said" if row["refusal"] or probability is None else f"{hundredths(probability)}"
        texts.setdefault(_key(site, row), []).append(f"{_years(row['years_apart'])} {text}")
    return "; ".join(f"{name}: {', '.join(span_texts)}" for name, span_texts in texts.items())


def group_explanations(site: ReleasedTables, rows: Sequence[Row]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Group identical explanations, each with the series and spans of years that it explains."""
    spans: dict[str, dict[str, list[int]]] = {}
    for row in rows:
        if row["explanation"]:
            spans.setdefault(row["explanation"], {}).setdefault(_key(site, row), []).append(row["years_apart"])
    return [(explanation, _by_span(spans_by_series)) for explanation, spans_by_series in spans.items()]


def _by_span(spans_by_series: dict[str, list[int]]) -> list[tuple[str, str]]:
    """Group series with the same spans on one line, codes first."""
    names: dict[str, list[str]] = {}
    for name, series_spans in spans_by_series.items():
        names.setdefault(_join_words([_years(years) for years in sorted(series_spans)]), []).append(name)
    return [(f"Over {span}", _join_series(found)) for span, found in names.items()]


def _join_series(names: Sequence[str]) -> str:
    codes = [name for name in names if name.startswith("code ")]
    if len(codes) > 1:
        code_list = f"codes {_join_words([code.removeprefix('code ') for code in codes])}"
        names = [code_list, *(name for name in names if name not in codes)]
    text = "; ".join(names)
    return text[:1].upper() + text[1:]


def _key(site: ReleasedTables, row: Row) -> str:
    """Return the shortest distinct name of a series: 'code 19D'."""
    offence = site.offences.get(row["offence_key"] or "")
    return f"code {row['offence_key']}" if offence and offence["kind"] == "code" else short_name(site, row)


def _years(number: int) -> str:
    return "1 year" if number == 1 else f"{number} years"


def _join_words(words: Sequence[str]) -> str:
    """'a, b and c'."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
