"""What the standard asks of a project file (REFI-QDA 1.5 and its schema of 18 March 2019), as far as we write it.

Order of elements, attributes that must be there, the form of a number (GUID), references that lead somewhere, numbers
that stand once, and positions: both ends are characters of the text.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

SPACE = "{urn:QDA-XML:project:1.0}"
NUMBER = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
INSIDE = {
    "Project": ("Users", "CodeBook", "Variables", "Cases", "Sources", "Notes", "Links", "Sets", "Graphs", "Description"),
    "Users": ("User",), "CodeBook": ("Codes",), "Codes": ("Code",), "Code": ("Description", "NoteRef", "Code"),
    "Variables": ("Variable",), "Variable": ("Description",), "Sources": ("TextSource",),
    "TextSource": ("Description", "PlainTextContent", "PlainTextSelection", "Coding", "NoteRef", "VariableValue"),
    "PlainTextSelection": ("Description", "Coding", "NoteRef"), "Coding": ("CodeRef", "NoteRef"),
    "VariableValue": ("VariableRef", "TextValue"),
}  # fmt: skip
NEEDED = {
    "Project": {"name"}, "User": {"guid"}, "Code": {"guid", "name", "isCodable"}, "TextSource": {"guid"},
    "Variable": {"guid", "name", "typeOfVariable"}, "Coding": {"guid"},
    "PlainTextSelection": {"guid", "startPosition", "endPosition"}, "CodeRef": {"targetGUID"},
    "VariableRef": {"targetGUID"},
}  # fmt: skip
NEVER_EMPTY = ("Users", "CodeBook", "Codes", "Variables", "Sources")
TARGETS = {"CodeRef": "Code", "VariableRef": "Variable"}


def broken(path: Path) -> list[str]:
    """What a file breaks, a sentence each."""
    with zipfile.ZipFile(path) as file:
        root = etree.fromstring(file.read("project.qde"))
        texts = {name: file.read(name).decode() for name in file.namelist() if name.startswith("sources/")}
    return list(_broken(root, texts))


def _broken(root, texts: dict[str, str]) -> Iterator[str]:
    if root.tag != f"{SPACE}Project":
        yield "the root is no Project"
    numbers = [element.get("guid") for element in root.iter() if element.get("guid")]
    if len(set(numbers)) < len(numbers):
        yield "a number stands twice"
    kinds = {element.get("guid"): _kind(element) for element in root.iter() if element.get("guid")}
    for element in root.iter():
        kind, children = _kind(element), [_kind(child) for child in element]
        order = INSIDE.get(kind, ())
        if set(children) - set(order) or children != sorted(children, key=order.index):
            yield f"{kind} holds {children}"
        if kind in NEVER_EMPTY and not children:
            yield f"{kind} is empty"
        if NEEDED.get(kind, set()) - set(element.attrib):
            yield f"{kind} lacks an attribute"
        for name in ("guid", "targetGUID", "creatingUser"):
            if element.get(name) is not None and not NUMBER.fullmatch(element.get(name)):
                yield f"{kind}: {name} is no number"
        if kind in TARGETS and kinds.get(element.get("targetGUID")) != TARGETS[kind]:
            yield f"{kind} leads nowhere"
        if element.get("creatingUser") and kinds.get(element.get("creatingUser")) != "User":
            yield f"{kind} was made by nobody"
        if kind == "TextSource":
            text = texts.get("sources/" + element.get("plainTextPath", "").removeprefix("internal://"))
            if text is None:
                yield "a source has no text"
                continue
            for stretch in element.iterchildren(f"{SPACE}PlainTextSelection"):
                if not 0 <= int(stretch.get("startPosition")) <= int(stretch.get("endPosition")) < len(text):
                    yield "a stretch lies outside its text"


def _kind(element) -> str:
    return etree.QName(element).localname
