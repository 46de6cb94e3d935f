"""The printed head hash and the ledger signature detect an attacker who can write in the folder of an inspection.

The folder is small: a return, a table of counts and a released table. Each attack leaves receipts and ledger
consistent with one another.
"""

import json
import os
import shutil
from dataclasses import asdict

import pyarrow as pa
import pytest

from assay.engine.provenance import (
    EventKind,
    Ledger,
    Receipt,
    compute_seal,
    describe_settings_changes,
    describe_signature,
    file_hash,
    list_stages,
    lock_folder,
    read_receipt,
    sign_head,
    verify,
    without_signing,
    write_stage,
)
from assay.engine.provenance.file_signatures import is_signed_by, make_signing_keys
from assay.engine.provenance.ledger import NO_PREVIOUS_HASH, LedgerEntry
from assay.engine.provenance.ledger_signatures import (
    KEY_SETTING,
    SIGNATURE_LOG,
    SIGNED_HEAD,
    accept_ledger,
    find_verification_key,
    signature_errors,
)
from assay.engine.provenance.stage_folders import RECEIPT, output_hashes
from assay.errors import EvidenceError, UsageError

CRIMES = pa.table({"crime_ref": ["c1", "c2", "c3"], "charged": [True, False, False]})
FORGED = pa.table({"crime_ref": ["c1", "c2", "c3"], "charged": [True, True, True]})
COUNTED_TABLE = pa.table({"place_code": ["INV01"], "charged": [1]})
STAGES = {"returns/INV01/edition_1": None, "records": "returns/INV01/edition_1", "disclosure": "records"}
RETURN, LAST = "returns/INV01/edition_1", "disclosure"


def table_of(stage: str) -> pa.Table:
    return CRIMES if stage == RETURN else COUNTED_TABLE


def make_inspection(folder, *, listed=True):
    """Create an inspection with a release, and return its seal."""
    folder.mkdir(parents=True)
    (folder / "inspection.toml").write_text('format_version = "1"\nused_until = 2027-03-31\n')
    ledger = Ledger(folder / "ledger.jsonl")
    settings = file_hash(folder / "inspection.toml")
    ledger.append(EventKind.INSPECTION_MADE, request="T", format_version="1", settings=settings)
    receipts = {}
    for stage, before in STAGES.items():
        if stage == LAST:
            seal = compute_seal(receipts)
            details = {"sealed": list_stages(receipts)} if listed else {}
            ledger.append(EventKind.RELEASED, policy="record level", tables=1, seal=seal, **details)
        inputs = {f"{before}/t.parquet": receipts[before].outputs["t.parquet"]} if before else {"sent/a.csv": "f" * 64}
        rows = table_of(stage).num_rows
        receipts[stage] = write_stage(
            folder, stage, {"t": table_of(stage)}, ledger=ledger, inputs=inputs, rows_in=rows, rows_out=rows
        )
    return seal


@pytest.fixture
def released(tmp_path):
    """A folder of an inspection, and the seal that its report prints."""
    folder = tmp_path / "inspection"
    return folder, make_inspection(folder)


@pytest.fixture
def public_key(tmp_path, monkeypatch):
    """File of a public key; the environment names its private key, which lies outside the folder."""
    private, public = make_signing_keys(tmp_path / "keys")
    monkeypatch.setenv(KEY_SETTING, str(private))
    return public


def rewrite_ledger(folder, entries) -> None:
    """Replace the ledger by one with these events and a valid hash chain."""
    before, lines = NO_PREVIOUS_HASH, []
    for number, entry in enumerate(entries, 1):
        unsigned = LedgerEntry(number, entry.at, entry.kind, dict(entry.about), before, "")
        done = LedgerEntry(**{**asdict(unsigned), "hash": unsigned.compute_hash()})
        lines.append(done.line())
        before = done.hash
    (folder / "ledger.jsonl").write_bytes(b"".join(lines))


def forge_table(folder, stage, table, name="t") -> None:
    """Change a table, its receipt, all later receipts and the ledger, so that they are consistent."""
    import pyarrow.parquet as pq

    pq.write_table(table, folder / stage / f"{name}.parquet")
    receipt_hashes: dict[str, str] = {}
    hashes: dict[str, str] = {}
    for stage_name in STAGES:
        previous = read_receipt(folder, stage_name)
        inputs = {path: receipt_hashes.get(path, value) for path, value in previous.inputs.items()}
        now = Receipt(**{**vars(previous), "inputs": inputs, "outputs": output_hashes(folder / stage_name)})
        (folder / stage_name / RECEIPT).write_text(now.to_json())
        receipt_hashes |= {f"{stage_name}/{path}": value for path, value in now.outputs.items()}
        hashes[stage_name] = now.hash
    entries = Ledger(folder / "ledger.jsonl").entries()
    resealed = [
        {**entry.about, "receipt": hashes[entry.about["stage"]]} if "receipt" in entry.about else entry.about
        for entry in entries
    ]
    rewrite_ledger(
        folder,
        [
            LedgerEntry(**{**asdict(entry), "about": entry_details})
            for entry, entry_details in zip(entries, resealed, strict=True)
        ],
    )


def differences(folder, **options) -> list[str]:
    return [difference.sentence for difference in verify(folder, **options)]


def remove_last_lines(folder, lines=1) -> None:
    ledger = folder / "ledger.jsonl"
    ledger.write_bytes(b"".join(ledger.read_bytes().splitlines(keepends=True)[:-lines]))


def log_unlocked_text(folder) -> None:
    Ledger(folder / "ledger.jsonl").append(EventKind.TEXT_UNLOCKED, who="I01", body="INV01", entry="x", why="a reason")


# The printed head hash


def test_the_receipts_of_an_unaltered_folder_give_the_printed_head_hash(released):
    folder, seal = released
    assert differences(folder, head=seal) == []
    assert differences(folder, head=seal.upper() + "\n") == []


@pytest.mark.parametrize(
    ("stage", "table"), [(RETURN, FORGED), ("records", COUNTED_TABLE.set_column(1, "charged", [[3]]))]
)
def test_a_forged_table_with_consistent_receipts_and_ledger_does_not_give_the_printed_head_hash(released, stage, table):
    folder, seal = released
    forge_table(folder, stage, table)
    assert differences(folder) == []  # consistent in itself: only the printed head hash detects it
    assert differences(folder, head=seal) == [
        f"The receipts in this folder do not give the seal {seal[:12]}: a stage that the seal covers, and its receipt, "
        "were changed after the release."
    ]


def test_removing_the_forged_stage_from_the_list_of_sealed_stages_does_not_give_the_seal(released):
    folder, seal = released
    forge_table(folder, RETURN, FORGED)
    entries = Ledger(folder / "ledger.jsonl").entries()
    for listed in ("records", "", "disclosure", "nothing"):
        details_by_entry = [
            {**entry.about, "sealed": listed} if "sealed" in entry.about else entry.about for entry in entries
        ]
        rewrite_ledger(
            folder, [LedgerEntry(**{**asdict(o), "about": a}) for o, a in zip(entries, details_by_entry, strict=True)]
        )
        assert len(differences(folder, head=seal)) == 1


def test_the_seal_of_a_ledger_without_a_list_of_sealed_stages_can_be_recomputed(tmp_path):
    seal = make_inspection(tmp_path / "earlier", listed=False)
    assert differences(tmp_path / "earlier", head=seal) == []
    forge_table(tmp_path / "earlier", RETURN, FORGED)
    assert len(differences(tmp_path / "earlier", head=seal)) == 1


def test_a_return_received_after_the_release_does_not_change_the_seal(released):
    folder, seal = released
    write_stage(
        folder, "returns/INV02/edition_1", {"t": CRIMES}, ledger=Ledger(folder / "ledger.jsonl"),
        inputs={"sent/b.csv": "e" * 64}, rows_in=3, rows_out=3,
    )  # fmt: skip
    assert differences(folder, head=seal) == []


def test_the_seal_of_an_earlier_release_is_distinguished_from_a_forged_folder(released):
    folder, seal = released
    ledger = Ledger(folder / "ledger.jsonl")
    receipts = {stage: read_receipt(folder, stage) for stage in (RETURN, "records")}
    receipts["records"] = write_stage(
        folder,
        "records",
        {"t": COUNTED_TABLE.slice(0, 0)},
        ledger=ledger,
        inputs=dict(receipts["records"].inputs),
        rows_in=0,
        rows_out=0,
    )
    later = compute_seal(receipts)
    ledger.append(EventKind.RELEASED, policy="record level", tables=1, seal=later, sealed=list_stages(receipts))
    assert differences(folder, head=later) == [
        "disclosure read another records/t.parquet than the one that is here: run it again."
    ]
    assert any(
        f"a later release, with the seal {later[:12]}" in difference for difference in differences(folder, head=seal)
    )


def test_a_sealed_stage_written_again_is_named_and_the_seal_no_longer_holds(released):
    folder, seal = released
    write_stage(
        folder, "records", {"t": COUNTED_TABLE.slice(0, 0)}, ledger=Ledger(folder / "ledger.jsonl"),
        inputs=dict(read_receipt(folder, "records").inputs), rows_in=0, rows_out=0,
    )  # fmt: skip
    assert any(
        "the stage records was written again after the release" in difference
        for difference in differences(folder, head=seal)
    )


# The settings


def test_a_changed_last_day_of_use_is_detected(released):
    folder, _ = released
    text = (folder / "inspection.toml").read_text()
    (folder / "inspection.toml").write_text(text.replace("2027", "2037"))
    assert [difference.where for difference in verify(folder)] == ["inspection.toml"]
    (folder / "inspection.toml").unlink()
    assert differences(folder) == [
        "inspection.toml is missing. It says which data are requested, for which purposes and until when."
    ]


def test_changed_settings_are_no_difference_once_the_ledger_records_them(released):
    folder, _ = released
    (folder / "inspection.toml").write_text('format_version = "1"\nused_until = 2028-03-31\n')
    settings = file_hash(folder / "inspection.toml")
    Ledger(folder / "ledger.jsonl").append(EventKind.DECLARED, tables=0, hash="a", settings=settings)
    assert differences(folder) == []


def test_recorded_changes_of_the_settings_are_listed_for_a_person_to_check(released):
    """The next command of the owner records and signs an edit by anybody, so a person must be able to see it."""
    folder, _ = released
    assert describe_settings_changes(folder) == ""
    (folder / "inspection.toml").write_text('format_version = "1"\nused_until = 2028-03-31\n')
    settings = file_hash(folder / "inspection.toml")
    entry = Ledger(folder / "ledger.jsonl").append(EventKind.DECLARED, tables=0, hash="a", settings=settings)
    assert f"at line {entry.number}. Ask who changed it" in describe_settings_changes(folder)


# The signature


def test_an_unsigned_ledger_is_reported_and_is_no_difference(released):
    folder, _ = released
    assert differences(folder) == []
    assert "unsigned" in describe_signature(folder)


def test_the_report_names_the_signing_key_and_the_last_signed_line(released, public_key, monkeypatch):
    folder, _ = released
    head = sign_head(Ledger(folder / "ledger.jsonl"))
    assert differences(folder, public_key=public_key) == []
    assert describe_signature(folder, public_key=public_key) == (
        f"Lines 1 to 5 of 5 of the ledger are signed with the key {head.key}."
    )
    monkeypatch.setenv(KEY_SETTING, "")  # another user, who has no key
    assert "was not checked" in describe_signature(folder)
    log_unlocked_text(folder)
    assert "The lines after it (1) are unsigned." in describe_signature(folder, public_key=public_key)
    assert differences(folder, public_key=public_key) == []


def test_a_stage_written_after_the_last_signature_is_named(released, public_key):
    folder, _ = released
    ledger = Ledger(folder / "ledger.jsonl")
    sign_head(ledger)
    write_stage(folder, "records", {"t": FORGED}, ledger=ledger, rows_in=3, rows_out=3)
    assert "are unsigned and record these stages: records." in describe_signature(folder, public_key=public_key)


def test_removing_the_line_of_an_unlocked_text_from_the_ledger_is_detected(released, public_key):
    folder, _ = released
    log_unlocked_text(folder)
    sign_head(Ledger(folder / "ledger.jsonl"))
    remove_last_lines(folder)
    missing = "The ledger ends at line 5, but ledger-head.json records a signature at line 6: the last line is missing."
    assert differences(folder) == [missing]
    assert differences(folder, public_key=public_key) == [missing]


def test_replacing_the_last_lines_of_a_signed_ledger_is_detected(released, public_key):
    folder, _ = released
    log_unlocked_text(folder)
    sign_head(Ledger(folder / "ledger.jsonl"))
    remove_last_lines(folder)
    Ledger(folder / "ledger.jsonl").append(EventKind.MANUAL, who="x", what="y", why="z")
    assert differences(folder, public_key=public_key) == [
        "Line 6 of the ledger differs from the line that was signed, according to ledger-head.json: the ledger was "
        "rewritten."
    ]


def test_the_signature_log_detects_an_older_ledger_put_back_with_its_signature(released, public_key, monkeypatch):
    folder, _ = released
    ledger = Ledger(folder / "ledger.jsonl")
    sign_head(ledger)
    older = {name: (folder / name).read_bytes() for name in ("ledger.jsonl", SIGNED_HEAD)}
    log_unlocked_text(folder)
    sign_head(ledger)
    for name, content in older.items():
        (folder / name).write_bytes(content)
    monkeypatch.setenv(KEY_SETTING, "")  # another user, who does not have the signature log
    assert differences(folder) == []
    assert differences(folder, public_key=public_key) == [
        "The ledger ends at line 5, but signed-heads.jsonl records a signature at line 6: the last line is missing."
    ]


def test_the_signature_log_detects_a_removed_signature(released, public_key):
    folder, _ = released
    sign_head(Ledger(folder / "ledger.jsonl"))
    (folder / SIGNED_HEAD).unlink()
    assert differences(folder, public_key=public_key) == [
        "ledger-head.json is missing, but signed-heads.jsonl records that the ledger of this folder was signed."
    ]


def test_a_rewritten_ledger_signed_with_another_key_is_detected(released, public_key, tmp_path, monkeypatch):
    folder, _ = released
    sign_head(Ledger(folder / "ledger.jsonl"))
    forge_table(folder, RETURN, FORGED)
    (folder / SIGNED_HEAD).unlink()
    monkeypatch.setenv(KEY_SETTING, str(make_signing_keys(tmp_path / "attacker")[0]))
    sign_head(Ledger(folder / "ledger.jsonl"))
    assert any("was not signed with the key" in difference for difference in differences(folder, public_key=public_key))


@pytest.mark.parametrize(
    ("name", "other"),
    [("hash", "0" * 64), ("number", 2), ("signature", "AAAA"), ("signature", "no base64 ü"), ("key", "0" * 12)],
)
def test_a_change_of_any_signed_field_is_detected(released, public_key, name, other):
    folder, _ = released
    sign_head(Ledger(folder / "ledger.jsonl"))
    head = json.loads((folder / SIGNED_HEAD).read_text())
    (folder / SIGNED_HEAD).write_text(json.dumps({**head, name: other}))
    found = differences(folder, public_key=public_key)
    assert found if name != "key" else found == []  # the key name is a label that is not signed


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"number": "x"}', "\x00"])
def test_an_unreadable_signature_is_a_difference_and_no_traceback(released, text):
    folder, _ = released
    (folder / SIGNED_HEAD).write_text(text)
    assert differences(folder) == ["ledger-head.json does not contain a valid ledger signature."]
    assert describe_signature(folder)


def test_a_command_signs_the_ledger_when_it_releases_the_folder(released, public_key):
    folder, _ = released
    with lock_folder(folder):
        log_unlocked_text(folder)
    assert "Lines 1 to 6 of 6" in describe_signature(folder, public_key=public_key)


def test_no_command_writes_to_a_ledger_that_differs_from_what_was_signed(released, public_key):
    folder, _ = released
    log_unlocked_text(folder)
    sign_head(Ledger(folder / "ledger.jsonl"))
    remove_last_lines(folder)
    with pytest.raises(EvidenceError, match="the last line is missing"), lock_folder(folder):
        pass
    with pytest.raises(EvidenceError, match="Nothing was signed"):
        sign_head(Ledger(folder / "ledger.jsonl"))


def test_a_ledger_whose_signature_was_removed_is_not_signed_again(released, public_key):
    folder, _ = released
    log_unlocked_text(folder)
    sign_head(Ledger(folder / "ledger.jsonl"))
    remove_last_lines(folder)
    (folder / SIGNED_HEAD).unlink()
    with pytest.raises(EvidenceError, match="is missing"):
        sign_head(Ledger(folder / "ledger.jsonl"))


def test_a_new_inspection_in_the_same_folder_can_be_signed(released, public_key):
    folder, _ = released
    sign_head(Ledger(folder / "ledger.jsonl"))
    shutil.rmtree(folder)
    ledger = Ledger(folder / "ledger.jsonl")
    folder.mkdir()
    (folder / "inspection.toml").write_text("format_version = 1\n")
    ledger.append(EventKind.INSPECTION_MADE, request="T", format_version="1")
    sign_head(ledger)
    write_stage(folder, LAST, {"t": COUNTED_TABLE}, ledger=ledger, inputs={}, rows_in=1, rows_out=1)
    sign_head(ledger)
    assert differences(folder, public_key=public_key) == []


def test_a_ledger_rewritten_from_its_first_line_is_detected_and_not_signed(released, public_key):
    folder, _ = released
    sign_head(Ledger(folder / "ledger.jsonl"))
    shutil.rmtree(folder)
    make_inspection(folder)
    assert "records that another ledger was signed in this folder" in " ".join(
        differences(folder, public_key=public_key)
    )
    with pytest.raises(EvidenceError, match="assay signature accept-ledger"):
        sign_head(Ledger(folder / "ledger.jsonl"))


def test_an_unsigned_ledger_is_a_difference_for_whoever_names_a_key(released, public_key, tmp_path):
    folder, _ = released
    shutil.copy(public_key, tmp_path / "as-given.toml")
    assert "The ledger is not signed" in differences(folder, public_key=tmp_path / "as-given.toml")[0]


def test_the_key_holder_can_accept_a_folder_restored_from_a_backup(released, public_key, tmp_path):
    folder, _ = released
    ledger = Ledger(folder / "ledger.jsonl")
    sign_head(ledger)
    shutil.copytree(folder, tmp_path / "copy")
    log_unlocked_text(folder)
    sign_head(ledger)
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "copy", folder)
    with pytest.raises(EvidenceError, match="assay signature accept-ledger"):
        sign_head(ledger)
    accept_ledger(folder, person_code="I01", reason_text="Restored from the backup of Monday.")
    assert differences(folder, public_key=public_key) == []
    assert ledger.entries()[-1].about["why"] == "Restored from the backup of Monday."
    with lock_folder(folder):
        log_unlocked_text(folder)


def test_a_ledger_with_a_broken_chain_cannot_be_accepted(released, public_key):
    folder, _ = released
    path = folder / "ledger.jsonl"
    path.write_bytes(path.read_bytes().replace(b"record level", b"level record"))
    with pytest.raises(EvidenceError, match="Nothing was signed"):
        accept_ledger(folder, person_code="I01", reason_text="It is as it should be.")


def test_a_ledger_cannot_be_accepted_under_a_name(released, public_key):
    with pytest.raises(UsageError, match="never a name"):
        accept_ledger(released[0], person_code="Some Body", reason_text="Restored from the backup of Monday.")


def test_a_later_signature_by_a_colleague_is_no_difference(released, tmp_path, monkeypatch):
    folder, _ = released
    ledger = Ledger(folder / "ledger.jsonl")
    monkeypatch.delenv(KEY_SETTING)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "mine"))
    make_signing_keys(tmp_path / "mine" / "assay")
    sign_head(ledger)
    log_unlocked_text(folder)
    monkeypatch.setenv(KEY_SETTING, str(make_signing_keys(tmp_path / "colleague")[0]))
    sign_head(ledger)
    monkeypatch.delenv(KEY_SETTING)
    assert differences(folder) == []
    assert "which was not checked" in describe_signature(folder)
    remove_last_lines(folder, lines=2)
    assert any("signed-heads.jsonl" in difference for difference in differences(folder))


def test_lines_signed_while_the_ledger_is_read_are_no_difference(released, public_key, monkeypatch):
    folder, _ = released
    ledger = Ledger(folder / "ledger.jsonl")
    sign_head(ledger)
    read = Ledger.entries

    def meanwhile(self):
        monkeypatch.setattr(Ledger, "entries", read)
        entries = read(self)
        log_unlocked_text(folder)
        sign_head(ledger)
        return entries

    monkeypatch.setattr(Ledger, "entries", meanwhile)
    assert list(signature_errors(ledger, find_verification_key(folder, public_key))) == []


@pytest.mark.parametrize("error", [RuntimeError("Could not determine home directory."), PermissionError(13, "closed")])
def test_a_user_without_a_home_folder_can_work_unsigned(released, monkeypatch, error):
    def unreachable():
        raise error

    folder, _ = released
    monkeypatch.delenv(KEY_SETTING)
    monkeypatch.setattr("assay.engine.provenance.ledger_signatures.settings_folder", unreachable)
    with lock_folder(folder):
        log_unlocked_text(folder)
    assert differences(folder) == []


def test_an_unwritable_signature_log_stops_a_command_before_it_writes(released, public_key, monkeypatch):
    folder, _ = released
    monkeypatch.setattr("assay.engine.provenance.ledger_signatures.os.access", lambda path, mode: mode != os.W_OK)
    with pytest.raises(UsageError, match="cannot be written"), lock_folder(folder):
        log_unlocked_text(folder)
    assert len(Ledger(folder / "ledger.jsonl").entries()) == 5


def test_only_the_latest_signature_in_a_long_log_is_verified(released, public_key, monkeypatch):
    from assay.engine.provenance import ledger_signatures

    folder, _ = released
    ledger = Ledger(folder / "ledger.jsonl")
    for _ in range(5):
        log_unlocked_text(folder)
        sign_head(ledger)
    checked = []
    monkeypatch.setattr(
        ledger_signatures, "is_signed_by", lambda *arguments: checked.append(arguments) or is_signed_by(*arguments)
    )
    assert differences(folder, public_key=public_key) == []
    assert len(checked) == 2


# The keys


def test_a_private_key_in_the_folder_of_the_inspection_is_refused(released, monkeypatch):
    folder, _ = released
    monkeypatch.setenv(KEY_SETTING, str(make_signing_keys(folder / "keys")[0]))
    with pytest.raises(UsageError, match="the folder that it signs"):
        sign_head(Ledger(folder / "ledger.jsonl"))


def test_a_public_key_in_the_folder_of_the_inspection_is_refused(released, public_key):
    folder, _ = released
    shutil.copy(public_key, folder / public_key.name)
    with pytest.raises(UsageError, match="the folder that it should verify"):
        verify(folder, public_key=folder / public_key.name)


def test_a_missing_private_key_stops_a_command_before_it_writes(released, monkeypatch, tmp_path):
    folder, _ = released
    monkeypatch.setenv(KEY_SETTING, str(tmp_path / "nowhere.toml"))
    with pytest.raises(UsageError, match="which does not exist"), lock_folder(folder):
        log_unlocked_text(folder)
    assert len(Ledger(folder / "ledger.jsonl").entries()) == 5


def test_the_key_in_the_users_settings_signs_and_verifies_by_default(released, monkeypatch, tmp_path):
    folder, _ = released
    monkeypatch.delenv(KEY_SETTING)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert sign_head(Ledger(folder / "ledger.jsonl")) is None
    make_signing_keys(tmp_path / "config" / "assay")
    sign_head(Ledger(folder / "ledger.jsonl"))
    assert "are signed with the key" in describe_signature(folder)
    (folder / SIGNED_HEAD).unlink()
    assert len(differences(folder)) == 1
    assert (tmp_path / "config" / "assay" / SIGNATURE_LOG).stat().st_mode & 0o077 == 0


def test_nothing_is_signed_while_signing_is_off(released, public_key):
    folder, _ = released
    with without_signing():
        assert sign_head(Ledger(folder / "ledger.jsonl")) is None
    assert not (folder / SIGNED_HEAD).exists()


def test_the_public_key_beside_the_private_key_verifies_by_default(released, public_key):
    folder, _ = released
    log_unlocked_text(folder)
    sign_head(Ledger(folder / "ledger.jsonl"))
    assert "are signed with the key" in describe_signature(folder)
    (folder / SIGNED_HEAD).unlink()
    assert "is missing" in differences(folder)[0]
