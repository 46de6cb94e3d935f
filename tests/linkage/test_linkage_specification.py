"""Does the specification mean what it says, and is training the same on every run?"""

import dataclasses

import pytest
from linked import entry, linked, persons

from assay.engine.provenance.content_hashes import content_hash
from assay.errors import DefinitionError
from assay.linkage.exact_match_clusters import STORED_CLUSTER
from assay.linkage.linkage_specification import default_specification, parse_specification
from assay.linkage.nicknames import full_forms, name_prefixes, possible_full_forms, stems_of_short_form
from assay.linkage.probabilistic_linkage import link_entries
from assay.linkage.splink_compiler import splink_settings
from assay.synthetic.linkage_population import NOISES, linkage_population, possible_forenames, possible_surnames


def test_every_level_of_the_form_means_something_to_splink():
    result = splink_settings(default_specification(), 0.001).create_settings_dict("duckdb")
    assert [len(comparison["comparison_levels"]) for comparison in result["comparisons"]] == [
        len(c.levels) for c in default_specification().comparisons
    ]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('when = "same whole_name"', 'when = "resembles whole_name"', "which no word of the form means"),
        ('when = "share phones"', 'when = "slip phones 1"', "which no word of the form means"),
        ("main = 0.9", "main = 0.4", "in the order floor, low, main, high"),
        ("m = 985000", "m = 500000", "the m of its levels add up to 0.515"),
    ],
)
def test_a_form_that_means_nothing_is_refused_with_a_sentence(before, after, message):
    with pytest.raises(DefinitionError, match=message):
        splink_settings(
            parse_specification(default_specification().text.replace(before, after)), 0.001
        ).create_settings_dict("duckdb")


def test_every_part_of_the_form_gives_its_reason():
    assert all(default_specification().reasons.values())
    assert all(comparison.reason for comparison in default_specification().comparisons)


def test_a_rule_that_would_make_too_many_pairs_is_left_out_and_told():
    narrow = dataclasses.replace(default_specification(), blocking={"most_of_a_key": 200, "most_pairs_of_a_holding": 0})
    found = linked(entry("a"), entry("b", surname="Lanten", force="INV02"), used=narrow)
    assert {rule["used"] for rule in found.summary["blocking_rules"] if rule["pairs"]} == {False}
    assert len(set(persons(found).values())) == 2


def test_a_key_that_too_many_share_is_left_out_and_counted():
    narrow = dataclasses.replace(default_specification(), blocking={"most_of_a_key": 1, "most_pairs_of_a_holding": 6})
    found = linked(entry("a"), entry("b", surname="Lanten", force="INV02"), used=narrow)
    assert sum(rule["crowded_keys"] for rule in found.summary["blocking_rules"]) > 0


def test_short_forms_stand_for_names_and_beginnings_for_what_they_begin():
    assert "william" in possible_full_forms("bill")
    assert set(possible_full_forms("steven")) & set(possible_full_forms("stephen"))
    assert set(stems_of_short_form("larky")) & set(name_prefixes("larkspur"))
    assert stems_of_short_form("larkspur") == []


def test_no_synthetic_name_is_in_the_list_of_short_forms():
    """Else linkage would be tried on what it was given."""
    synthetic = {name.casefold() for name in (*possible_forenames(), *possible_surnames())}
    known = set(full_forms()) | {name for names in full_forms().values() for name in names}
    assert synthetic & known == set()


@pytest.fixture(scope="module")
def learned():
    built = linkage_population(22_000, NOISES["ordinary"], 5)
    rows = [
        {**row, "entry": f"E{row['entry']:06}", "ref": str(row["entry"]), "on_list": False, "part": None,
         "number": f"{row['force_code']} {row['person_ref']}" if row["person_ref"] else None}
        for row in built.entries.to_pylist()
    ]  # fmt: skip
    import pyarrow as pa
    from linked import SCHEMA

    entries = pa.Table.from_pylist(rows, SCHEMA)
    other = pa.table({
        "entry": [f"E{number:06}" for number in built.aliases["entry"].to_pylist()],
        "forenames": built.aliases["forenames"], "surname": built.aliases["surname"],
    })  # fmt: skip
    return built.truth["person"].to_numpy(), link_entries(entries, other), link_entries(entries, other)


def test_what_is_learned_is_the_same_on_every_run(learned):
    _, first, second = learned
    assert first.summary["model"] == "learned"
    assert first.model == second.model
    assert {name: content_hash(table) for name, table in first.tables.items()} == {
        name: content_hash(table) for name, table in second.tables.items()
    }


def test_of_a_crowd_most_pairs_are_found_and_hardly_any_wrongly(learned):
    """Exact keys find six in ten of these pairs; linkage finds more than eight, and fewer than one in fifty is wrong."""
    truth, found, _ = learned

    def pairs(labels):
        return sum(n * (n - 1) / 2 for n in counts(labels).values())

    def counts(labels):
        sizes = {}
        for label in labels:
            sizes[label] = sizes.get(label, 0) + 1
        return sizes

    def recall_and_precision(level):
        persons_ = found.linked_entries[level].to_pylist()
        found_pairs = pairs(list(zip(persons_, truth.tolist(), strict=True)))
        return found_pairs / pairs(truth.tolist()), found_pairs / pairs(persons_)

    exact, main = recall_and_precision(STORED_CLUSTER), recall_and_precision("main")
    assert main[0] > 0.8 > exact[0]
    assert main[1] > 0.98
