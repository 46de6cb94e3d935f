"""Read a REFI-QDA file (.qdpx) safely.

The zip archive is never unpacked: members are read one by one, up to a limit, and only those under `sources/` that the
project names. The XML is read without a document type, entities or network access. An error gives the place in the
file, never its content, and does not stop the rest from being read.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from lxml import etree

from assay.casefiles.refi_qda.coding_project import (
    GUID,
    INTERNAL,
    NAMESPACE,
    PROJECT,
    SOURCES,
    Code,
    Coding,
    Project,
    Source,
)
from assay.casefiles.refi_qda.coding_project import Path as CodePath
from assay.engine.safe_files.archive_limits import ARCHIVE_ERRORS
from assay.errors import SourceError

MAX_MEMBERS, MAX_BYTES, MAX_TOTAL_BYTES, MAX_RATIO, MAX_DEPTH = 20_000, 50_000_000, 200_000_000, 200, 20
"""Limits: members of the archive, bytes of a member and of all, compression ratio, and depth of nested codes."""
SMALL = 1_000_000
"""Up to this size a member may have any compression ratio."""
UNNAMED: Final = "unnamed"


class Ends(Enum):
    """The meaning of `endPosition` in a coding: the last character (as in the standard) or the one after it."""

    LAST = "last"
    AFTER = "after"


@dataclass(frozen=True)
class ImportedProject:
    """A project as imported: the number of each coder by name, errors as sentences, and the number of unread memos."""

    project: Project
    coders: Mapping[str, str]
    errors: tuple[str, ...]
    memos: int


def read_project(path: Path, ends: Ends = Ends.LAST) -> ImportedProject:
    """Read a coding project from a file; raise SourceError if the file as a whole cannot be used."""
    try:
        with zipfile.ZipFile(path) as file:
            _check_archive(path, file)
            return _Reading(path, file, ends).project()
    except ARCHIVE_ERRORS as error:
        raise SourceError(f"{path.name} cannot be read as a .qdpx: {type(error).__name__}. Export it again.") from None


def _check_archive(path: Path, file: zipfile.ZipFile) -> None:
    """Refuse an archive that is too large, encrypted, or has paths outside itself, before anything is read."""
    members = file.infolist()
    names = [member.filename for member in members]
    large = [member for member in members if member.file_size > SMALL]
    swells = [member for member in large if member.file_size > MAX_RATIO * max(member.compress_size, 1)]
    for wrong, problem in (
        (len(members) > MAX_MEMBERS, f"it holds more than {MAX_MEMBERS:,} files"),
        (any(member.file_size > MAX_BYTES for member in members), f"a file in it is larger than {MAX_BYTES:,} bytes"),
        (
            sum(member.file_size for member in members) > MAX_TOTAL_BYTES,
            f"unpacked it is larger than {MAX_TOTAL_BYTES:,} bytes",
        ),
        (bool(swells), "a file in it becomes too large when it is unpacked"),
        (any(member.flag_bits & 0x1 for member in members), "it is locked with a password"),
        (any(_leads_out(name) for name in names), "a file in it has a path that leads out of it"),
        (len(set(names)) < len(names), "two files in it have one name"),
        (PROJECT not in names, f"it holds no {PROJECT}"),
    ):
        if wrong:
            raise SourceError(f"{path.name} is refused: {problem}. Nothing was read from it. Export it again.")


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return "\\" in name or name.startswith("/") or ".." in parts or ":" in parts[0]


def parse_project(document: bytes, name: str) -> etree._Element:
    """Return the root of `project.qde`; raise SourceError if it is not valid or has a document type."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        problem = f"{name}, {PROJECT}, line {error.lineno}: it cannot be read as XML. Export it again."
        raise SourceError(problem) from None
    if root.getroottree().docinfo.doctype:
        raise SourceError(f"{name}, {PROJECT}: it has a document type declaration, which is refused. Export it again.")
    if root.tag != f"{{{NAMESPACE}}}Project":
        raise SourceError(f"{name}, {PROJECT}: its root is not Project of {NAMESPACE}. Export it as REFI-QDA project.")
    return root


class _Reading:
    """The state of reading one file: codes, coders and variables by GUID, and errors."""

    def __init__(self, path: Path, file: zipfile.ZipFile, ends: Ends) -> None:
        self.name, self.file, self.ends = path.name, file, ends
        self.errors: list[str] = []
        self.left = MAX_TOTAL_BYTES
        self.root = parse_project(self._bytes(PROJECT), path.name)
        self.codes = dict(self._codes(_elements(self.root, "CodeBook", "Codes"), ()))
        self.coders = {
            _guid(element): element.get("name") or UNNAMED for element in _elements(self.root, "Users", "User")
        }
        self.variables = {
            _guid(element): element.get("name") or "" for element in _elements(self.root, "Variables", "Variable")
        }

    def project(self) -> ImportedProject:
        """Return the whole project."""
        codes: dict[CodePath, Code] = {}
        for code in self.codes.values():
            codes.setdefault(code.path, code)
        sources = [
            self._source(place, element) for place, element in enumerate(_elements(self.root, "Sources", "*"), start=1)
        ]
        sources_by_name: dict[str, Source] = {}
        for place, source in enumerate(sources, start=1):
            if source and source.name in sources_by_name:
                self._add_error(
                    f"source {place}", "an earlier source has the same name, so it is set aside. Rename it."
                )
            elif source:
                sources_by_name[source.name] = source
        memos = len(list(_elements(self.root, "Notes", "Note")))
        project = Project(self.root.get("name", ""), tuple(codes.values()), tuple(sources_by_name.values()))
        coders = {name: number for number, name in self.coders.items()}
        return ImportedProject(project, coders, tuple(self.errors), memos)

    def _add_error(self, where: str, message: str) -> None:
        self.errors.append(f"{self.name}, {where}: {message}")

    def _bytes(self, member: str) -> bytes:
        """Return a member, with at most the permitted bytes, because the size in a header can be wrong."""
        with self.file.open(member) as opened:
            read = opened.read(min(MAX_BYTES, self.left) + 1)
        self.left -= len(read)
        if len(read) > MAX_BYTES or self.left < 0:
            raise SourceError(f"{self.name} is refused: it is too large when unpacked. Export fewer sources.")
        return read

    def _codes(self, parents: Iterator[etree._Element], above: CodePath) -> Iterator[tuple[str, Code]]:
        for parent in parents:
            for element in _children(parent, "Code"):
                path = (*above, element.get("name") or UNNAMED)
                if len(path) > MAX_DEPTH:
                    raise SourceError(
                        f"{self.name}, {PROJECT}: codes are nested more than {MAX_DEPTH} levels deep. Use fewer levels."
                    )
                yield _guid(element), Code(path, _text_of(element, "Description"))
                yield from self._codes(iter([element]), path)

    def _source(self, place: int, element: etree._Element) -> Source | None:
        where = f"source {place}"
        if etree.QName(element).localname != "TextSource":
            self._add_error(where, "it is not a text. Pictures, sound and film are not read.")
            return None
        text = self._text(element, where)
        if text is None:
            return None
        codings = set(self._codings(element, (-1, -1), where))
        for number, stretch in enumerate(_children(element, "PlainTextSelection"), start=1):
            positions = self._stretch(stretch, len(text))
            if positions is None:
                problem = "its positions lie outside the text. If the tool counts to the character after the last, say "
                self._add_error(f"{where}, selection {number}", f"{problem}so: --ends after")
            else:
                codings |= set(self._codings(stretch, positions, f"{where}, selection {number}"))
        return Source(element.get("name") or UNNAMED, text, tuple(self._values(element)), frozenset(codings))

    def _text(self, element: etree._Element, where: str) -> str | None:
        content = element.find(f"{{{NAMESPACE}}}PlainTextContent")
        if content is not None:
            return content.text or ""
        member = SOURCES + element.get("plainTextPath", "").removeprefix(INTERNAL)
        if not element.get("plainTextPath", "").startswith(INTERNAL) or _leads_out(member):
            self._add_error(where, "its text is not in the file. Export the project with its sources.")
        elif member not in self.file.namelist():
            self._add_error(where, "the text that it names is not in the file. Export the project with its sources.")
        else:
            try:
                return self._bytes(member).decode("utf-8")
            except UnicodeDecodeError:
                self._add_error(where, "its text is not UTF-8. Export it again.")
        return None

    def _stretch(self, element: etree._Element, length: int) -> tuple[int, int] | None:
        try:
            first, end = int(element.get("startPosition", "")), int(element.get("endPosition", ""))
        except ValueError:
            return None
        after = end + (self.ends is Ends.LAST)
        return (first, after) if 0 <= first < after <= length else None

    def _codings(self, container: etree._Element, positions: tuple[int, int], where: str) -> Iterator[Coding]:
        for element in _children(container, "Coding"):
            ref = element.find(f"{{{NAMESPACE}}}CodeRef")
            code = self.codes.get(_plain(ref.get("targetGUID", ""))) if ref is not None else None
            if code is None:
                self._add_error(where, "a coding names a code that the file does not define. It is set aside.")
                continue
            coder = self.coders.get(_plain(element.get("creatingUser") or container.get("creatingUser") or ""), UNNAMED)
            yield Coding(code.path, coder, *positions)

    def _values(self, element: etree._Element) -> Iterator[tuple[str, str]]:
        for value_element in _children(element, "VariableValue"):
            ref = value_element.find(f"{{{NAMESPACE}}}VariableRef")
            name = self.variables.get(_plain(ref.get("targetGUID", ""))) if ref is not None else None
            values = [child.text or "" for child in value_element if etree.QName(child).localname.endswith("Value")]
            if name and values:
                yield name, values[0]


def _elements(root: etree._Element, group: str, kind: str) -> Iterator[etree._Element]:
    """Return the elements of a kind in a group below the root, such as every User in Users."""
    for parent in _children(root, group):
        yield from _children(parent, kind)


def _children(parent: etree._Element, kind: str) -> Iterator[etree._Element]:
    yield from parent.iterchildren(f"{{{NAMESPACE}}}{kind}")


def _text_of(element: etree._Element, kind: str) -> str:
    child = element.find(f"{{{NAMESPACE}}}{kind}")
    return (child.text or "") if child is not None else ""


def _guid(element: etree._Element) -> str:
    return _plain(element.get("guid", ""))


def _plain(guid: str) -> str:
    """Return a GUID without braces and in lower case, because tools write it in both ways."""
    found = GUID.fullmatch(guid.strip())
    return found[1].lower() if found else guid
