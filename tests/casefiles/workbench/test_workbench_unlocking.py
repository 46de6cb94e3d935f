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
    return [entry.about for entry in ledger.entries() if entry.kind == "text unlocked"]


def test_a_reason_stands_in_the_ledger_and_its_hash_in_the_audit_log_and_neither_holds_the_reference(
    enter, ledger, entry, rolled_back
):
    from assay.workbench.models import Event
    from assay.workflows.retire.ledger_entry_codes import entry_code

    file, part_name = entry
    page = enter("A01").post(f"/file/{file}/unlock", {"entry": part_name, "reason": WHY})
    assert page.status_code == 200
    [unlocked_entry] = unlocked(ledger)
    inspection = rolled_back.place.inspection
    code = entry_code(inspection, unlocked_entry["body"], "notes", part_name)
    assert (unlocked_entry["who"], unlocked_entry["entry"], unlocked_entry["why"]) == ("A01", code, WHY)
    line = Event.objects.filter(kind="text unlocked").get()
    assert json.loads(line.about)["entry"] == code
    assert WHY not in line.about


@pytest.mark.parametrize("form_data", [{"reason": "short"}, {"reason": WHY, "entry": "of another file"}, {}])
def test_without_a_reason_or_of_another_file_nothing_is_shown_or_noted_as_shown(enter, ledger, entry, form_data):
    from assay.workbench.models import Event

    file, part_name = entry
    assert enter("A01").post(f"/file/{file}/unlock", {"entry": part_name} | form_data).status_code == 422
    assert unlocked(ledger) == []
    assert not Event.objects.filter(kind="text unlocked").exists()
