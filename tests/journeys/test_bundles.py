"""Does a bundle give the same results as its return, without names, and is destroyed content gone?"""

import io
import os
import re
import shutil
import tomllib
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from injected_marks import BORN, FILES_NAMED, MARKS, NOTE, REFERENCE, SURNAME, found_in, plant, plant_signs

from assay.engine.provenance import EventKind, Ledger, list_destructions, read_stage, verify
from assay.errors import PurposeRefused, UsageError
from assay.indicators.indicator_catalogue import find_form
from assay.ingest.accepted_returns import current_returns
from assay.ingest.inspection_folder import new_inspection, open_inspection
from assay.privacy import make_keys, read_keys
from assay.progress import progress_display
from assay.reference import code_lists
from assay.synthetic import read_world
from assay.synthetic.demo import generate_returns
from assay.workflows.judge.answer_cards import show_answers
from assay.workflows.receive.bundle_writer import make_bundle
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.retire.retirement import destroy_due, retire, withdraw
from assay.workflows.run.force_answerability import show_answerability
from assay.workflows.run.inspection_pipeline import run_inspection, run_stages
from assay.workflows.urgent import urgent_register as lists
from journeys.declarations import declared, undeclared
from journeys.outputs import text_of
from made_once import FRONT_PAGE, with_pages_only, without_secondary_suppression, without_spreadsheets

ANSWERS = ("ladders", "excluded_records", "counts_by_definition", "wait_medians", "wait_curves")
FORCES = ("INV01", "INV02", "INV03")


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    """Three synthetic forces with injected marks, the request (five crimes are drawn from each), and its keys."""
    folder = tmp_path_factory.mktemp("bundles")
    generate_returns(folder / "sent", world=read_world("plain").sized(forces=3, crimes=25), seed=11)
    assert sum(plant(folder / "sent" / "returns" / force) for force in FORCES) > 500
    assert sum(plant_signs(folder / "sent" / "returns" / force) for force in FORCES) > 20
    request = folder / "sent" / "request.toml"
    text = request.read_text().replace("sample_files = 0", "sample_files = 5")
    request.write_text(text.replace('sample_seed = ""', 'sample_seed = "acorn"'))
    make_keys(folder / "keys", tomllib.loads(request.read_text())["request"]["key"])
    return folder


@pytest.fixture(scope="module")
def bundle_summaries(country):
    """What was said of the bundle of each force when it was made; the second adds a share of its own to the key."""
    shares = {"INV02": country / "own.toml"}
    return {force: bundled(country, force, country / "bundles" / force, share=shares.get(force)) for force in FORCES}


@pytest.fixture(scope="module")
def bundles(country, bundle_summaries):
    return country / "bundles"


def bundled(country, force, out, **options):
    source = country / "sent"
    return make_bundle(
        source / "returns" / force, source / "request.toml", country / "keys" / "senders-keys.toml", out, **options
    )


SPANNING = ("found_group", "suspected_person")  # records that may span forces


def accept_into(country, name, sender_folder, **options):
    """An inspection of what was given, not yet run."""
    folder = country / name
    new_inspection(folder, country / "sent" / "request.toml")
    intake_result = receive_returns(folder, [sender_folder], **options)
    assert intake_result.all_usable
    return folder


def answered_inspection(country, name, sender_folder, **options):
    """An inspection of what was given, of which every record has answered; without a report."""
    folder = accept_into(country, name, sender_folder, **options)
    run_stages(folder, compare_forces=False).stage_runner.end_run()
    return folder


PAGES = (FRONT_PAGE, "forces/index.html", "returns.html", "texts.html")
"""Pages on forces, on what they sent and on their texts; `test_returns_journey.py` reads every page and spreadsheet."""


@pytest.fixture(scope="module")
@without_spreadsheets()
@with_pages_only(*PAGES)
@without_secondary_suppression()
def full_run(country):
    """An inspection of the returns themselves, with its report, and what was printed while it was made."""
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed), progress_display() as progress:
        folder = accept_into(country, "full", country / "sent" / "returns", progress=progress)
        print(*run_inspection(folder, progress=progress).summary_lines(), sep="\n")
    return SimpleNamespace(folder=folder, printed=printed.getvalue())


@pytest.fixture(scope="module")
def full(full_run):
    return full_run.folder


@pytest.fixture(scope="module")
def opened(country, bundles):
    return answered_inspection(country, "opened", bundles, keys=read_keys(country / "keys" / "keys.toml"))


@pytest.fixture(scope="module")
def sealed(country, bundles):
    return answered_inspection(country, "sealed", bundles)


@pytest.fixture
def copy(full, tmp_path):
    """A copy of the run inspection that a test may destroy."""
    shutil.copytree(full, tmp_path / "trial")
    return tmp_path / "trial"


IN_TEXTS = ("narrative_given", "narrative_copied", "harm_said_in_words")
"""What is found in the words of assessments, which stay at the force."""


def answers(folder, table):
    rows = read_stage(folder, "enquiries", table).to_pylist()
    return sorted(str(row) for row in rows if row.get("indicator") not in IN_TEXTS)


@pytest.mark.parametrize("table", ANSWERS)
def test_bundles_give_the_same_indicators_as_the_full_returns(full, opened, table):
    assert answers(full, table) == answers(opened, table)


@pytest.mark.parametrize("table", ANSWERS)
def test_encrypted_bundles_give_the_same_but_for_what_lies_across_forces(full, sealed, table):
    """Without the keys nobody is tied to another force's persons, so what spans two forces falls in two. The force's own
    linkage may join two records that the linkage of all does not (`test_match_probability.py`), but none of these."""

    def inside(folder):
        rows = read_stage(folder, "enquiries", table).to_pylist()
        rows = [row for row in rows if row.get("indicator") not in IN_TEXTS]
        return sorted(str(row) for row in rows if find_form(str(next(iter(row.values())))).record not in SPANNING)

    assert inside(full) == inside(sealed)


def test_a_crime_that_moved_between_forces_is_tied_by_code_as_by_number(full, opened):
    orphans = [
        read_stage(folder, "records", "orphans").drop_columns(["crime_ref"]).to_pylist() for folder in (full, opened)
    ]
    assert orphans[0] == orphans[1]


def test_a_bundle_holds_no_injected_identifier(country, bundles):
    assert set(found_in(country / "sent" / "returns")) >= {SURNAME, BORN, NOTE, REFERENCE}
    for force in FORCES:
        assert found_in(bundles / force) == {}, force


def found_in_summaries(country, folder, force, name):
    """What was found in the summaries of a force, as an inspection holds it; codes told by the force's own table."""
    line_parts = (line.split(",") for line in (country / "bundles" / f"{force}-codes.csv").read_text().splitlines()[1:])
    refs = {code: reference for kind, reference, code in line_parts if kind == "crimes"}
    rows = pq.read_table(next((folder / "returns" / force).rglob(f"{name}.parquet"))).to_pylist()
    return sorted(str(row | {"crime_ref": refs.get(row["crime_ref"], row["crime_ref"])}) for row in rows)


@pytest.mark.parametrize("name", ["scanned", "signs"])
@pytest.mark.parametrize("force", FORCES)
def test_a_bundle_and_the_full_return_say_the_same_of_every_summary(country, full, opened, sealed, force, name):
    found = found_in_summaries(country, full, force, name)
    assert found == found_in_summaries(country, opened, force, name) == found_in_summaries(country, sealed, force, name)


def test_every_summary_is_scanned_or_empty_and_some_hold_signs(opened):
    for force in FORCES:
        edition_folder = opened / "returns" / force / "edition_1"
        rows, summaries = (pq.read_table(edition_folder / f"{name}.parquet") for name in ("scanned", "summaries"))
        states = rows["state"].to_pylist()
        assert states.count("scanned") + states.count("empty") == summaries.num_rows
        # A summary that is neither the third nor without a text holds no sign.
        assert sum(bool(found) for found in rows["signs"].to_pylist()) == len(range(0, summaries.num_rows, 3))


def test_no_word_of_a_summary_is_in_a_bundle(bundles):
    for force in FORCES:
        for name in ("scanned", "signs", "summaries"):
            words = str(pq.read_table(bundles / force / f"{name}.parquet").to_pylist()).lower()
            assert not any(word in words for word in ("carer", "male", "phone", "hours", "hotel", "rang"))
        columns = pq.read_schema(bundles / force / "signs.parquet").names
        assert columns == ["force_code", "crime_ref", "sign", "phrases"]


def test_a_force_may_leave_the_scan_out_and_manifest_receipt_and_answers_say_so(country, tmp_path):
    bundled(country, "INV01", tmp_path / "INV01", scan=False)
    assert tomllib.loads((tmp_path / "INV01" / "bundle.toml").read_text())["bundle"]["summaries"] == "left_out"
    folder = accept_into(country, tmp_path / "trial", tmp_path / "INV01")
    return_result = receive_returns(folder, [tmp_path / "INV01"]).returns[0]
    assert re.search(r"\d+ summaries were not read \(the bundle was made without the scan\)", return_result.sentence())
    rows = pq.read_table(folder / "returns" / "INV01" / "edition_1" / "scanned.parquet").to_pylist()
    assert {(row["state"], row["reason"], row["signs"]) for row in rows} == {("not read", "left_out", None)}
    by_question = {row["question"]: row for row in show_answerability(folder, force="INV01").data["answerability"]}
    assert "the table summaries was sent but not searched (the bundle was made" in by_question["Q19"]["why"]


def test_a_bundle_says_in_its_manifest_that_summaries_were_scanned(bundles):
    scan_states = {
        force: tomllib.loads((bundles / force / "bundle.toml").read_text())["bundle"]["summaries"] for force in FORCES
    }
    summary_counts = {force: pq.read_metadata(bundles / force / "summaries.parquet").num_rows for force in FORCES}
    assert scan_states == {force: "scanned" if rows else "none_came" for force, rows in summary_counts.items()}
    assert scan_states["INV01"] == "scanned"


def read_whole(path):
    return str(pq.read_table(path).to_pylist()) if path.suffix == ".parquet" else path.read_text()


def test_what_was_found_in_summaries_is_told_to_the_force_alone(country, bundle_summaries, full):
    summary_text = " ".join(bundle_summaries["INV01"].summary_lines())
    assert re.search(r"\d+ hold a sign \(a child \d+; an older adult \d+", summary_text)
    assert "Signs in your summaries" in (country / "bundles" / "INV01-letter.html").read_text()
    lists = code_lists()
    for stage_name in ("disclosure", "report"):
        pages = [path for path in (full / stage_name).rglob("*") if path.is_file() and path.stem not in lists]
        assert pages
        texts = [read_whole(page_path) for page_path in pages]
        assert [
            page.name
            for page, text in zip(pages, texts, strict=True)
            if "older_adult" in text or "An older adult" in text
        ] == []


def test_a_whole_run_writes_no_content_of_a_record(full_run):
    """Of a cell that cannot be read, `test_no_content_leaves.py` says the same."""
    contents = [mark for mark in MARKS if mark != REFERENCE]  # the letters to forces name records
    assert "Writing the report" in full_run.printed
    assert [mark for mark in contents if mark in full_run.printed] == []
    paths = [path for path in full_run.folder.rglob("*") if path.is_file()]
    leaving = [path for path in paths if path.suffix != ".parquet" or "disclosure" in path.parts]
    assert {".html", ".json", ".parquet"} <= {path.suffix for path in leaving}
    assert {path.name for path in leaving} >= {Path(page).name for page in PAGES}
    texts = {path.relative_to(full_run.folder).as_posix(): FILES_NAMED.sub("", text_of(path)) for path in leaving}
    assert [name for name, text in texts.items() if any(mark in text for mark in contents)] == []


def test_what_was_sealed_opens_into_parts_of_their_own_and_nowhere_else(opened):
    where = found_in(opened)
    assert {name.split("/")[0] for names in where.values() for name in names} == {"identities", "texts"}
    assert {name.split("/")[0] for name in where[BORN]} == {"identities"}


def test_what_stays_sealed_stands_nowhere(sealed):
    assert found_in(sealed) == {}


def test_texts_are_those_of_the_drawn_crimes_and_nobody_can_choose_them(bundle_summaries, opened):
    assert bundle_summaries["INV01"].texts_of == 5
    notes = pq.read_table(opened / "texts" / "INV01" / "edition_1" / "notes.parquet")["note_ref"].to_pylist()
    rows = pq.read_table(opened / "returns" / "INV01" / "edition_1" / "notes.parquet").to_pylist()
    crimes = {row["crime_ref"] for row in rows if row["note_ref"] in notes}
    assert 0 < len(notes) < len(rows)
    assert 1 <= len(crimes) <= 5
    summaries = pq.read_table(opened / "texts" / "INV01" / "edition_1" / "summaries.parquet")
    assert summaries.num_rows == 0


def test_the_force_finds_a_code_again_in_its_own_table(country, bundles):
    lines = (country / "bundles" / "INV01-codes.csv").read_text().splitlines()
    codes = set(pq.read_table(bundles / "INV01" / "crimes.parquet")["crime_ref"].to_pylist())
    parts = {line.split(",")[2] for line in lines[1:] if line.startswith("crimes,")}
    assert codes <= parts


def test_the_same_reference_has_the_same_code_in_the_next_bundle(country, bundles, tmp_path):
    bundled(country, "INV02", tmp_path / "again", share=country / "own.toml")
    names = ("involvements", "events", "crimes")
    first_hash, other = (
        {n: pq.read_table(f / f"{n}.parquet") for n in names} for f in (bundles / "INV02", tmp_path / "again")
    )
    assert first_hash == other


@pytest.mark.parametrize(
    "name",
    ["crimes.parquet", "identities.sealed", "people.parquet", "scanned.parquet", "signs.parquet", "bundle.toml"],
)
def test_a_bundle_changed_by_one_byte_is_refused_in_a_sentence(country, bundles, tmp_path, name):
    shutil.copytree(bundles / "INV01", tmp_path / "INV01")
    path = tmp_path / "INV01" / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    new_inspection(tmp_path / "trial", country / "sent" / "request.toml")
    keys = read_keys(country / "keys" / "keys.toml")
    refused = receive_returns(tmp_path / "trial", [tmp_path / "INV01"], keys=keys).refused
    assert len(refused) == 1
    assert re.search(rf"{re.escape(name)}.*(not as|cannot be read)", refused[0].refusal)
    assert not (tmp_path / "trial" / "returns").exists()


def test_the_keys_of_another_request_are_told_apart(country, bundles, tmp_path):
    make_keys(tmp_path / "keys", "ANOTHER")
    new_inspection(tmp_path / "trial", country / "sent" / "request.toml")
    refused = receive_returns(
        tmp_path / "trial", [bundles / "INV01"], keys=read_keys(tmp_path / "keys" / "keys.toml")
    ).refused
    assert "made with the keys of another request" in refused[0].refusal
    with pytest.raises(UsageError, match="belongs to the request ANOTHER"):
        make_bundle(
            country / "sent" / "returns" / "INV01",
            country / "sent" / "request.toml",
            tmp_path / "keys" / "senders-keys.toml",
            tmp_path / "out",
        )


def test_no_bundle_is_made_where_the_private_key_lies(country, tmp_path):
    source = country / "sent"
    with pytest.raises(UsageError, match="holds the private key"):
        make_bundle(
            source / "returns" / "INV01", source / "request.toml", country / "keys" / "keys.toml", tmp_path / "out"
        )
    assert list(tmp_path.iterdir()) == []


def test_no_bundle_is_made_for_a_request_whose_days_have_passed(country, tmp_path):
    with pytest.raises(PurposeRefused, match=r"was to be destroyed by 2099-12-31\. A bundle .* can no longer be made"):
        bundled(country, "INV01", tmp_path / "late", today=date(2100, 1, 1))
    assert not (tmp_path / "late").exists()


def test_identities_past_their_last_day_stay_sealed(country, bundles, tmp_path):
    new_inspection(tmp_path / "trial", country / "sent" / "request.toml")
    keys = read_keys(country / "keys" / "keys.toml")
    declared(tmp_path / "trial", "identities", "destroy_by = 2030-01-01")
    declared(tmp_path / "trial", "identities", "used_until = 2030-01-01")
    intake_result = receive_returns(tmp_path / "trial", [bundles / "INV01"], keys=keys, today=date(2030, 1, 2))
    assert "past its last day: identities" in intake_result.returns[0].sentence()
    assert not (tmp_path / "trial" / "identities").exists()
    assert (tmp_path / "trial" / "texts").exists()


def test_a_bundle_with_a_table_that_is_not_declared_leaves_nothing_behind(country, bundles, tmp_path):
    new_inspection(tmp_path / "trial", country / "sent" / "request.toml")
    undeclared(tmp_path / "trial", "events")
    keys = read_keys(country / "keys" / "keys.toml")
    refused = receive_returns(tmp_path / "trial", [bundles / "INV01"], keys=keys).refused
    assert "events.parquet (R61): This inspection does not declare the table events" in refused[0].refusal
    assert found_in(tmp_path / "trial") == {}


def test_what_is_not_declared_of_identities_and_texts_is_not_opened_and_not_kept(country, bundles, tmp_path):
    keys = read_keys(country / "keys" / "keys.toml")
    for name, sender_folder in (("coded", bundles / "INV01"), ("whole", country / "sent" / "returns" / "INV01")):
        new_inspection(tmp_path / name, country / "sent" / "request.toml")
        undeclared(tmp_path / name, "texts")
        declared(tmp_path / name, "identities", 'legal_basis = ""')
        intake_result = receive_returns(tmp_path / name, [sender_folder], keys=keys)
        assert intake_result.all_usable
        places = {file.split("/")[0] for names in found_in(tmp_path / name).values() for file in names}
        assert places <= {"returns"}
        scanned = pq.read_table(next((tmp_path / name / "returns").rglob("scanned.parquet")))
        assert set(scanned["reason"].to_pylist()) == {"not_declared"}
        assert pq.read_table(next((tmp_path / name / "returns").rglob("signs.parquet"))).num_rows == 0
        assert not {SURNAME, BORN, NOTE} & (set(found_in(tmp_path / name)) - {SURNAME})


def test_identities_that_are_not_declared_for_linkage_make_nobody_the_same_and_nobody_old(country, tmp_path):
    request = tmp_path / "request.toml"
    shutil.copy(country / "sent" / "request.toml", request)
    declared(tmp_path, "identities", 'purposes = ["texts"]', file="request.toml")
    declared(tmp_path, "texts", 'purposes = ["texts"]', file="request.toml")
    keys = country / "keys" / "senders-keys.toml"
    bundle_made = make_bundle(country / "sent" / "returns" / "INV01", request, keys, tmp_path / "INV01")
    people = pq.read_table(tmp_path / "INV01" / "people.parquet")
    assert people["age_at_report"].null_count == people.num_rows
    assert bundle_made.texts_of == 0


def test_an_edition_that_is_held_as_a_full_return_does_not_come_again_as_a_bundle(copy, bundles):
    refused = receive_returns(copy, [bundles / "INV01"]).refused
    assert "edition 1 of INV01 was accepted as a full return. Withdraw it first" in refused[0].refusal


# Permission


@pytest.mark.parametrize(
    ("table", "line", "message"),
    [
        ("crimes", 'purposes = ["linkage"]', "the run would read crimes for facts .* declared for linkage only"),
        ("crimes", "used_until = 2020-01-01", "might be used until 2020-01-01, and that day has passed"),
        ("identities", 'purposes = ["texts"]', "persons would read identities for linkage"),
    ],
)
def test_a_stage_that_would_read_a_table_outside_its_purpose_stops(copy, table, line, message):
    shutil.rmtree(copy / "persons")
    shutil.rmtree(copy / "records")
    declared(copy, table, line)
    with pytest.raises(PurposeRefused, match=message):
        run_inspection(copy)


def test_a_table_past_its_last_day_is_read_by_nobody_and_the_sentence_says_what_to_do(copy):
    shutil.rmtree(copy / "records")
    with pytest.raises(
        PurposeRefused, match=r"was to be destroyed by 2099-12-31. Do that now: assay inspect retire .* --due"
    ):
        run_inspection(copy, today=date(2100, 1, 1))


def test_a_run_that_is_refused_leaves_no_trace_and_no_stage_is_kept_or_shown(copy):
    declared(copy, "events", 'purposes = ["texts"]')
    entries = len(Ledger(copy / "ledger.jsonl").entries())
    for second_attempt in (
        lambda: run_inspection(copy),
        lambda: show_answers("told_of_arrest", force="", answer="", folder=copy, csv_path=None),
    ):
        with pytest.raises(PurposeRefused, match="the run would read events for facts"):
            second_attempt()
    kinds = [entry.kind for entry in Ledger(copy / "ledger.jsonl").entries()[entries:]]
    assert kinds == ["declared"]
    assert verify(copy) == []


def test_a_table_with_a_name_in_it_stops_every_stage_after_persons(copy):
    path = next((copy / "returns" / "INV01").rglob("involvements.parquet"))
    rows = pq.read_table(path)
    pq.write_table(rows.append_column("surname", pa.array(["Example"] * rows.num_rows)), path)
    os.utime(path, (0, 0))  # a file younger than its receipt is refused before anybody asks what it holds
    shutil.rmtree(copy / "records")
    with pytest.raises(PurposeRefused, match=r"which holds surname\. No stage after record linkage may read"):
        run_inspection(copy)


# The end


def test_a_return_that_is_withdrawn_is_gone_with_all_that_was_made_of_it(copy):
    urgent = [
        lists.write_register(copy, lists.Register(force_code, 1, "2026-08-03")) for force_code in ("INV01", "INV02")
    ]
    withdraw(copy, "INV01")
    assert [path.is_file() for path in urgent] == [False, True]
    assert [
        path for path in (copy / "returns" / "INV01").rglob("*") if path.is_file() and path.name != "receipt.json"
    ] == []
    assert [path.name for path in (copy / "records").iterdir()] == ["receipt.json"]
    assert verify(copy) == []
    withdrawn = re.compile(r"returns/INV01/edition_1: \d+ files destroyed on .* Withdrawn by its sender\.")
    assert any(map(withdrawn.match, list_destructions(copy)))
    with without_secondary_suppression(), without_spreadsheets(), with_pages_only(FRONT_PAGE):
        done = run_inspection(copy)
    assert (done.returns, verify(copy)) == (2, [])
    assert {row["force_code"] for row in read_stage(copy, "records", "crime").to_pylist()} == {"INV02", "INV03"}


def files_of(folder):
    """Every file but the ledger, which says when."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if name != "ledger.jsonl"}


def test_a_withdrawal_that_was_killed_half_way_is_finished_by_the_next(copy, full, tmp_path, monkeypatch):
    left = 60

    def unlink_some(path):
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        real(path)

    real = Path.unlink
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", unlink_some)
        with pytest.raises(KeyboardInterrupt):
            withdraw(copy, "INV01")
    assert (copy / "returns" / "INV01" / "edition_1" / "crimes.parquet").is_file()
    withdraw(copy, "INV01")
    unbroken = shutil.copytree(full, tmp_path / "unbroken")
    withdraw(unbroken, "INV01")
    assert files_of(copy) == files_of(unbroken)
    assert [return_.force_code for return_ in current_returns(open_inspection(copy))] == ["INV02", "INV03"]
    assert verify(copy) == []


def test_a_body_that_sent_nothing_cannot_take_it_back(copy):
    with pytest.raises(UsageError, match=r"holds no return of 'INV09'\. It holds those of: INV01, INV02, INV03"):
        withdraw(copy, "INV09")


@pytest.fixture(scope="module")
def retired(full, tmp_path_factory):
    """The run inspection after it was retired, and a file of identities that it held before; whoever changes it copies it."""
    folder = shutil.copytree(full, tmp_path_factory.mktemp("retired") / "trial")
    identities = next((folder / "identities" / "INV01").rglob("involvements.parquet"))
    content = identities.read_bytes()
    retire(folder)
    return SimpleNamespace(folder=folder, identities=identities.relative_to(folder), content=content)


def test_after_retiring_nothing_injected_is_found_and_every_released_figure_verifies(full, retired, tmp_path):
    assert set(found_in(full)) >= {SURNAME, BORN, NOTE, REFERENCE}
    assert verify(full) == []
    copy = shutil.copytree(retired.folder, tmp_path / "trial")
    assert found_in(copy) == {}
    assert verify(copy) == []
    assert all("The inspection was retired." in destruction for destruction in list_destructions(copy))
    assert (copy / "report" / "index.html").is_file()
    figures = copy / "disclosure" / "findings.parquet"
    rows = pq.read_table(figures)
    pq.write_table(rows.slice(1), figures)
    assert [str(difference) for difference in verify(copy)] == [
        "disclosure/findings.parquet differs: what it says changed since it was written."
    ]


def test_what_no_receipt_speaks_of_goes_too(copy):
    (copy / "records" / "receipt.json").unlink()
    (copy / "identities" / "INV01" / ".unfinished-edition_1").mkdir()
    (copy / "identities" / "INV01" / ".unfinished-edition_1" / "involvements.csv").write_text(SURNAME)
    (copy / "notes.txt").write_text(SURNAME)
    retire(copy)
    assert found_in(copy) == {}
    assert not (copy / "records" / "crime.parquet").exists()


def test_an_inspection_whose_last_run_was_killed_can_be_retired_and_verifies(copy):
    shutil.rmtree(copy / "report")
    Ledger(copy / "ledger.jsonl").append(EventKind.RUN_BEGAN, code_version="1", python="3", system="x")
    retire(copy)
    assert [str(difference) for difference in verify(copy)] == [
        "The ledger says that report was written, but it is not here."
    ]


def test_a_retired_inspection_takes_in_and_runs_nothing_more(retired, country, tmp_path):
    copy = shutil.copytree(retired.folder, tmp_path / "trial")
    for second_attempt in (lambda: run_inspection(copy), lambda: receive_returns(copy, [country / "sent" / "returns"])):
        with pytest.raises(UsageError, match=r"was retired on .*: its content is destroyed"):
            second_attempt()
    assert retire(copy).files == 0


def test_a_file_that_comes_back_after_it_was_destroyed_is_noticed(retired, tmp_path):
    copy = shutil.copytree(retired.folder, tmp_path / "trial")
    (copy / retired.identities).write_bytes(retired.content)
    assert [str(difference) for difference in verify(copy)] == [
        "identities/INV01/edition_1/involvements.parquet is here; the ledger says that it was destroyed."
    ]


def test_identities_that_are_due_go_alone_and_what_was_made_stands(copy):
    declared(copy, "identities", "used_until = 2027-01-01")
    declared(copy, "identities", "destroy_by = 2027-01-01")
    destroy_due(copy, today=date(2027, 1, 2))
    assert BORN not in found_in(copy)
    assert verify(copy) == []
    assert all("Its last day was 2027-01-01." in destruction for destruction in list_destructions(copy))
    begun = run_stages(copy)
    begun.stage_runner.end_run()
    assert "persons" in begun.stage_runner.cached_stages
    shutil.rmtree(copy / "persons")
    with pytest.raises(
        PurposeRefused, match=r"identities/INV01/edition_1 is destroyed\. Without it, records can no longer be linked"
    ):
        run_inspection(copy)


def test_a_table_that_is_due_takes_with_it_what_was_made_of_it(copy):
    declared(copy, "crimes", "used_until = 2027-01-01")
    declared(copy, "crimes", "destroy_by = 2027-01-01")
    urgent = lists.write_register(copy, lists.Register("INV01", 1, "2026-08-03"))
    destroy_due(copy, today=date(2027, 1, 2))
    assert not urgent.exists()
    assert not list((copy / "returns").rglob("crimes.parquet"))
    assert not list(copy.rglob("incomplete.parquet"))
    assert not [*copy.rglob("scanned.parquet"), *copy.rglob("signs.parquet")]
    assert not list((copy / "identities").rglob("aside.parquet"))
    assert (copy / "returns" / "INV01" / "edition_1" / "events.parquet").is_file()
    assert verify(copy) == []
    with pytest.raises(PurposeRefused, match=r"crimes\.parquet was destroyed on .* cannot be made anew"):
        run_inspection(copy)
