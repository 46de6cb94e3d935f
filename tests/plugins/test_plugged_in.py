"""Is a plug-in checked when added, evaluated last, named in the receipt, and removed without a trace?"""

import sys

import pyarrow as pa
import pytest

from assay.engine.provenance import Ledger, read_receipt, read_stage, verify, write_stage
from assay.errors import DefinitionError, UsageError
from assay.facts.inspection_run import InspectionRun
from assay.ingest.inspection_folder import new_inspection
from assay.progress import no_progress
from assay.synthetic.synthetic_data import KEY as REQUEST_KEY
from assay.workflows.plugins import read_plugin
from assay.workflows.plugins.installed_plugins import installed_plugins
from assay.workflows.plugins.plugin_inspection import add_or_remove_plugin, add_plugin, evaluate_plugins, remove_plugin
from assay.workflows.receive.other_sender_intake import receive_evidence, withdraw_sender
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.retire.retirement import retire
from killed_runs import synthetic

HEAD = '[plugin]\nname = "{name}"\nversion = "{version}"\ntitle = "Ours"\nmaker = "An analyst"\n'
INDICATOR = """
[indicators.all_named]
title = "All named"
question = "Are all named?"
why = "A suspect without a name is sought by nobody."
line = "responses"
asks = "Q38"
record = "crime"
population = "in_base"
met = "suspects_named = suspects"
better = "higher"
limits = "Whether the name is right."
assumptions = "Each suspect is entered once."
examples = [
  { row = { in_base = true, suspects = 2, suspects_named = 2 }, answer = "met" },
  { row = { in_base = true, suspects = 2, suspects_named = 1 }, answer = "not met" },
  { row = { in_base = true, suspects = 2 }, answer = "not known" },
]
"""
DEFINITION = """
[definitions.several_victims]
term = "Two or more victims"
words = "A crime is counted if two or more victims are tied to it."
leaves_out = "Crimes recorded one by one."
source = "Ours"
record = "crime"
condition = "victims >= 2"
examples = [ { row = { victims = 2 }, found = true }, { row = { victims = 1 }, found = false } ]
"""
TABLE = """
[tables.suite_visits]
purpose = "Who was seen."
row = "One child held."
key = ["visit_ref"]
senders = ["force"]
[tables.suite_visits.columns]
visit_ref = { kind = "ref", required = "yes" }
hours_to_visit = { kind = "int", required = "if known", minimum = 0 }
"""
TABLE_INDICATOR = (
    INDICATOR.replace("all_named", "visited").replace('"crime"', '"suite_visits"').replace('"in_base"', '"true"')
)
TABLE_INDICATOR = (
    TABLE_INDICATOR[: TABLE_INDICATOR.index("examples")].replace("suspects_named = suspects", "hours_to_visit <= 6")
    + """
examples = [ { row = { hours_to_visit = 5 }, answer = "met" }, { row = { hours_to_visit = 7 }, answer = "not met" },
  { row = {}, answer = "not known" } ]
"""
)
PAGE = '[rooms.months]\ntitle = "By month?"\nreads = ["{reads}"]\noffered_as = "{offered}"\n'
OFFERS = """
def counted(tables):
    return {"rows": tables["crime"].group_by("force_code").aggregate([("record_ref", "count")])}
def fails(tables):
    raise ValueError("Alder Road 12")
def no_table(tables):
    return {"rows": 3}
"""


def file(folder, *parts, name="ours", version="1.0"):
    path = folder / f"{name}-{version}.toml"
    path.write_text(HEAD.format(name=name, version=version) + "".join(parts))
    return path


def test_the_former_name_of_a_key_is_read_with_a_sentence_that_says_the_present_one(tmp_path):
    former = INDICATOR.replace("assumptions =", "leans_on =")
    plugin = read_plugin(file(tmp_path, former))
    assert plugin.indicators[0].assumptions == "Each suspect is entered once."
    assert plugin.remarks == ("[indicators.all_named]: the key leans_on is now named assumptions. Both are read.",)
    assert read_plugin(file(tmp_path, INDICATOR)).remarks == ()


def test_a_section_with_the_former_and_the_present_name_of_a_key_is_refused(tmp_path):
    with_former = INDICATOR.replace("assumptions =", 'leans_on = "Two."\nassumptions =')
    with pytest.raises(DefinitionError, match="has 'leans_on', which nobody reads"):
        read_plugin(file(tmp_path, with_former))


@pytest.fixture(scope="module")
def accepted(tmp_path_factory):
    """Two forces are asked and one return is here."""
    place = tmp_path_factory.mktemp("plugged")
    path = synthetic(place / "sent", forces=2, crimes=2)
    folder = new_inspection(place / "trial", path / "request.toml").folder
    receive_returns(folder, [path / "returns" / "INV01"])
    return folder


@pytest.fixture
def trial(accepted, tmp_path):
    """A copy with four crimes among its facts: suspects 2, 2, 2 and 1, of whom 2, 1, none known and 1 are named."""
    from shutil import copytree

    folder = copytree(accepted, tmp_path / "trial")
    four = {
        "force_code": ["INV01"] * 4, "record_ref": ["a", "b", "c", "d"], "in_base": [True, True, True, False],
        "suspects": [2, 2, 2, 1], "suspects_named": [2, 1, None, 1], "victims": [1, 2, 3, None],
    }  # fmt: skip
    columns = {column for extension in beside_them() for column in extension.columns} - set(four)
    crimes = pa.table(four | {name: pa.array([None] * 4, pa.bool_()) for name in sorted(columns)})
    kinds = {"offence_family": pa.string(), "scope_reason": pa.string(), "suspect_count": pa.int64()}
    crimes = crimes.cast(pa.schema([(f.name, kinds.get(f.name, f.type)) for f in crimes.schema]))
    write_stage(folder, "records", {"crime": crimes}, rows_in=4, rows_out=4, ledger=Ledger(folder / "ledger.jsonl"))
    write_stage(folder, "enquiries", {}, rows_in=0, rows_out=0, ledger=Ledger(folder / "ledger.jsonl"))
    return folder


def beside_them():
    from assay import reference
    from assay.indicators.conditions import Condition

    return [Condition(predicate.condition) for predicate in reference.predicates().for_record_kind("crime")]


@pytest.fixture
def package(tmp_path, monkeypatch):
    """An installed package that offers three rooms."""
    metadata_folder = tmp_path / "installed" / "by_month-0.3.dist-info"
    metadata_folder.mkdir(parents=True)
    (metadata_folder / "METADATA").write_text("Metadata-Version: 2.1\nName: by-month\nVersion: 0.3\n")
    entry_points = "".join(f"{name} = by_month_of_others:{name}\n" for name in ("counted", "fails", "no_table"))
    (metadata_folder / "entry_points.txt").write_text(f"[assay.rooms]\n{entry_points}gone = by_month_of_others:gone\n")
    (metadata_folder.parent / "by_month_of_others.py").write_text(OFFERS)
    monkeypatch.syspath_prepend(str(metadata_folder.parent))
    yield
    sys.modules.pop("by_month_of_others", None)


def ask_plugins(folder):
    """Every plug-in is asked, as at the end of a run."""
    import datetime as dt

    run = InspectionRun(folder, no_progress, dt.date.today())
    for stage in ("returns", "records", "enquiries"):
        run.stage_runner.load_receipts(stage)
    evaluate_plugins(run)
    return run


def files_in(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != ".lock"}


def test_an_indicator_of_others_is_answered_like_ours_and_missing_is_not_no(trial, tmp_path):
    add_plugin(trial, file(tmp_path, INDICATOR))
    ask_plugins(trial)
    (row,) = [row for row in read_stage(trial, "added/ours", "ladders").to_pylist() if row["place_code"] == "INV01"]
    assert (row["met"], row["not_met"], row["not_known"], row["outside"], row["records"]) == (1, 1, 1, 1, 4)
    answers = {row["record_ref"]: row["answer"] for row in read_stage(trial, "added/ours", "answers").to_pylist()}
    assert answers == {"a": "met", "b": "not met", "c": "not known"}
    assert verify(trial) == []


def test_a_definition_of_others_is_counted_beside_those_in_use(trial, tmp_path):
    add_plugin(trial, file(tmp_path, DEFINITION))
    ask_plugins(trial)
    rows = {
        row["definition"]: row
        for row in read_stage(trial, "added/ours", "counts_by_definition").to_pylist()
        if row["place_code"] == "INV01"
    }
    assert (rows["several_victims"]["records"], rows["several_victims"]["not_known"]) == (2, 1)
    assert len(rows) == 1 + len(beside_them())


def sent_by(folder, sender, text):
    folder.mkdir()
    table_fields = {
        "spec_version": "1.0",
        "request": REQUEST_KEY,
        "sender": sender,
        "sender_kind": "force",
        "contact_post": "Post",
    }
    (folder / "sent.toml").write_text(
        "[sent]\nedition = 1\n" + "".join(f'{key} = "{value}"\n' for key, value in table_fields.items())
    )
    (folder / "suite_visits.csv").write_text(text)
    return folder


def test_a_table_of_others_is_checked_cell_by_cell_and_who_did_not_send_it_has_no_figure(trial, tmp_path):
    add_plugin(trial, file(tmp_path, TABLE, TABLE_INDICATOR))
    rows = "visit_ref,hours_to_visit\nV1,2\nV2,11\nV3,\nV4,-1\n,3\n"
    sender_result = receive_evidence(trial, [sent_by(tmp_path / "came", "INV01", rows)])
    assert (sender_result.senders[0].accepted, sender_result.senders[0].set_aside) == (4, 1)  # the last has no key
    assert "suite_visits.csv" in sender_result.senders[0].letter.read_text()
    assert read_receipt(trial, "others/INV01/edition_1").settings["plugin ours"].startswith("1.0 ")
    ask_plugins(trial)
    (row,) = [row for row in read_stage(trial, "added/ours", "ladders").to_pylist() if row["place_code"] == "INV01"]
    assert (row["met"], row["not_met"], row["not_known"]) == (1, 1, 2)  # the value below nothing was set aside
    withdraw_sender(trial, "INV01")
    assert not list((trial / "added").rglob("*.parquet"))
    ask_plugins(trial)
    (row,) = [row for row in read_stage(trial, "added/ours", "ladders").to_pylist() if row["place_code"] == "INV01"]
    assert row["records"] is None
    assert "did not send the table suite_visits" in row["not_askable"]


NEVER = TABLE.replace("minimum = 0 }", 'minimum = 0, none = "never" }')
"""The same table, in which a force may say that nobody visited."""
MET_OR_NEVER = TABLE_INDICATOR[: TABLE_INDICATOR.index("met =")] + 'met = "hours_to_visit <= 6 and not hours_to_visit_none"\n' + (
    TABLE_INDICATOR[TABLE_INDICATOR.index("better =") : TABLE_INDICATOR.index("examples")]
) + """
examples = [ { row = { hours_to_visit = 5, hours_to_visit_none = false }, answer = "met" },
  { row = { hours_to_visit_none = true }, answer = "not met" }, { row = {}, answer = "not known" } ]
"""  # fmt: skip


def force_row(folder, code="INV01"):
    (row,) = [row for row in read_stage(folder, "added/ours", "ladders").to_pylist() if row["place_code"] == code]
    return row


@pytest.mark.parametrize(
    ("cell", "answer"),
    [("2", "met"), ("never", "not met"), (" NEVER ", "not met"), ("", "not known"), ("-1", "not known")],
)
def test_a_cell_that_says_none_is_an_answer_and_an_empty_cell_is_not(trial, tmp_path, cell, answer):
    add_plugin(trial, file(tmp_path, NEVER, MET_OR_NEVER))
    receive_evidence(trial, [sent_by(tmp_path / "came", "INV01", f"visit_ref,hours_to_visit\nV1,{cell}\n")])
    ask_plugins(trial)
    [row] = read_stage(trial, "added/ours", "answers").to_pylist()
    assert row["answer"] == answer
    assert verify(trial) == []


def test_a_word_for_none_that_the_table_does_not_declare_is_an_error_of_its_cell(trial, tmp_path):
    add_plugin(trial, file(tmp_path, TABLE, TABLE_INDICATOR))
    caught = receive_evidence(trial, [sent_by(tmp_path / "came", "INV01", "visit_ref,hours_to_visit\nV1,never\n")])
    assert "V09" in caught.senders[0].letter.read_text()


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (TABLE.replace('required = "yes" }', 'required = "yes", none = "never" }'), "visit_ref.*must be filled"),
        (NEVER + 'hours_to_visit_none = { kind = "int", required = "if known" }\n', "hours_to_visit_none"),
        (NEVER.replace('"never"', '"0"'), "hours_to_visit.*a value of its own"),
        (NEVER.replace('"never"', "true"), "hours_to_visit.*a word"),
        (NEVER.replace('"never"', '" never"'), "hours_to_visit.*a word"),
        (NEVER.replace('kind = "int"', 'kind = "date"').replace(", minimum = 0", "").replace('"never"', '"2026-01-01"'),
         "hours_to_visit.*a value of its own"),
    ],
)  # fmt: skip
def test_a_word_for_none_fits_its_column_or_the_plug_in_is_refused(tmp_path, declared, message):
    with pytest.raises(DefinitionError, match=message):
        read_plugin(file(tmp_path, declared))


def said_none(folder, none, text=None):
    sent_by(folder, "INV01", text or "")
    (folder / "sent.toml").write_text((folder / "sent.toml").read_text() + f"none = {none}\n")
    if text is None:
        (folder / "suite_visits.csv").unlink()
    return folder


@pytest.mark.parametrize("text", [None, "visit_ref,hours_to_visit\n"])
def test_a_force_that_says_that_it_has_no_such_records_is_asked_and_has_none(trial, tmp_path, text):
    add_plugin(trial, file(tmp_path, TABLE, TABLE_INDICATOR))
    assert receive_evidence(trial, [said_none(tmp_path / "came", '["suite_visits"]', text)]).senders[0].refusal == ""
    ask_plugins(trial)
    assert (force_row(trial)["records"], force_row(trial)["not_askable"]) == (0, "")
    assert verify(trial) == []


def test_an_empty_table_alone_does_not_say_that_there_are_none(trial, tmp_path):
    add_plugin(trial, file(tmp_path, TABLE, TABLE_INDICATOR))
    receive_evidence(trial, [sent_by(tmp_path / "came", "INV01", "visit_ref,hours_to_visit\n")])
    ask_plugins(trial)
    assert force_row(trial)["records"] is None


@pytest.mark.parametrize(
    ("none", "text", "message"),
    [
        ('["suite_visits"]', "visit_ref,hours_to_visit\nV1,2\n", "rows of it came"),
        ('["visits"]', None, "which no plug-in adds"),
        ('"suite_visits"', None, "list"),
        ("[3]", None, "list"),
    ],
)
def test_a_cover_that_says_none_wrongly_is_refused(trial, tmp_path, none, text, message):
    add_plugin(trial, file(tmp_path, TABLE, TABLE_INDICATOR))
    assert message in receive_evidence(trial, [said_none(tmp_path / "came", none, text)]).senders[0].refusal


def test_a_room_of_others_is_run_and_its_receipt_names_package_version_and_code(trial, tmp_path, package):
    add_plugin(trial, file(tmp_path, PAGE.format(reads="crime", offered="counted")))
    run = ask_plugins(trial)
    assert read_stage(trial, "added/ours", "months_rows").to_pylist() == [
        {"force_code": "INV01", "record_ref_count": 4}
    ]
    settings = read_receipt(trial, "added/ours").settings
    assert settings["room months"].startswith("by-month 0.3 ")
    assert len(settings["room months"].split()[2]) == 64
    assert settings["plugin ours"] == f"1.0 {installed_plugins(trial)[0].checksum}"
    assert "added/ours" not in run.stage_runner.cached_stages
    assert ask_plugins(trial).stage_runner.cached_stages == ["added/ours"]


@pytest.mark.parametrize(
    ("offered", "message"), [("fails", "ended with ValueError"), ("no_table", "gave no Arrow tables")]
)
def test_a_room_that_fails_is_named_with_no_content_and_nothing_is_lost(trial, tmp_path, package, offered, message):
    add_plugin(trial, file(tmp_path, PAGE.format(reads="crime", offered=offered)))
    before = files_in(trial / "records")
    with pytest.raises(DefinitionError, match=message) as caught:
        ask_plugins(trial)
    assert "Alder Road" not in str(caught.value)
    assert "assay inspect plugin INSPECTION --without ours" in str(caught.value)
    assert files_in(trial / "records") == before
    assert not (trial / "added").exists()
    remove_plugin(trial, "ours")
    ask_plugins(trial)
    assert verify(trial) == []


BAD = {
    "nothing at all": ("", "It adds nothing"),
    "a misspelt part": (INDICATOR.replace("[indicators.", "[indicator."), "[indicator] is no part of a plug-in. Did you mean"),
    "a condition that is more than a comparison": (
        INDICATOR.replace('met = "suspects_named = suspects"', 'met = "(select 1) = 1"'), "[indicators.all_named]"),
    "a column that is not there": (INDICATOR.replace("suspects_named", "suspects_namd"), "suspects_named"),
    "an example that is wrong": (
        INDICATOR.replace("suspects_named = 1 }", "suspects_named = 2 }"), "is stated as 'not met' but gives 'met'"),
    "no such records": (INDICATOR.replace('"crime"', '"crimez"'), "there are no records called 'crimez'"),
    "a name of ours": (INDICATOR.replace("all_named", "told_of_arrest"), "The name 'told_of_arrest' is taken"),
    "a word too many": (INDICATOR.replace("better =", 'beter = "x"\nbetter ='), "has 'beter', which nobody reads. Did you mean"),
    "a definition without an example that is not found": (
        DEFINITION.replace(", { row = { victims = 1 }, found = false }", ""), "needs an example that is found and one that is not"),
    "a list nobody knows": (
        TABLE.replace('"int", required = "if known", minimum = 0', '"code", required = "yes", values = "colours"'), "a known list"),
    "a column that the program fills": (TABLE.replace("hours_to_visit", "force_code"), "are filled in by the program"),
    "a room that nobody offers": (PAGE.format(reads="crime", offered="nothing"), "no installed package offers a room 'nothing'"),
    "a room that is not there": (PAGE.format(reads="crime", offered="gone"), "cannot be loaded"),
    "no TOML": ("[[[", "cannot be read as TOML"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_a_plug_in_that_cannot_be_used_is_refused_with_the_reason_and_nothing_changes(
    trial, tmp_path, package, text, message
):
    before = files_in(trial)
    with pytest.raises(DefinitionError) as caught:
        add_plugin(trial, file(tmp_path, text))
    assert message in str(caught.value)
    assert files_in(trial) == before


def test_everything_that_is_wrong_is_told_at_once(tmp_path):
    wrong = INDICATOR.replace('limits = "Whether the name is right."', "") + DEFINITION.replace(
        "victims >= 2", "victims + 1"
    )
    with pytest.raises(DefinitionError) as caught:
        read_plugin(file(tmp_path, wrong, name="Ours"))
    assert all(
        phrase in str(caught.value)
        for phrase in ("name: small letters", "lacks limits", "[definitions.several_victims]")
    )


def test_another_file_needs_another_version_and_takes_the_place_of_the_first(trial, tmp_path):
    add_plugin(trial, file(tmp_path, INDICATOR))
    changed = INDICATOR.replace("All named", "Every one named")
    with pytest.raises(DefinitionError, match=r"ours 1\.0 is here already and says something else"):
        add_plugin(trial, file(tmp_path, changed))
    add_plugin(trial, file(tmp_path, changed, version="1.1"))
    assert [(plugin.name, plugin.version) for plugin in installed_plugins(trial)] == [("ours", "1.1")]


def test_two_plug_ins_give_no_name_twice(trial, tmp_path):
    add_plugin(trial, file(tmp_path, INDICATOR))
    with pytest.raises(DefinitionError, match="'all_named' is taken by the plug-in ours"):
        add_plugin(trial, file(tmp_path, INDICATOR, name="theirs"))


def test_an_inspection_that_ends_keeps_the_plug_in_and_nothing_that_it_found(trial, tmp_path):
    add_plugin(trial, file(tmp_path, INDICATOR))
    ask_plugins(trial)
    retire(trial)
    assert [path.name for path in (trial / "added" / "ours").iterdir()] == ["receipt.json"]
    assert (trial / "plugins" / "ours" / "plugin.toml").is_file()


def test_the_command_adds_one_or_takes_one_out(trial, tmp_path):
    for words in ((None, ""), (file(tmp_path, INDICATOR), "ours")):
        with pytest.raises(UsageError, match="Name the file of a plug-in, or say which one to take out"):
            add_or_remove_plugin(*words, trial)
    with pytest.raises(UsageError, match=r"holds no plug-in 'ours'\. It holds: none"):
        add_or_remove_plugin(None, "ours", trial)


def test_a_plug_in_of_an_earlier_version_may_say_least_for_minimum(tmp_path):
    new, renamed = (
        read_plugin(file(tmp_path, table, name=name)).tables
        for name, table in (("ours", TABLE), ("earlier", TABLE.replace("minimum", "least")))
    )
    assert "least" not in TABLE
    assert new == renamed
