"""Do the records of decisions have literal titles, a status and a topic, and does the index list all of them?"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.quick

FOLDER = Path(__file__).parent.parent / "docs" / "decisions"
INDEX = FOLDER / "README.md"
PATHS = sorted(FOLDER.glob("[0-9]*.md"))
TITLE_LENGTH = 75
SLUG_LENGTH = 60

HEADING = re.compile(r"# (\d{4}) (.+)")
STATUS = re.compile(
    r"\*\*Status\.\*\* (Accepted|(?:Amended|Superseded) by [^*]+?)\.\s\*\*Topic\.\*\* ([A-Z][a-z -]+)\."
)
LINK = re.compile(r"\[(\d{4})\]\((\d{4})-[a-z0-9-]+\.md\)")


@dataclass(frozen=True)
class Record:
    """The number, title, status and topic of a decision, and the numbers of the records that its status names."""

    number: str
    title: str
    status: str
    topic: str
    targets: tuple[str, ...]


def read_record(text: str) -> Record:
    """Return the head of a record: its heading and, as first paragraph, its status and topic."""
    heading, paragraph = text.split("\n\n")[:2]
    title, status = HEADING.fullmatch(heading), STATUS.match(paragraph)
    if title is None:
        raise ValueError(f"{heading!r} is not `# NNNN Title`.")
    if status is None:
        raise ValueError(f"{title[1]} needs `**Status.** Accepted. **Topic.** X.` as its first paragraph.")
    links = LINK.findall(status[1])
    if status[1] != "Accepted" and not (links and all(label == target for label, target in links)):
        raise ValueError(f"The status of {title[1]} must link to the record that it names.")
    return Record(title[1], title[2], status[1].split()[0], status[2], tuple(target for _, target in links))


def slug(title: str) -> str:
    """Return a title as a file name holds it."""
    return re.sub("[^a-z0-9]+", "-", title.lower().replace("'", "")).strip("-")


def index_problems(index: str, records: Iterable[tuple[str, Record]]) -> list[str]:
    """Return the records (file name, record) that the index does not list as they are, under their topic."""
    sections = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", index, re.M))
    missing = []
    for name, record in records:
        line = f"- [{record.number} {record.title}]({name})"
        listed = [entry for entry in sections.get(record.topic, "").splitlines() if entry.startswith(line)]
        note = "" if record.status == "Accepted" else f"{record.status.lower()} by {', '.join(record.targets)}"
        if [re.sub(r"\[(\d{4})\]\([^)]*\)", r"\1", entry[len(line) :]) for entry in listed] != [note and f" ({note})"]:
            missing.append(name)
    return missing


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name[:4])
def test_a_record_of_a_decision_has_a_short_title_a_status_and_a_topic_and_is_named_after_its_title(path):
    record = read_record(path.read_text(encoding="utf-8"))
    number, name = path.stem.split("-", 1)
    assert number == record.number
    assert len(record.title) <= TITLE_LENGTH
    assert len(name) <= SLUG_LENGTH
    assert f"{slug(record.title)}-".startswith(f"{name}-")


def test_the_glossary_has_at_most_120_terms_and_older_names_only_after_their_meaning():
    lines = (FOLDER.parent.parent / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ") and not line.startswith("| term")]
    assert len(rows) <= 120
    assert [row for row in rows if len(row) != 2 or ("`" in row[0] and row[0] != "`ToSender`")] == []


def test_every_record_of_a_decision_is_in_the_index_under_its_topic_with_what_supersedes_it():
    records = [(path.name, read_record(path.read_text(encoding="utf-8"))) for path in PATHS]
    assert index_problems(INDEX.read_text(encoding="utf-8"), records) == []


def test_every_line_of_the_index_of_decisions_leads_to_a_record():
    listed = re.findall(r"^- \[.*?\]\(([^)]+)\)", INDEX.read_text(encoding="utf-8"), re.M)
    assert sorted(listed) == [path.name for path in PATHS]


def test_the_index_lists_the_records_of_each_topic_in_order_of_their_numbers():
    sections = re.split(r"^## ", INDEX.read_text(encoding="utf-8"), flags=re.M)
    numbers = [re.findall(r"^- \[(\d{4})", section, re.M) for section in sections]
    assert [listed for listed in numbers if listed != sorted(listed)] == []


def test_a_decision_is_amended_or_superseded_by_a_record_that_exists_and_is_not_itself():
    records = [read_record(path.read_text(encoding="utf-8")) for path in PATHS]
    numbers = {record.number for record in records}
    assert [record.number for record in records if not set(record.targets) <= numbers - {record.number}] == []


ACCEPTED = "# 0007 Round counts to five\n\n**Status.** Accepted. **Topic.** Disclosure control.\n\n**Need.** A need.\n"
SUPERSEDED = ACCEPTED.replace("Accepted", "Superseded by [0009](0009-round-counts-to-ten.md)")


def test_the_head_of_a_record_gives_its_number_title_status_and_topic():
    assert read_record(ACCEPTED) == Record("0007", "Round counts to five", "Accepted", "Disclosure control", ())
    assert read_record(SUPERSEDED).targets == ("0009",)


@pytest.mark.parametrize("text", [
    ACCEPTED.replace("# 0007 ", "# "),
    ACCEPTED.replace("**Status.** Accepted. **Topic.** Disclosure control.\n\n", ""),
    ACCEPTED.replace("**Status.** Accepted.", "**Status.** Good."),
    SUPERSEDED.replace("[0009](0009-round-counts-to-ten.md)", "0009"),
    SUPERSEDED.replace("[0009]", "[0008]"),
])  # fmt: skip
def test_a_record_without_heading_status_topic_or_link_to_what_supersedes_it_is_refused(text):
    with pytest.raises(ValueError, match=r"is not|needs|must link"):
        read_record(text)


LINE = "- [0007 Round counts to five](0007-a.md)"
SUPERSEDED_LINE = f"{LINE} (superseded by [0009](0009-b.md))"


@pytest.mark.parametrize(("index", "text", "is_listed"), [
    (f"## Disclosure control\n\n{LINE}\n", ACCEPTED, True),
    (f"## Disclosure control\n\n{SUPERSEDED_LINE}\n", SUPERSEDED, True),
    (f"## Disclosure control\n\n{LINE}\n", SUPERSEDED, False),
    (f"## Disclosure control\n\n{SUPERSEDED_LINE}\n", ACCEPTED, False),
    (f"## Disclosure control\n\n## Report\n\n{LINE}\n", ACCEPTED, False),
    (f"## Disclosure control\n\n{LINE}\n{LINE}\n", ACCEPTED, False),
    ("## Disclosure control\n\n- [0007 Round counts](0007-a.md)\n", ACCEPTED, False),
    ("", ACCEPTED, False),
])  # fmt: skip
def test_a_record_must_be_listed_once_with_its_title_and_status_under_its_topic(index, text, is_listed):
    assert (index_problems(index, [("0007-a.md", read_record(text))]) == []) is is_listed
