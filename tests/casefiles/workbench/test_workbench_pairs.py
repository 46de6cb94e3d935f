"""Do two analysts look at each pair of records blind, and do their verdicts reach the linkage of the inspection?"""

import itertools
import shutil

import pyarrow.parquet as pq
import pytest

from assay.engine.provenance.verification import verify
from assay.ingest.reviewed_pairs import VERDICTS
from assay.linkage.reviewed_links import read_verdicts


@pytest.fixture
def folder(rolled_back, tmp_path):
    """The inspection; verdicts that are handed in are taken back afterwards."""
    inspection = rolled_back.place.inspection
    ledger = (inspection / "ledger.jsonl").read_bytes()
    yield inspection
    shutil.rmtree(inspection / "reviewed", ignore_errors=True)
    (inspection / "ledger.jsonl").write_bytes(ledger)


def look_at_all(client, verdict):
    from assay.workbench import record_pairs

    count = 0
    while pair := record_pairs.next_pair(client.account):
        assert client.post(f"/pair/{pair.id}/say", {"says": verdict}).status_code == 302
        count += 1
    return count


@pytest.mark.parametrize("verdict", [[], ["same"], *map(list, itertools.permutations(VERDICTS, 2)), ["same"] * 2])
def test_what_two_say_holds_and_where_two_differ_a_third_is_asked(verdict):
    from assay.workbench.record_pairs import settled_verdict

    assert settled_verdict(verdict) == ("same" if verdict == ["same", "same"] else "")


def test_where_three_say_three_things_it_cannot_be_told():
    from assay.workbench.record_pairs import settled_verdict

    assert settled_verdict(list(VERDICTS)) == "cannot tell"
    assert settled_verdict(["same", "different", "different"]) == "different"


def test_both_sides_stand_beside_one_another_with_their_differences_in_words_and_no_score(folder, enter):
    from assay.workbench.models import Event, Pair

    pair = Pair.objects.first()
    page = enter("A01").get(f"/pair/{pair.id}").content.decode()
    row = next(
        row for row in pq.read_table(folder / "persons" / "pairs.parquet").to_pylist()
        if (row["knot"], row["other_knot"]) == (pair.knot, pair.other_knot)
    )  # fmt: skip
    assert f"{row['probability']:.2f}"[1:] not in page
    assert row["level of date of birth"][1:] in page.replace("&#39;", "'")
    identities_folder = folder / "identities"
    names = [row for path in identities_folder.glob("*/*/*.parquet") for row in pq.read_table(path).to_pylist()
             if f"{row['force_code']} {row.get('involvement_ref')}" == pair.knot]  # fmt: skip
    assert names
    assert any(identity["surname"] and identity["surname"].replace("'", "&#39;") in page for identity in names)
    assert Event.objects.last().kind == "pair of records shown"
    assert not any(name["surname"] and name["surname"] in Event.objects.last().about for name in names)


def test_verdicts_on_which_two_agree_are_kept_with_linkage_and_say_how_well_it_works(folder, enter):
    from assay.workbench.models import Pair

    first_client, other = enter("A01"), enter("A02")
    assert look_at_all(first_client, "same") == Pair.objects.count() > 3
    refused = first_client.post("/pairs/hand-in")
    assert refused.status_code == 422
    assert "two people must give it the same verdict" in refused.content.decode()
    assert look_at_all(other, "same") == Pair.objects.count()
    page = other.post("/pairs/hand-in").content.decode()
    assert "precision" in page
    assert set(read_verdicts(folder)["pair_ref"].to_pylist()) == set(Pair.objects.values_list("ref", flat=True))
    assert not [difference for difference in verify(folder) if difference.where == "reviewed"]


def test_nobody_is_asked_twice_of_a_pair_and_a_settled_pair_is_asked_of_nobody(folder, enter):
    from assay.workbench import record_pairs

    for code, verdict in (("A01", "same"), ("A02", "different")):
        assert look_at_all(enter(code), verdict) > 0
    assert record_pairs.next_pair(enter("A01").account) is None
    assert record_pairs.next_pair(enter("T01").account) is not None  # a third, whoever that is
    enter("A02").post(f"/pair/{record_pairs.Pair.objects.first().id}/say", {"says": "same"})
    assert record_pairs.next_pair(enter("T01").account).place == 2


def test_a_pair_that_linkage_no_longer_finds_likely_is_asked_of_nobody(folder, enter):
    from assay.workbench.models import Pair

    pair = Pair.objects.create(ref="0" * 16, knot="INV01 gone", other_knot="INV02 gone", place=99)
    page = enter("A01").get(f"/pair/{pair.id}").content.decode()
    assert "no longer finds this pair likely" in page
    assert "/say" not in page


def test_where_identities_may_not_be_read_any_more_no_pair_is_shown(folder, enter, monkeypatch):
    from datetime import date

    from assay.workbench import pair_pages
    from assay.workbench.models import Pair

    class Late(date):
        @classmethod
        def today(cls):
            return date(2999, 1, 1)

    monkeypatch.setattr(pair_pages, "date", Late)
    page = enter("A01").get(f"/pair/{Pair.objects.first().id}").content.decode()
    assert "would read identities" in page
    assert "<table" not in page
