"""Is a text shown as it was sent only to somebody who says why, and is that written down first?"""

import json

import pytest

from assay.engine.provenance import Ledger

WHY = "A redaction is in doubt."


@pytest.fixture
def ledger(rolled_back):
    """The ledger of the inspection; what is written into it is taken back afterwards."""
    path = rolled_back.place.inspection / "ledger.jsonl"
    before = path.read_bytes()
    yield Ledger(path)
    path.write_bytes(before)


@pytest.fixture
def entry(rolled_back):
    """A file that has entries, and one of them."""
    from assay.workbench.analyst_pages import find_entries
    from assay.workbench.models import CaseFile

    found = ((file, find_entries(rolled_back.place.inspection, file, "crime")) for file in CaseFile.objects.all())
    return next((file.id, entries[0]["note_ref"]) for file, entries in found if entries)


def unlocked(ledger):
    return [one.about for one in ledger.entries() if one.kind == "text unlocked"]


def test_a_reason_stands_in_the_ledger_and_its_hash_in_the_trail_and_neither_holds_the_reference(
    enter, ledger, entry, rolled_back
):
    from assay.workbench.models import Event
    from assay.workflows.retire.ledger_entry_codes import entry_code

    file, which = entry
    page = enter("A01").post(f"/file/{file}/unlock", {"entry": which, "reason": WHY})
    assert page.status_code == 200
    [told] = unlocked(ledger)
    inspection = rolled_back.place.inspection
    code = entry_code(inspection, told["body"], "notes", which)
    assert (told["who"], told["entry"], told["why"]) == ("A01", code, WHY)
    line = Event.objects.filter(kind="text unlocked").get()
    assert json.loads(line.about)["entry"] == code
    assert WHY not in line.about


@pytest.mark.parametrize("given", [{"reason": "short"}, {"reason": WHY, "entry": "of another file"}, {}])
def test_without_a_reason_or_of_another_file_nothing_is_shown_or_noted_as_shown(enter, ledger, entry, given):
    from assay.workbench.models import Event

    file, which = entry
    assert enter("A01").post(f"/file/{file}/unlock", {"entry": which} | given).status_code == 422
    assert unlocked(ledger) == []
    assert not Event.objects.filter(kind="text unlocked").exists()
