"""Does the page of hidden children give the range that the lists allow, in a fixed order, without a middle?"""

import csv
import datetime as dt
import json
import re
from html import unescape

import pytest

from assay.indicators.catalogue.scale.hidden import hidden_tables as telling
from assay.indicators.catalogue.scale.hidden.hidden_sentences import hidden_findings
from assay.indicators.catalogue.scale.hidden.hidden_tables import build_hidden_tables
from assay.indicators.catalogue.scale.hidden.list_overlap import (
    COUNTS,
    LINKED_HERE,
    NAMES,
    ListSet,
    list_set_from_counts,
)
from assay.indicators.catalogue.scale.hidden.list_readiness import screened_tables
from assay.indicators.findings import findings_table
from assay.report import write_report
from assay.report.pages.inspection.hidden_victims_page import OPENINGS
from assay.sdc import declared_tables, policy, release
from assay.sdc.disclosure_control import apply_policy
from assay.stats.multiple_systems.ensemble import METHODS
from made_once import with_pages_only
from report.conftest import TERM
from report.record_fixture import arrow, raw_tables

YEAR = (dt.date(2026, 4, 1), dt.date(2027, 4, 1))
UK_2013 = {
    "LA": 54, "NG": 463, "PFNCA": 995, "GO": 695, "GP": 316, "LA*NG": 15, "LA*PFNCA": 19, "LA*GO": 3, "NG*PFNCA": 62,
    "NG*GO": 19, "NG*GP": 1, "PFNCA*GO": 76, "PFNCA*GP": 11, "GO*GP": 8, "LA*NG*PFNCA": 1, "LA*NG*GO": 1,
    "NG*PFNCA*GO": 4, "LA*NG*PFNCA*GO": 1,
}  # fmt: skip
KINDS_2013 = {"LA": "local_authority", "NG": "voluntary", "PFNCA": "police_crimes", "GO": "other", "GP": "other"}
NAMES_2013 = {
    "LA": "local authorities", "NG": "non-governmental organisations", "PFNCA": "police forces and the National Crime Agency",
    "GO": "government organisations", "GP": "the general public",
}  # fmt: skip
FOUR = ("police_crimes", "local_authority", "health", "voluntary")


def patterns(histories):
    return {frozenset(history.split("*")): count for history, count in histories.items()}


def independent(people=7919, capture_probabilities=(0.21, 0.17, 0.13, 0.11)):
    """Counts as four lists make them that know nothing of one another, rounded: 1 - 0.79*0.83*0.87*0.89 are seen."""
    found = {}
    for cell in range(1, 16):
        share = 1.0
        for place, probability in enumerate(capture_probabilities):
            share *= probability if cell >> place & 1 else 1 - probability
        found[frozenset(FOUR[p] for p in range(4) if cell >> p & 1)] = round(people * share)
    return found


def list_set(place, counts, made_of=NAMES):
    keys = {key for history in counts for key in history}
    return ListSet(place, YEAR, 1, made_of, LINKED_HERE, "CSE_2017", {key: key for key in keys}, counts)


def uk_2013():
    overlap_fields = {
        "definition": "MS",
        "data_from": dt.date(2013, 1, 1),
        "data_to": dt.date(2014, 1, 1),
        "linkage_method": "by_hand",
    }

    class Request:
        period_from, period_to = YEAR

    return list_set_from_counts(overlap_fields, "ALL", KINDS_2013, patterns(UK_2013), NAMES_2013, Request())


ALL_SETS = (
    list_set("INV01", independent()),
    list_set("INV02", {frozenset({"police_crimes"}): 400, frozenset({"local_authority"}): 300,
                 frozenset({"police_crimes", "local_authority"}): 80}),
    list_set("INV03", {frozenset({"police_crimes"}): 350}),
)  # fmt: skip
PLACES = ("INV01", "INV02", "INV03", "INV10")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_lists(tmp_path_factory.mktemp("report"), *ALL_SETS, uk_2013())


def write_lists(place, *sets):
    """The report on these lists."""
    hidden_tables = build_hidden_tables(sets, PLACES, [YEAR])
    hidden_tables.pop("hidden_methods")
    raw = arrow(raw_tables())
    safe = apply_policy({**raw, **hidden_tables}, policy("record level"))
    found = list(hidden_findings(safe["hidden_victims"].to_pylist(), {place: place for place in PLACES}, "INV-2026"))
    safe["findings"] = findings_table(found)
    write_report(
        release(safe, policy=policy("record level"), ledger_head="0" * 64, edition="returns to request INV-2026"), place
    )
    return place


@pytest.fixture(scope="module")
def page(folder):
    return (folder / "hidden.html").read_text(encoding="utf-8")


def words(page):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", TERM.sub(r"\1", page))))


def block(page, name):
    text = page[page.index(f'id="hidden-{name}') :]
    return words(text[: text.index("<details")])


def middles():
    """What every method says of every table, on any list and on none."""
    found = set()
    for screened in (*ALL_SETS, uk_2013()):
        for screened_table in screened_tables(screened)[0]:
            for name, method in METHODS.items():
                if name not in ("latent classes", "best by BIC"):
                    estimate = method(screened_table.table)
                    if estimate.population:
                        found |= {round(estimate.population), round(estimate.population - estimate.seen)}
    return found


def numbers(text):
    for match in re.findall(r"(?<![\w.#-])\d[\d,]*(?:\.\d+)?(?![\w.%-])", text):
        yield float(match.replace(",", ""))


def leaves(value):
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves(inner)]
    return [value]


def told_by(path):
    """Every number that a released file says: in words, alternative texts, cells and fields."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        yield from (float(leaf) for leaf in leaves(json.loads(text)) if isinstance(leaf, int | float))
        yield from (number for leaf in leaves(json.loads(text)) if isinstance(leaf, str) for number in numbers(leaf))
    elif path.suffix == ".csv":
        yield from (number for row in csv.reader(text.splitlines()) for cell in row for number in numbers(cell))
    elif path.suffix == ".svg":
        yield from (number for match in re.findall(r"<(?:text|title)[^>]*>([^<]*)<", text) for number in numbers(match))
    elif path.suffix == ".html":
        yield from numbers(words(text))
        yield from (
            number
            for force_block in re.findall(r'(?:alt|aria-label)="([^"]*)"', text)
            for number in numbers(unescape(force_block))
        )


def test_no_released_file_says_a_middle_of_any_method(folder):
    """An estimate of 7,919 children stands nowhere, nor 11,313 of the United Kingdom, nor anything within one of them."""
    central = {value for value in middles() if value > 200}
    assert len(central) > 10
    numbers_by_file = {(path.name, number) for path in folder.rglob("*") if path.is_file() and path.suffix in (".html", ".csv", ".json", ".svg")
            for number in told_by(path)}  # fmt: skip
    assert any(name == "hidden.html" for name, _ in numbers_by_file)
    near_numbers = {
        (name, number) for name, number in numbers_by_file if any(abs(number - middle) <= 1 for middle in central)
    }
    assert not near_numbers


def test_every_number_of_a_released_table_is_a_count_of_those_seen_an_end_of_a_range_or_says_how_far_methods_differ():
    permitted = {"low", "high", "fold", "probability_fewer", "methods", "lists", "year", "places", "places_estimated"}
    for name in ("hidden_victims", "hidden_victims_lists", "hidden_victims_pairs", "hidden_victims_changes"):
        columns = declared_tables()[name].columns
        assert {
            column.name for column in columns if not column.is_text and not (column.protect and column.kind == "count")
        } <= permitted


def test_the_sentences_stand_in_one_order_and_none_is_lacking(page):
    for name in ("inv01", "inv02", "inv03", "inv10", "all", "across"):
        force_block = block(page, name)
        places = [force_block.index(opening.rstrip(": ")) for opening in OPENINGS]
        assert places == sorted(places)


def test_the_band_holds_the_children_that_there_are(page):
    """7,919 children, of whom 4 lists see half: the band reaches from below to above."""
    low, high = re.search(r"[Ff]rom ([\d,]+) to ([\d,]+) children in all", block(page, "inv01")).groups()
    assert int(low.replace(",", "")) < 7919 < int(high.replace(",", ""))


def test_of_two_lists_or_one_the_page_says_why_and_which_list_to_ask_for(page):
    assert "Not estimated. Fewer than three lists" in block(page, "inv02")
    assert "Ask first for children on health services' list" in block(page, "inv02")
    assert "Ask first for children on the local authority's list" in block(page, "inv03")


def test_where_nothing_came_nothing_is_known_and_it_is_no_zero(page):
    force_block = block(page, "inv10")
    assert "Known to police It cannot be said, since no list came." in force_block
    assert "no list and no table of overlaps" in force_block.lower()


def test_where_no_crimes_were_sent_nobody_is_counted_as_on_no_police_list(tmp_path):
    """INV02: 300 children on the local authority's list. INV03: 350 on crimes. None of what lacks is a zero."""
    two_lists, three_lists = (
        list_set("INV02", {frozenset({"local_authority"}): 300}),
        list_set("INV03", {frozenset({"police_crimes"}): 350}),
    )
    with with_pages_only("hidden.html"):
        folder = write_lists(tmp_path / "out", two_lists, three_lists)
    page = (folder / "hidden.html").read_text(encoding="utf-8")
    assert not re.search(r"\b0 children", words(page))
    force_block = block(page, "inv02")
    assert "Known to police Not known, since no police list came." in force_block
    assert (
        "Known to others only Not known, since no police list came; 300 children are on a partner's list."
        in force_block
    )
    assert "Known to others only Not known, since no partner's list came." in block(page, "inv03")
    assert "From 1 place no police list came" in block(page, "all")
    rows = [words(row) for row in re.findall(r"<tr\b.*?</tr>", page, re.DOTALL) if "not estimated" in row]
    # INV01 and INV10 sent nothing; of INV02 nothing that rests on the police's list is known, of INV03 the children on it.
    assert [row.count("not known") for row in rows] == [3, 3, 2, 3]


def test_of_all_together_nothing_is_estimated_unless_most_children_are_where_it_can_be(page):
    """INV01 has half of 7,919 of the children, INV02 and INV03 1,130: 3,953 of 5,083 are 78 in 100."""
    overall_block = block(page, "all")
    assert "Not estimated. The forces that can be estimated hold fewer than 80%" in overall_block
    assert "hildren on the local authority's list (1 of 3 forces)" in overall_block


def test_a_table_of_overlaps_runs_through_the_same_page_and_says_so(page):
    across_block = block(page, "across")
    assert "a table of overlaps, and from no names: 5 lists, joined by whoever sent it, by hand" in across_block
    assert "Known to police" in across_block
    assert re.search(r"[Ff]rom 4,\d00 to 1\d0,000 children", across_block)


def test_overlaps_of_one_to_four_children_are_not_shown(page):
    """NG and GP share one person in 2013."""
    assert "non-governmental organisations / the general public" in words(page)
    row = page[page.index("non-governmental organisations / the general public") :]
    assert "fewer than 8" in words(row[: row.index("</tr>")])


def test_the_chart_draws_a_band_and_no_dot(folder):
    for drawing in folder.glob("charts/hidden-children*.svg"):
        assert "<circle" not in drawing.read_text(encoding="utf-8")
    assert list(folder.glob("charts/hidden-children*.svg"))


def test_made_of_counts_is_no_year_of_the_period_where_the_window_is_another():
    assert (uk_2013().year, uk_2013().source) == (None, COUNTS)


def test_several_places_are_asked_by_several_processes_and_say_what_one_says(monkeypatch):
    sets = [list_set(place, independent(people)) for place, people in (("INV01", 400), ("INV02", 900))]
    single_tables = build_hidden_tables(sets, ["INV01", "INV02"], [YEAR])
    monkeypatch.setattr(telling, "MIN_LISTS_FOR_PROCESSES", 2)
    monkeypatch.setattr(telling, "available_processors", lambda: 2)
    joint_tables = build_hidden_tables(sets, ["INV01", "INV02"], [YEAR])
    assert {name: table.equals(joint_tables[name]) for name, table in single_tables.items()} == dict.fromkeys(
        single_tables, True
    )
    assert single_tables["hidden_victims"].num_rows >= 2
