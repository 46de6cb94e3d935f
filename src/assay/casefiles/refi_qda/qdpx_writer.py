"""Write a project as REFI-QDA 1.5 (.qdpx): a zip of `project.qde` and the texts under `sources/`.

Elements are in the order of the published schema. A position counts characters (Unicode code points) from 0, and
`endPosition` is the last character of the stretch (1.5, section 10.2), not the one after it.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from lxml import etree

from assay.casefiles.refi_qda.coding_project import (
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
from assay.casefiles.refi_qda.coding_project import Path as CodePath

ORIGIN = "assay"
TIMESTAMP = (1980, 1, 1, 0, 0, 0)
"""The date of every member of the archive, so that equal content gives equal files."""


def write_project(path: Path, project: Project) -> None:
    """Write a coding project to `path`, and replace an existing file."""
    document = etree.tostring(_project(project), encoding="utf-8", xml_declaration=True, standalone=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(_member(PROJECT), document)
        for source in project.sources:
            file.writestr(_member(f"{SOURCES}{guid('source', source.name)}.txt"), source.text.encode())


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, TIMESTAMP)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


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
    """Write every code inside its parent."""
    placed: dict[CodePath, etree._Element] = {(): root}
    for code in codes:
        element = _add(
            placed[code.path[:-1]], "Code", guid=guid("code", *code.path), name=code.path[-1], isCodable="true"
        )
        if code.description:
            _add(element, "Description").text = code.description
        placed[code.path] = element


def _source(sources: etree._Element, source: Source) -> None:
    source_guid = guid("source", source.name)
    element = _add(
        sources, "TextSource", guid=source_guid, name=source.name, plainTextPath=f"{INTERNAL}{source_guid}.txt"
    )
    stretches: dict[tuple[int, int], list[Coding]] = {}
    for coding in sorted(source.codings):
        stretches.setdefault((coding.first, coding.after), []).append(coding)
    whole = stretches.pop((-1, -1), [])
    for (first, after), codings in stretches.items():
        where = {"startPosition": str(first), "endPosition": str(after - 1)}
        selection = _add(
            element, "PlainTextSelection", guid=guid("stretch", source.name, str(first), str(after)), **where
        )
        for coding in codings:
            _coding(selection, source, coding)
    for coding in whole:
        _coding(element, source, coding)
    for name, value in source.values:
        value_element = _add(element, "VariableValue")
        _add(value_element, "VariableRef", targetGUID=guid("variable", name))
        _add(value_element, "TextValue").text = value


def _coding(parent: etree._Element, source: Source, coding: Coding) -> None:
    identity = (source.name, *coding.code, coding.coder, str(coding.first), str(coding.after))
    element = _add(parent, "Coding", guid=guid("coding", *identity), creatingUser=guid("user", coding.coder))
    _add(element, "CodeRef", targetGUID=guid("code", *coding.code))


def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)
