"""Does `assay text read` report its findings in one text and in many, whatever is wrong with a line?"""

import json

import pytest
from typer.testing import CliRunner

from assay import cli
from assay.errors import AssayError
from assay.text.context.form_templates import known_forms
from assay.workflows.reading.text_readers import build_reader

MARKER = "qqmarkerqq"


def run(*words, stdin=None):
    """(exit code, what was said) of a command, as `main` ends it."""
    done = CliRunner().invoke(cli.app, [str(word) for word in words], input=stdin)
    if isinstance(done.exception, AssayError):
        return done.exception.exit_code, str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def answered(tmp_path, *lines):
    """What `--jsonl` answers to these lines, which are JSON or bytes as they stand."""
    input_text = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    (tmp_path / "in.jsonl").write_bytes(input_text)
    code, output = run("text", "read", "--jsonl", tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    assert code == 0, output
    return [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()], output


def test_one_text_is_told_with_the_rule_and_the_words_it_leans_on(tmp_path):
    (tmp_path / "note.txt").write_text("Mother states she is streetwise. IP refuses to engage.")
    code, output = run("text", "read", tmp_path / "note.txt")
    assert code == 0
    assert 'not counted "streetwise"' in output
    assert 'leans on "Mother states"' in output
    assert 'COUNTS     "refuses to engage"' in output
    assert "Children's Society" in output


def test_one_text_from_standard_input_as_json():
    code, output = run("text", "read", "-", "--json", stdin="She is streetwise.")
    answers = json.loads(output)
    assert code == 0
    assert answers["blaming"] is True
    assert answers["passages"][0]["words"] == "streetwise"


def test_whose_entry_it_is_can_be_said():
    assert (
        json.loads(
            run("text", "read", "-", "--json", "--entry-type", "suspect_account", stdin="She is streetwise.")[1]
        )["voice"]
        == "suspect"
    )


def test_the_printed_lines_of_a_form_are_nobodys_words(tmp_path):
    (tmp_path / "form.txt").write_text("Does the child put themselves at risk?\n\n")
    answers = json.loads(
        run(
            "text",
            "read",
            "-",
            "--json",
            "--form",
            tmp_path / "form.txt",
            stdin="Does the child put themselves at risk? Seen at school.",
        )[1]
    )
    assert (answers["blaming"], answers["passages"]) == (False, [])


def test_each_line_has_one_answer_in_its_place(tmp_path):
    answers, output = answered(
        tmp_path, {"id": 7, "text": "She is streetwise."}, {"id": "b", "text": "Seen at school."}
    )
    assert list(answers[0]) == [
        "id",
        "blaming",
        "blaming_score",
        "category",
        "voice",
        "unflagged_score",
        "unflagged",
        "note",
    ]
    assert [(answer["id"], answer["blaming"]) for answer in answers] == [(7, True), ("b", False)]
    assert "2 lines answered" in output


def test_the_return_may_say_whose_words_a_line_holds(tmp_path):
    (answer,), _ = answered(tmp_path, {"id": 1, "text": "She is streetwise.", "entry_type": "referral_text"})
    assert (answer["blaming"], answer["voice"]) == (False, "third_party")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"{broken " + MARKER.encode(), "not a JSON object"), (b"[1, 2]", "not a JSON object"), (b'"text"', "not a JSON object"), (b"\xff\xfe\x00", "not UTF-8"), ({"id": 1}, "no text in this line"), ({"id": 1, "text": 5}, "no text in this line"),
        ({"id": 1, "text": None}, "no text in this line"), ({"id": 1, "text": ""}, "empty"), ({"id": 1, "text": "\x00\x01"}, "empty"), (b"[" * 100_000, "not a JSON object"), ({"id": 1, "text": "Mae hi yn y dref ac mae ei mam wedi dweud nad oedd hi gartref"}, "Welsh"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_judged_says_why_and_every_other_is_answered(tmp_path, line, sentence):
    answers, output = answered(tmp_path, line, {"id": 2, "text": "She is streetwise."})
    assert len(answers) == 2
    assert answers[0]["blaming"] is answers[0]["unflagged"] is answers[0]["voice"] is None
    assert sentence in answers[0]["note"]
    assert answers[1]["blaming"] is True
    assert "1 could not be judged" in output


def test_half_a_pair_of_surrogates_a_mark_of_order_and_empty_lines_stop_nothing(tmp_path):
    answers, _ = answered(
        tmp_path,
        b'\xef\xbb\xbf{"id": 1, "text": "\\ud800 She is streetwise."}',
        b"",
        b"  ",
        {"id": 2, "text": "<p>She is STREETWISE</p>"},
    )
    assert [(answer["id"], answer["blaming"]) for answer in answers] == [(1, True), (2, True)]


def test_more_lines_than_are_read_at_once_keep_their_order(tmp_path, monkeypatch):
    monkeypatch.setattr("assay.workflows.reading.line_input.BATCH_SIZE", 3)
    answers, _ = answered(tmp_path, *({"id": number, "text": f"Seen {number} times"} for number in range(8)))
    assert [answer["id"] for answer in answers] == list(range(8))


def test_nothing_of_a_text_is_said_or_written_beside_the_answers(tmp_path):
    lines = ({"id": 1, "text": f"{MARKER} she is streetwise {MARKER}"}, f"{{{MARKER}".encode())
    answers, output = answered(tmp_path, *lines)
    assert MARKER not in output
    assert MARKER not in json.dumps(answers)


def test_a_file_that_is_not_there_and_no_place_for_answers_are_told_in_a_sentence(tmp_path):
    assert run("text", "read", tmp_path / "none.txt")[0] == 2
    assert run("text", "read", "--jsonl", tmp_path / "none.jsonl", tmp_path / "out")[0] == 2
    code, output = run("text", "read", "--jsonl", tmp_path / "in.jsonl")
    assert (code, "Name the file for the answers" in output) == (2, True)
    (tmp_path / "same").write_text("{}")
    assert "Name another" in run("text", "read", "--jsonl", tmp_path / "same", tmp_path / "same")[1]


def test_the_page_marks_what_was_found_and_holds_the_text_as_text(tmp_path):
    (tmp_path / "note.txt").write_text("Mother states she is streetwise <script>. IP refuses to engage.")
    code, output = run("text", "read", tmp_path / "note.txt", "--html", tmp_path / "new" / "page.html")
    page = (tmp_path / "new" / "page.html").read_text()
    assert code == 0
    assert str(tmp_path / "new" / "page.html") in output
    assert '<mark class="passed">streetwise' in page
    assert '<mark class="counts">' in page
    assert '<span class="evidence">Mother states</span>' in page
    assert "<script" not in page


def test_what_a_form_in_common_use_prints_is_nobodys_words_without_being_told():
    printed = known_forms()
    assert printed
    for line in printed:
        assert not [
            passage for passage in build_reader().read([f"{line}: none. Seen at home."])[0].passages if passage.counts
        ], line
