"""What stands in a REFI-QDA file (.qdpx) that a coding tool wrote, read so that the file can do no harm?

The zip is never unpacked: its members are read one by one, up to a limit, and only those under `sources/` that the
project names. The XML is read without a document type, entities or network. What cannot be used is told by its place
in the file, never by what stands there; a thing that cannot be used stops no other.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from lxml import etree

from assay.casefiles.refi.coding_project import (
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
from assay.casefiles.refi.coding_project import Path as CodePath
from assay.engine.safe_files.archive_limits import BROKEN
from assay.errors import SourceError

MOST_MEMBERS, MOST_BYTES, MOST_IN_ALL, MOST_RATIO, DEEPEST = 20_000, 50_000_000, 200_000_000, 200, 20
"""Members of the zip, bytes of one and of all together, how many times larger than packed, codes in one another."""
SMALL = 1_000_000
"""Up to so many bytes a member may be packed as tightly as it likes."""
NOBODY: Final = "unnamed"


class Ends(Enum):
    """What `endPosition` of a stretch is: its last character, as the standard says, or the one after it."""

    LAST = "last"
    AFTER = "after"


@dataclass(frozen=True)
class Came:
    """A project as it came; by the name of each coder their number in the file; what could not be used, a sentence
    each; and how many memos there were, which are not read."""

    project: Project
    coders: Mapping[str, str]
    faults: tuple[str, ...]
    memos: int


def read_project(path: Path, ends: Ends = Ends.LAST) -> Came:
    """The project in a file; SourceError, a sentence, where the file as a whole cannot be used."""
    try:
        with zipfile.ZipFile(path) as file:
            _look_over(path, file)
            return _Reading(path, file, ends).project()
    except BROKEN as error:
        raise SourceError(f"{path.name} cannot be read as a .qdpx: {type(error).__name__}. Export it again.") from None


def _look_over(path: Path, file: zipfile.ZipFile) -> None:
    """Refuse, before anything is read, a zip that would swell, is locked, or names places outside itself."""
    members = file.infolist()
    names = [one.filename for one in members]
    large = [one for one in members if one.file_size > SMALL]
    swells = [one for one in large if one.file_size > MOST_RATIO * max(one.compress_size, 1)]
    for wrong, says in (
        (len(members) > MOST_MEMBERS, f"it holds more than {MOST_MEMBERS:,} files"),
        (any(one.file_size > MOST_BYTES for one in members), f"a file in it is larger than {MOST_BYTES:,} bytes"),
        (sum(one.file_size for one in members) > MOST_IN_ALL, f"unpacked it is larger than {MOST_IN_ALL:,} bytes"),
        (bool(swells), "a file in it swells beyond any text when it is unpacked"),
        (any(one.flag_bits & 0x1 for one in members), "it is locked with a password"),
        (any(_leads_out(name) for name in names), "a file in it has a path that leads out of it"),
        (len(set(names)) < len(names), "two files in it have one name"),
        (PROJECT not in names, f"it holds no {PROJECT}"),
    ):
        if wrong:
            raise SourceError(f"{path.name} is refused: {says}. Nothing of it was read.")


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return "\\" in name or name.startswith("/") or ".." in parts or ":" in parts[0]


def parsed(document: bytes, name: str) -> etree._Element:
    """The root of `project.qde`; SourceError where it is no such document, or has a document type."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        said = f"{name}, {PROJECT}, line {error.lineno}: it cannot be read as XML. Export it again."
        raise SourceError(said) from None
    if root.getroottree().docinfo.doctype:
        raise SourceError(f"{name}, {PROJECT}: it has a document type, which no project needs. Nothing of it was read.")
    if root.tag != f"{{{NAMESPACE}}}Project":
        raise SourceError(f"{name}, {PROJECT}: its root is not Project of {NAMESPACE}. Export it as REFI-QDA project.")
    return root


class _Reading:
    """One file, while it is read: codes, coders and variables by GUID, and what could not be used."""

    def __init__(self, path: Path, file: zipfile.ZipFile, ends: Ends) -> None:
        self.name, self.file, self.ends = path.name, file, ends
        self.faults: list[str] = []
        self.left = MOST_IN_ALL
        self.root = parsed(self._bytes(PROJECT), path.name)
        self.codes = dict(self._codes(_all(self.root, "CodeBook", "Codes"), ()))
        self.coders = {_guid(one): one.get("name") or NOBODY for one in _all(self.root, "Users", "User")}
        self.variables = {_guid(one): one.get("name") or "" for one in _all(self.root, "Variables", "Variable")}

    def project(self) -> Came:
        """Everything in it."""
        codes: dict[CodePath, Code] = {}
        for code in self.codes.values():
            codes.setdefault(code.path, code)
        sources = [self._source(place, one) for place, one in enumerate(_all(self.root, "Sources", "*"), start=1)]
        kept: dict[str, Source] = {}
        for place, source in enumerate(sources, start=1):
            if source and source.name in kept:
                self._fault(f"source {place}", "a source before it has the same name. It is set aside; name it anew.")
            elif source:
                kept[source.name] = source
        memos = len(list(_all(self.root, "Notes", "Note")))
        project = Project(self.root.get("name", ""), tuple(codes.values()), tuple(kept.values()))
        coders = {name: number for number, name in self.coders.items()}
        return Came(project, coders, tuple(self.faults), memos)

    def _fault(self, where: str, says: str) -> None:
        self.faults.append(f"{self.name}, {where}: {says}")

    def _bytes(self, member: str) -> bytes:
        """A member, never more of it than a member may have: a header can lie."""
        with self.file.open(member) as opened:
            read = opened.read(min(MOST_BYTES, self.left) + 1)
        self.left -= len(read)
        if len(read) > MOST_BYTES or self.left < 0:
            raise SourceError(f"{self.name} is refused: unpacked it is larger than it may be.")
        return read

    def _codes(self, within: Iterator[etree._Element], above: CodePath) -> Iterator[tuple[str, Code]]:
        for parent in within:
            for one in _children(parent, "Code"):
                path = (*above, one.get("name") or NOBODY)
                if len(path) > DEEPEST:
                    raise SourceError(f"{self.name}, {PROJECT}: codes lie more than {DEEPEST} deep in one another.")
                yield _guid(one), Code(path, _text_of(one, "Description"))
                yield from self._codes(iter([one]), path)

    def _source(self, place: int, one: etree._Element) -> Source | None:
        where = f"source {place}"
        if etree.QName(one).localname != "TextSource":
            self._fault(where, "it is no text. Pictures, sound and film are not read.")
            return None
        text = self._text(one, where)
        if text is None:
            return None
        codings = set(self._codings(one, (-1, -1), where))
        for number, stretch in enumerate(_children(one, "PlainTextSelection"), start=1):
            at = self._stretch(stretch, len(text))
            if at is None:
                says = "its positions lie outside the text. If the tool counts to the character after the last, say "
                self._fault(f"{where}, selection {number}", f"{says}so: --ends after")
            else:
                codings |= set(self._codings(stretch, at, f"{where}, selection {number}"))
        return Source(one.get("name") or NOBODY, text, tuple(self._values(one)), frozenset(codings))

    def _text(self, one: etree._Element, where: str) -> str | None:
        held = one.find(f"{{{NAMESPACE}}}PlainTextContent")
        if held is not None:
            return held.text or ""
        member = SOURCES + one.get("plainTextPath", "").removeprefix(INTERNAL)
        if not one.get("plainTextPath", "").startswith(INTERNAL) or _leads_out(member):
            self._fault(where, "its text does not lie in the file. Export the project with its sources.")
        elif member not in self.file.namelist():
            self._fault(where, "the text that it names is not in the file. Export the project with its sources.")
        else:
            try:
                return self._bytes(member).decode("utf-8")
            except UnicodeDecodeError:
                self._fault(where, "its text is not UTF-8. Export it again.")
        return None

    def _stretch(self, one: etree._Element, length: int) -> tuple[int, int] | None:
        try:
            first, end = int(one.get("startPosition", "")), int(one.get("endPosition", ""))
        except ValueError:
            return None
        after = end + (self.ends is Ends.LAST)
        return (first, after) if 0 <= first < after <= length else None

    def _codings(self, within: etree._Element, at: tuple[int, int], where: str) -> Iterator[Coding]:
        for one in _children(within, "Coding"):
            ref = one.find(f"{{{NAMESPACE}}}CodeRef")
            code = self.codes.get(_plain(ref.get("targetGUID", ""))) if ref is not None else None
            if code is None:
                self._fault(where, "a coding names no code of the file. It is set aside.")
                continue
            coder = self.coders.get(_plain(one.get("creatingUser") or within.get("creatingUser") or ""), NOBODY)
            yield Coding(code.path, coder, *at)

    def _values(self, one: etree._Element) -> Iterator[tuple[str, str]]:
        for held in _children(one, "VariableValue"):
            ref = held.find(f"{{{NAMESPACE}}}VariableRef")
            name = self.variables.get(_plain(ref.get("targetGUID", ""))) if ref is not None else None
            values = [child.text or "" for child in held if etree.QName(child).localname.endswith("Value")]
            if name and values:
                yield name, values[0]


def _all(root: etree._Element, group: str, kind: str) -> Iterator[etree._Element]:
    """The elements of a kind in a group below the root, such as every User in Users."""
    for within in _children(root, group):
        yield from _children(within, kind)


def _children(within: etree._Element, kind: str) -> Iterator[etree._Element]:
    yield from within.iterchildren(f"{{{NAMESPACE}}}{kind}")


def _text_of(one: etree._Element, kind: str) -> str:
    held = one.find(f"{{{NAMESPACE}}}{kind}")
    return (held.text or "") if held is not None else ""


def _guid(one: etree._Element) -> str:
    return _plain(one.get("guid", ""))


def _plain(guid: str) -> str:
    """A GUID without braces, in small letters: tools write it either way."""
    found = GUID.fullmatch(guid.strip())
    return found[1].lower() if found else guid
