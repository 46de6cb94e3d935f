"""An attacker who can write in the folder of an inspection is found by the seal that was printed, or by the signature.

The folder is small: one return, what was counted of it, what was released and the page; each attack makes receipts and
ledger agree with one another again.
"""

import json
import os
import shutil
from dataclasses import asdict

import pyarrow as pa
import pytest

from assay.errors import EvidenceError, UsageError
from assay.evidence import (
    EventKind,
    Ledger,
    Receipt,
    alone,
    file_hash,
    read_receipt,
    seal_of,
    settings_in_words,
    sign_head,
    signature_in_words,
    stages_listed,
    verify,
    without_signing,
    write_stage,
)
from assay.evidence.heads import KEY_SETTING, REGISTER, SIGNED_HEAD, accept_ledger, head_differences, trusted_key
from assay.evidence.ledger import FIRST, Entry
from assay.evidence.stages import RECEIPT, hashes_of
from assay.sealing import make_signing_keys
from assay.sealing.signature import is_signed_by

CRIMES = pa.table({"crime_ref": ["c1", "c2", "c3"], "charged": [True, False, False]})
FORGED = pa.table({"crime_ref": ["c1", "c2", "c3"], "charged": [True, True, True]})
COUNTED = pa.table({"place_code": ["INV01"], "charged": [1]})
STAGES = {"returns/INV01/edition_1": None, "records": "returns/INV01/edition_1", "disclosure": "records"}
RETURN, LAST = "returns/INV01/edition_1", "disclosure"


def table_of(stage: str) -> pa.Table:
    return CRIMES if stage == RETURN else COUNTED


def inspection_in(folder, *, listed=True):
    """An inspection that was released; gives the seal that its report prints."""
    folder.mkdir(parents=True)
    (folder / "inspection.toml").write_text('format_version = "1"\nused_until = 2027-03-31\n')
    ledger = Ledger(folder / "ledger.jsonl")
    settings = file_hash(folder / "inspection.toml")
    ledger.append(EventKind.INSPECTION_MADE, request="T", format_version="1", settings=settings)
    receipts = {}
    for stage, before in STAGES.items():
        if stage == LAST:
            seal = seal_of(receipts)
            about = {"sealed": stages_listed(receipts)} if listed else {}
            ledger.append(EventKind.RELEASED, policy="record level", tables=1, seal=seal, **about)
        inputs = {f"{before}/t.parquet": receipts[before].outputs["t.parquet"]} if before else {"sent/a.csv": "f" * 64}
        rows = table_of(stage).num_rows
        receipts[stage] = write_stage(
            folder, stage, {"t": table_of(stage)}, ledger=ledger, inputs=inputs, taken=rows, passed_on=rows
        )
    return seal


@pytest.fixture
def printed(tmp_path):
    """The folder, and the seal that was printed of it."""
    folder = tmp_path / "inspection"
    return folder, inspection_in(folder)


@pytest.fixture
def keys(tmp_path, monkeypatch):
    """A key for signing outside the folder, as the environment names it; gives the file of the public key."""
    keep, public = make_signing_keys(tmp_path / "keys")
    monkeypatch.setenv(KEY_SETTING, str(keep))
    return public


def chained_anew(folder, entries) -> None:
    """Write the ledger as if these events had been the true ones."""
    before, lines = FIRST, []
    for number, one in enumerate(entries, 1):
        bare = Entry(number, one.at, one.kind, dict(one.about), before, "")
        done = Entry(**{**asdict(bare), "hash": bare.worked_out_hash()})
        lines.append(done.line())
        before = done.hash
    (folder / "ledger.jsonl").write_bytes(b"".join(lines))


def forged(folder, stage, table, name="t") -> None:
    """Change a table, its receipt, all receipts that read it, and the ledger, so that all of them agree."""
    import pyarrow.parquet as pq

    pq.write_table(table, folder / stage / f"{name}.parquet")
    given: dict[str, str] = {}
    hashes: dict[str, str] = {}
    for one in STAGES:
        was = read_receipt(folder, one)
        inputs = {path: given.get(path, value) for path, value in was.inputs.items()}
        now = Receipt(**{**vars(was), "inputs": inputs, "outputs": hashes_of(folder / one)})
        (folder / one / RECEIPT).write_text(now.to_json())
        given |= {f"{one}/{path}": value for path, value in now.outputs.items()}
        hashes[one] = now.hash
    entries = Ledger(folder / "ledger.jsonl").entries()
    told = [{**one.about, "receipt": hashes[one.about["stage"]]} if "receipt" in one.about else one.about for one in entries]
    chained_anew(folder, [Entry(**{**asdict(one), "about": about}) for one, about in zip(entries, told, strict=True)])


def said(folder, **told) -> list[str]:
    return [one.sentence for one in verify(folder, **told)]


def cut(folder, lines=1) -> None:
    ledger = folder / "ledger.jsonl"
    ledger.write_bytes(b"".join(ledger.read_bytes().splitlines(keepends=True)[:-lines]))


def unlock(folder) -> None:
    Ledger(folder / "ledger.jsonl").append(EventKind.TEXT_UNLOCKED, who="I01", body="INV01", entry="x", why="a reason")


# The seal that was printed


def test_the_printed_seal_is_recomputed_from_the_receipts_of_an_untouched_folder(printed):
    folder, seal = printed
    assert said(folder, head=seal) == []
    assert said(folder, head=seal.upper() + "\n") == []


@pytest.mark.parametrize(("stage", "table"), [(RETURN, FORGED), ("records", COUNTED.set_column(1, "charged", [[3]]))])
def test_a_forged_table_whose_receipts_and_ledger_agree_does_not_give_the_printed_seal(printed, stage, table):
    folder, seal = printed
    forged(folder, stage, table)
    assert said(folder) == []  # the folder agrees with itself: only what was printed elsewhere tells
    assert said(folder, head=seal) == [
        f"The receipts that lie here do not give the seal {seal[:12]}: a stage that it covers was changed, with its "
        "receipt, since it was printed."
    ]


def test_a_list_of_sealed_stages_that_leaves_out_the_forged_one_does_not_help(printed):
    folder, seal = printed
    forged(folder, RETURN, FORGED)
    entries = Ledger(folder / "ledger.jsonl").entries()
    for listed in ("records", "", "disclosure", "nothing"):
        about = [{**one.about, "sealed": listed} if "sealed" in one.about else one.about for one in entries]
        chained_anew(folder, [Entry(**{**asdict(o), "about": a}) for o, a in zip(entries, about, strict=True)])
        assert len(said(folder, head=seal)) == 1


def test_a_seal_of_a_folder_that_noted_no_list_of_stages_is_recomputed_all_the_same(tmp_path):
    seal = inspection_in(tmp_path / "earlier", listed=False)
    assert said(tmp_path / "earlier", head=seal) == []
    forged(tmp_path / "earlier", RETURN, FORGED)
    assert len(said(tmp_path / "earlier", head=seal)) == 1


def test_what_is_taken_in_after_the_release_leaves_the_printed_seal_as_it_was(printed):
    folder, seal = printed
    write_stage(
        folder, "returns/INV02/edition_1", {"t": CRIMES}, ledger=Ledger(folder / "ledger.jsonl"),
        inputs={"sent/b.csv": "e" * 64}, taken=3, passed_on=3,
    )  # fmt: skip
    assert said(folder, head=seal) == []


def test_a_seal_of_an_edition_before_is_told_from_one_that_was_forged(printed):
    folder, seal = printed
    ledger = Ledger(folder / "ledger.jsonl")
    receipts = {stage: read_receipt(folder, stage) for stage in (RETURN, "records")}
    receipts["records"] = write_stage(
        folder, "records", {"t": COUNTED.slice(0, 0)}, ledger=ledger, inputs=dict(receipts["records"].inputs), taken=0, passed_on=0
    )
    later = seal_of(receipts)
    ledger.append(EventKind.RELEASED, policy="record level", tables=1, seal=later, sealed=stages_listed(receipts))
    assert said(folder, head=later) == ["disclosure read another records/t.parquet than the one that is here: run it again."]
    assert any(f"released since, under the seal {later[:12]}" in one for one in said(folder, head=seal))


def test_a_sealed_stage_that_was_written_again_is_named_and_its_seal_no_longer_holds(printed):
    folder, seal = printed
    write_stage(
        folder, "records", {"t": COUNTED.slice(0, 0)}, ledger=Ledger(folder / "ledger.jsonl"),
        inputs=dict(read_receipt(folder, "records").inputs), taken=0, passed_on=0,
    )  # fmt: skip
    assert any("that records was written again since" in one for one in said(folder, head=seal))


# The settings


def test_a_changed_last_day_of_use_is_found(printed):
    folder, _ = printed
    text = (folder / "inspection.toml").read_text()
    (folder / "inspection.toml").write_text(text.replace("2027", "2037"))
    assert [one.where for one in verify(folder)] == ["inspection.toml"]
    (folder / "inspection.toml").unlink()
    assert said(folder) == ["inspection.toml is missing: nothing says what was asked, for what and until when."]


def test_settings_that_were_noted_after_they_were_changed_hold(printed):
    folder, _ = printed
    (folder / "inspection.toml").write_text('format_version = "1"\nused_until = 2028-03-31\n')
    settings = file_hash(folder / "inspection.toml")
    Ledger(folder / "ledger.jsonl").append(EventKind.DECLARED, tables=0, hash="a", settings=settings)
    assert said(folder) == []


def test_settings_that_were_changed_and_noted_are_named_for_a_person_to_look_at(printed):
    """An edit that the owner's next command notes and signs must not pass unseen."""
    folder, _ = printed
    assert settings_in_words(folder) == ""
    (folder / "inspection.toml").write_text('format_version = "1"\nused_until = 2028-03-31\n')
    settings = file_hash(folder / "inspection.toml")
    entry = Ledger(folder / "ledger.jsonl").append(EventKind.DECLARED, tables=0, hash="a", settings=settings)
    assert f"at line {entry.number}. Ask who changed it" in settings_in_words(folder)


# The signature


def test_an_unsigned_ledger_is_no_difference_and_is_said_to_be_unsigned(printed):
    folder, _ = printed
    assert said(folder) == []
    assert "unsigned" in signature_in_words(folder)


def test_a_signed_ledger_says_whose_and_up_to_which_line(printed, keys, monkeypatch):
    folder, _ = printed
    head = sign_head(Ledger(folder / "ledger.jsonl"))
    assert said(folder, public_key=keys) == []
    assert signature_in_words(folder, public_key=keys) == (
        f"Lines 1 to 5 of 5 of the ledger are signed with the key {head.key}."
    )
    monkeypatch.setenv(KEY_SETTING, "")  # somebody else, who has no key
    assert "was not checked" in signature_in_words(folder)
    unlock(folder)
    assert "The lines after it (1) are unsigned." in signature_in_words(folder, public_key=keys)
    assert said(folder, public_key=keys) == []


def test_a_stage_that_was_written_after_the_last_signature_is_named(printed, keys):
    folder, _ = printed
    ledger = Ledger(folder / "ledger.jsonl")
    sign_head(ledger)
    write_stage(folder, "records", {"t": FORGED}, ledger=ledger, taken=3, passed_on=3)
    assert "are unsigned: by them was written records." in signature_in_words(folder, public_key=keys)


def test_an_unlocked_text_that_is_cut_from_the_ledger_is_found(printed, keys):
    folder, _ = printed
    unlock(folder)
    sign_head(Ledger(folder / "ledger.jsonl"))
    cut(folder)
    gone = "The ledger ends at line 5, and ledger-head.json was signed at line 6: the last line is gone."
    assert said(folder) == [gone]
    assert said(folder, public_key=keys) == [gone]


def test_a_cut_ledger_that_goes_on_with_other_lines_is_found(printed, keys):
    folder, _ = printed
    unlock(folder)
    sign_head(Ledger(folder / "ledger.jsonl"))
    cut(folder)
    Ledger(folder / "ledger.jsonl").append(EventKind.MANUAL, who="x", what="y", why="z")
    assert said(folder, public_key=keys) == [
        "Line 6 of the ledger is not the line that ledger-head.json was signed at: it was written anew."
    ]


def test_an_older_signature_put_back_with_its_ledger_is_found_by_the_register_of_the_key(printed, keys, monkeypatch):
    folder, _ = printed
    ledger = Ledger(folder / "ledger.jsonl")
    sign_head(ledger)
    older = {name: (folder / name).read_bytes() for name in ("ledger.jsonl", SIGNED_HEAD)}
    unlock(folder)
    sign_head(ledger)
    for name, content in older.items():
        (folder / name).write_bytes(content)
    monkeypatch.setenv(KEY_SETTING, "")  # somebody else: without the register nothing shows it
    assert said(folder) == []
    assert said(folder, public_key=keys) == [
        "The ledger ends at line 5, and signed-heads.jsonl was signed at line 6: the last line is gone."
    ]


def test_a_signature_that_was_taken_away_is_missed_by_the_register_of_the_key(printed, keys):
    folder, _ = printed
    sign_head(Ledger(folder / "ledger.jsonl"))
    (folder / SIGNED_HEAD).unlink()
    assert said(folder, public_key=keys) == [
        "ledger-head.json is missing; signed-heads.jsonl says that the ledger of this folder was signed."
    ]


def test_a_ledger_chained_anew_and_signed_with_another_key_is_refused(printed, keys, tmp_path, monkeypatch):
    folder, _ = printed
    sign_head(Ledger(folder / "ledger.jsonl"))
    forged(folder, RETURN, FORGED)
    (folder / SIGNED_HEAD).unlink()
    monkeypatch.setenv(KEY_SETTING, str(make_signing_keys(tmp_path / "attacker")[0]))
    sign_head(Ledger(folder / "ledger.jsonl"))
    assert any("was not signed with the key" in one for one in said(folder, public_key=keys))


@pytest.mark.parametrize(
    ("name", "other"), [("hash", "0" * 64), ("number", 2), ("signature", "AAAA"), ("signature", "no base64 ü"), ("key", "0" * 12)]
)
def test_a_signature_that_was_altered_in_any_part_is_found(printed, keys, name, other):
    folder, _ = printed
    sign_head(Ledger(folder / "ledger.jsonl"))
    head = json.loads((folder / SIGNED_HEAD).read_text())
    (folder / SIGNED_HEAD).write_text(json.dumps({**head, name: other}))
    found = said(folder, public_key=keys)
    assert found if name != "key" else found == []  # the name of a key is a label: the key itself is what is checked


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"number": "x"}', "\x00"])
def test_a_signature_that_cannot_be_read_is_a_difference_and_no_traceback(printed, text):
    folder, _ = printed
    (folder / SIGNED_HEAD).write_text(text)
    assert said(folder) == ["ledger-head.json cannot be read as the signature of a ledger."]
    assert signature_in_words(folder)


def test_whoever_holds_the_folder_signs_the_ledger_at_the_end(printed, keys):
    folder, _ = printed
    with alone(folder):
        unlock(folder)
    assert "Lines 1 to 6 of 6" in signature_in_words(folder, public_key=keys)


def test_nothing_more_is_written_on_a_ledger_that_is_not_the_one_that_was_signed(printed, keys):
    folder, _ = printed
    unlock(folder)
    sign_head(Ledger(folder / "ledger.jsonl"))
    cut(folder)
    with pytest.raises(EvidenceError, match="the last line is gone"), alone(folder):
        pass
    with pytest.raises(EvidenceError, match="Nothing was signed"):
        sign_head(Ledger(folder / "ledger.jsonl"))


def test_a_signed_ledger_whose_signature_was_taken_away_is_not_signed_anew(printed, keys):
    folder, _ = printed
    unlock(folder)
    sign_head(Ledger(folder / "ledger.jsonl"))
    cut(folder)
    (folder / SIGNED_HEAD).unlink()
    with pytest.raises(EvidenceError, match="is missing"):
        sign_head(Ledger(folder / "ledger.jsonl"))


def test_an_inspection_that_is_made_anew_in_the_same_place_is_signed_as_another(printed, keys):
    folder, _ = printed
    sign_head(Ledger(folder / "ledger.jsonl"))
    shutil.rmtree(folder)
    ledger = Ledger(folder / "ledger.jsonl")
    folder.mkdir()
    (folder / "inspection.toml").write_text("format_version = 1\n")
    ledger.append(EventKind.INSPECTION_MADE, request="T", format_version="1")
    sign_head(ledger)
    write_stage(folder, LAST, {"t": COUNTED}, ledger=ledger, inputs={}, taken=1, passed_on=1)
    sign_head(ledger)
    assert said(folder, public_key=keys) == []


def test_a_ledger_written_anew_from_its_first_line_is_not_signed_in_the_place_of_another(printed, keys):
    folder, _ = printed
    sign_head(Ledger(folder / "ledger.jsonl"))
    shutil.rmtree(folder)
    inspection_in(folder)
    assert "says that another ledger was signed in this folder" in " ".join(said(folder, public_key=keys))
    with pytest.raises(EvidenceError, match="assay accept-ledger"):
        sign_head(Ledger(folder / "ledger.jsonl"))


def test_a_named_key_does_not_find_an_unsigned_ledger_good(printed, keys, tmp_path):
    folder, _ = printed
    shutil.copy(keys, tmp_path / "as-given.toml")
    assert "The ledger is unsigned" in said(folder, public_key=tmp_path / "as-given.toml")[0]


def test_a_folder_restored_from_a_copy_is_accepted_on_the_word_of_whoever_holds_the_key(printed, keys, tmp_path):
    folder, _ = printed
    ledger = Ledger(folder / "ledger.jsonl")
    sign_head(ledger)
    shutil.copytree(folder, tmp_path / "copy")
    unlock(folder)
    sign_head(ledger)
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "copy", folder)
    with pytest.raises(EvidenceError, match="assay accept-ledger"):
        sign_head(ledger)
    accept_ledger(folder, who="I01", why="Restored from the copy of Monday.")
    assert said(folder, public_key=keys) == []
    assert ledger.entries()[-1].about["why"] == "Restored from the copy of Monday."
    with alone(folder):
        unlock(folder)


def test_a_broken_chain_is_accepted_by_nobody(printed, keys):
    folder, _ = printed
    path = folder / "ledger.jsonl"
    path.write_bytes(path.read_bytes().replace(b"record level", b"level record"))
    with pytest.raises(EvidenceError, match="Nothing was signed"):
        accept_ledger(folder, who="I01", why="It is as it should be.")


def test_a_ledger_is_accepted_by_a_code_with_a_reason(printed, keys):
    with pytest.raises(UsageError, match="never by a name"):
        accept_ledger(printed[0], who="Some Body", why="Restored from the copy of Monday.")


def test_a_colleague_who_signed_last_with_another_key_is_no_difference(printed, tmp_path, monkeypatch):
    folder, _ = printed
    ledger = Ledger(folder / "ledger.jsonl")
    monkeypatch.delenv(KEY_SETTING)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "mine"))
    make_signing_keys(tmp_path / "mine" / "assay")
    sign_head(ledger)
    unlock(folder)
    monkeypatch.setenv(KEY_SETTING, str(make_signing_keys(tmp_path / "colleague")[0]))
    sign_head(ledger)
    monkeypatch.delenv(KEY_SETTING)
    assert said(folder) == []
    assert "which was not checked" in signature_in_words(folder)
    cut(folder, lines=2)
    assert any("signed-heads.jsonl" in one for one in said(folder))


def test_lines_signed_by_another_process_while_the_ledger_is_read_are_no_attack(printed, keys, monkeypatch):
    folder, _ = printed
    ledger = Ledger(folder / "ledger.jsonl")
    sign_head(ledger)
    read = Ledger.entries

    def meanwhile(self):
        monkeypatch.setattr(Ledger, "entries", read)
        entries = read(self)
        unlock(folder)
        sign_head(ledger)
        return entries

    monkeypatch.setattr(Ledger, "entries", meanwhile)
    assert list(head_differences(ledger, trusted_key(folder, keys))) == []


@pytest.mark.parametrize("fault", [RuntimeError("Could not determine home directory."), PermissionError(13, "closed")])
def test_a_user_without_a_home_signs_nothing_and_is_not_stopped(printed, monkeypatch, fault):
    def unreachable():
        raise fault

    folder, _ = printed
    monkeypatch.delenv(KEY_SETTING)
    monkeypatch.setattr("assay.evidence.heads.settings_folder", unreachable)
    with alone(folder):
        unlock(folder)
    assert said(folder) == []


def test_a_register_that_cannot_be_written_is_told_before_anything_is_done(printed, keys, monkeypatch):
    folder, _ = printed
    monkeypatch.setattr("assay.evidence.heads.os.access", lambda path, mode: mode != os.W_OK)
    with pytest.raises(UsageError, match="cannot be written"), alone(folder):
        unlock(folder)
    assert len(Ledger(folder / "ledger.jsonl").entries()) == 5


def test_only_the_last_signature_in_a_long_register_is_checked(printed, keys, monkeypatch):
    from assay.evidence import heads

    folder, _ = printed
    ledger = Ledger(folder / "ledger.jsonl")
    for _ in range(5):
        unlock(folder)
        sign_head(ledger)
    checked = []
    monkeypatch.setattr(heads, "is_signed_by", lambda *told: checked.append(told) or is_signed_by(*told))
    assert said(folder, public_key=keys) == []
    assert len(checked) == 2


# The keys


def test_a_private_key_in_the_folder_of_the_inspection_signs_nothing(printed, monkeypatch):
    folder, _ = printed
    monkeypatch.setenv(KEY_SETTING, str(make_signing_keys(folder / "keys")[0]))
    with pytest.raises(UsageError, match="the folder that it signs"):
        sign_head(Ledger(folder / "ledger.jsonl"))


def test_a_public_key_from_the_folder_that_it_vouches_for_is_refused(printed, keys):
    folder, _ = printed
    shutil.copy(keys, folder / keys.name)
    with pytest.raises(UsageError, match="which it vouches for"):
        verify(folder, public_key=folder / keys.name)


def test_a_key_that_is_named_and_not_there_is_told_before_anything_is_written(printed, monkeypatch, tmp_path):
    folder, _ = printed
    monkeypatch.setenv(KEY_SETTING, str(tmp_path / "nowhere.toml"))
    with pytest.raises(UsageError, match="which is not there"), alone(folder):
        unlock(folder)
    assert len(Ledger(folder / "ledger.jsonl").entries()) == 5


def test_the_key_in_the_users_settings_signs_and_checks_without_being_named(printed, monkeypatch, tmp_path):
    folder, _ = printed
    monkeypatch.delenv(KEY_SETTING)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert sign_head(Ledger(folder / "ledger.jsonl")) is None
    make_signing_keys(tmp_path / "config" / "assay")
    sign_head(Ledger(folder / "ledger.jsonl"))
    assert "are signed with the key" in signature_in_words(folder)
    (folder / SIGNED_HEAD).unlink()
    assert len(said(folder)) == 1
    assert (tmp_path / "config" / "assay" / REGISTER).stat().st_mode & 0o077 == 0


def test_work_on_a_copy_is_not_signed(printed, keys):
    folder, _ = printed
    with without_signing():
        assert sign_head(Ledger(folder / "ledger.jsonl")) is None
    assert not (folder / SIGNED_HEAD).exists()


def test_the_public_key_beside_the_named_key_checks_without_being_named(printed, keys):
    folder, _ = printed
    unlock(folder)
    sign_head(Ledger(folder / "ledger.jsonl"))
    assert "are signed with the key" in signature_in_words(folder)
    (folder / SIGNED_HEAD).unlink()
    assert "is missing" in said(folder)[0]
