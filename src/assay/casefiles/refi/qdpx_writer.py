"""How is a project written as REFI-QDA 1.5 (.qdpx): a zip of `project.qde` and the texts under `sources/`?

Elements stand in the order of the published schema. A position counts characters (Unicode code points) from 0, and
`endPosition` is the last character of the stretch (1.5, section 10.2), not the one after it.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from lxml import etree

from assay.casefiles.refi.coding_project import (
    INTERNAL,
    NAMESPACE,
    PROJECT,
    SOURCES,
    Code,
    Coding,
    Project,
    Source,
    guid,
)
from assay.casefiles.refi.coding_project import Path as CodePath

ORIGIN = "assay"
WRITTEN = (1980, 1, 1, 0, 0, 0)
"""The day of every member of the zip, so that one content is one file."""


def write_project(path: Path, project: Project) -> None:
    """Write a project to `path`; what stood there is replaced."""
    document = etree.tostring(_project(project), encoding="utf-8", xml_declaration=True, standalone=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(_member(PROJECT), document)
        for source in project.sources:
            file.writestr(_member(f"{SOURCES}{guid('source', source.name)}.txt"), source.text.encode())


def _member(name: str) -> zipfile.ZipInfo:
    told = zipfile.ZipInfo(name, WRITTEN)
    told.compress_type = zipfile.ZIP_DEFLATED
    return told


def _project(project: Project) -> etree._Element:
    root = etree.Element(f"{{{NAMESPACE}}}Project", {"name": project.name, "origin": ORIGIN}, nsmap={None: NAMESPACE})
    if project.coders:
        users = _add(root, "Users")
        for coder in project.coders:
            _add(users, "User", guid=guid("user", coder), name=coder)
    if project.codes:
        _codes(_add(_add(root, "CodeBook"), "Codes"), project.codes)
    if project.variables:
        variables = _add(root, "Variables")
        for name in project.variables:
            _add(variables, "Variable", guid=guid("variable", name), name=name, typeOfVariable="Text")
    if project.sources:
        sources = _add(root, "Sources")
        for source in project.sources:
            _source(sources, source)
    return root


def _codes(root: etree._Element, codes: tuple[Code, ...]) -> None:
    """Every code inside the one that it lies in."""
    placed: dict[CodePath, etree._Element] = {(): root}
    for code in codes:
        made = _add(placed[code.path[:-1]], "Code", guid=guid("code", *code.path), name=code.path[-1], isCodable="true")
        if code.description:
            _add(made, "Description").text = code.description
        placed[code.path] = made


def _source(sources: etree._Element, source: Source) -> None:
    own = guid("source", source.name)
    made = _add(sources, "TextSource", guid=own, name=source.name, plainTextPath=f"{INTERNAL}{own}.txt")
    stretches: dict[tuple[int, int], list[Coding]] = {}
    for coding in sorted(source.codings):
        stretches.setdefault((coding.first, coding.after), []).append(coding)
    whole = stretches.pop((-1, -1), [])
    for (first, after), codings in stretches.items():
        where = {"startPosition": str(first), "endPosition": str(after - 1)}
        selection = _add(made, "PlainTextSelection", guid=guid("stretch", source.name, str(first), str(after)), **where)
        for coding in codings:
            _coding(selection, source, coding)
    for coding in whole:
        _coding(made, source, coding)
    for name, value in source.values:
        held = _add(made, "VariableValue")
        _add(held, "VariableRef", targetGUID=guid("variable", name))
        _add(held, "TextValue").text = value


def _coding(parent: etree._Element, source: Source, coding: Coding) -> None:
    what = (source.name, *coding.code, coding.coder, str(coding.first), str(coding.after))
    made = _add(parent, "Coding", guid=guid("coding", *what), creatingUser=guid("user", coding.coder))
    _add(made, "CodeRef", targetGUID=guid("code", *coding.code))


def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)
