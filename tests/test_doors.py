"""Does every room of the house import only from rooms above it and from the tools?

The stream is read from the package's own docstring, so that the list a reader sees is the list that is kept.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from parsed_once import parsed

pytestmark = pytest.mark.quick

SRC = Path(__file__).parent.parent / "src"
COMMON = {"errors", "wording"}  # known everywhere: how a room says that something is wrong, or how a figure is said
NEIGHBOURLY = {"enquiries"}  # rooms whose own rooms do not look into one another
CLOSED_TO = {"report": {"enquiries", "records", "returns", "persons", "comparison", "judgement"}}
NEVER_TOGETHER = ({"invented", "language"}, {"invented", "enquiries"})


def groups(docstring: str) -> dict[str, list[str]]:
    """The rooms under 'The stream', 'The tools' and 'Side rooms', in the order in which they stand."""
    found: dict[str, list[str]] = {}
    for line in docstring.splitlines():
        if heading := re.match(r"(The stream|The tools|Side rooms)\b", line):
            found[heading[1]] = []
        elif found and (room := re.match(r" {4}(\w+) {2,}\S", line)):
            found[list(found)[-1]].append(room[1])
    return found


def names_imported(tree: ast.AST, here: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every module named by an import, at the top or inside a function, as its path of names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level] if node.level else ()
            base += tuple(node.module.split(".")) if node.module else ()
            # `from assay import enquiries` names the room only among the names that follow.
            yield from ((*base, alias.name) for alias in node.names)


def imports(package: Path) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(module, what it imports), both as paths of names below the package."""
    for path in sorted(package.rglob("*.py")):
        here = path.relative_to(package.parent).with_suffix("").parts
        for name in names_imported(parsed(path), here):
            if name[0] == package.name and len(name) > 1:
                yield here[1:], name[1:]


def wrong_turn(here: tuple[str, ...], to: tuple[str, ...], house: dict[str, list[str]]) -> str:
    """Why this import goes through a door that is closed; empty if the door is open."""
    stream, tools, side = house["The stream"], house["The tools"], house["Side rooms"]
    room, other = here[0], to[0]
    if other in COMMON or other.startswith("__") or room in side:
        return ""
    if room == other:
        apart = room in NEIGHBOURLY and len(here) > 2 and len(to) > 1 and here[1] != to[1]
        neighbours = {r for r in (here[1], to[1]) if (SRC / "assay" / room / r).is_dir()} if apart else set()
        return "looks into its neighbour; a fact both need belongs in records" if len(neighbours) == 2 else ""
    if other in side:
        return "enters a side room"
    if room in tools and other in stream:
        return "is a tool, and tools know no room"
    if other in CLOSED_TO.get(room, ()):
        return "may take only what disclosure has released"
    if any({room, other} == pair for pair in NEVER_TOGETHER):
        return "must not know what the other knows"
    if room in stream and other in stream and stream.index(other) > stream.index(room):
        return "reaches downstream"
    return ""


def closed_doors(package: Path) -> list[str]:
    """One sentence for each import that goes where it should not."""
    house = groups(ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or "")
    return [
        f"{'/'.join(here)} {why}: {'.'.join(to)}"
        for here, to in imports(package)
        if (why := wrong_turn(here, to, house))
    ]


def test_no_room_leans_out_of_the_window():
    assert closed_doors(SRC / "assay") == []


def test_every_room_stands_in_the_package_docstring_and_every_name_there_is_a_room():
    house = groups(ast.get_docstring(ast.parse((SRC / "assay" / "__init__.py").read_text())) or "")
    listed = {room for rooms in house.values() for room in rooms}
    there = {
        p.stem for p in (SRC / "assay").iterdir() if p.suffix in (".py", "") and not p.name.startswith("_")
    }
    assert list(house) == ["The stream", "The tools", "Side rooms"]
    assert listed == there - COMMON


ALONE = ("estimation", "multiple_systems")


def leaves_its_own_room(package: Path, room: tuple[str, ...]) -> list[str]:
    """One sentence for each import of a library that should stand alone of anything of ours outside it."""
    return [
        f"{'/'.join(here)} is to stand alone: {'.'.join(to)}"
        for here, to in imports(package)
        if here[: len(room)] == room and to[: len(room)] != room
    ]


def test_multiple_systems_imports_nothing_of_ours():
    assert leaves_its_own_room(SRC / "assay", ALONE) == []


@pytest.mark.parametrize("text", ["from assay.estimation.refusals import Refused", "from assay import errors"])
def test_a_library_that_does_not_stand_alone_is_seen(invented_house, text):
    package = invented_house({"estimation/multiple_systems/a.py": text})
    assert [sentence.split(" ")[0] for sentence in leaves_its_own_room(package, ALONE)] == [
        "estimation/multiple_systems/a"
    ]


TRUTH = re.compile(r"(?i)(^|/)truth($|/|\.toml$)")
MAY_NAME_THE_TRUTH = {
    "evidence/verify": "passes it over, since no receipt speaks of it",
    "inspection/permission": "refuses whoever asks for it, or would take it in",
    "inspection/demo": "puts it there at the end",
}


def names_the_truth(tree: ast.AST) -> bool:
    """Whether a module names the folder of the truth, or takes its name from another."""
    words = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    taken = [alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names]
    return "TRUTH" in taken or any(TRUTH.search(word) for word in words)


def test_no_room_names_the_folder_of_the_truth_but_those_that_write_it_score_it_or_refuse_it():
    found = set()
    for path in sorted((SRC / "assay").rglob("*.py")):
        here = path.relative_to(SRC / "assay").with_suffix("")
        if here.parts[0] not in ("truths", "invented") and names_the_truth(parsed(path)):
            found.add(here.as_posix())
    assert found == set(MAY_NAME_THE_TRUTH)


def test_only_one_module_of_the_truths_knows_the_inventor():
    entering = {here[1] for here, to in imports(SRC / "assay") if here[0] == "truths" and to[0] == "invented"}
    assert entering == {"worlds"}


@pytest.mark.parametrize("word", ["truth", "truth/truth.toml", "in/truth/crimes.parquet", "Truth/"])
def test_a_room_that_names_the_truth_would_be_seen(word):
    assert names_the_truth(ast.parse(f"path = folder / {word!r}"))


def test_a_word_that_begins_like_it_is_not_the_truth():
    assert not names_the_truth(ast.parse("said = 'truthful'"))


HOUSE = '''"""What is it?

The stream
    returns       what is sent
    records       facts
    enquiries     what may be said
    report        pages

The tools (they know no room)
    engine        where statements run

Side rooms (no room imports them)
    cli           the command
"""
'''


@pytest.fixture
def invented_house(tmp_path):
    """A house with the given modules: {'records/facts.py': 'import ...'}."""

    def build(modules: dict[str, str]) -> Path:
        package = tmp_path / "assay"
        for name, text in {"__init__.py": HOUSE, **modules}.items():
            path = package / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return package

    return build


@pytest.mark.parametrize(
    ("module", "text", "sentence"),
    [
        ("records/a.py", "from assay import enquiries", "records/a reaches downstream: enquiries"),
        ("records/a.py", "import assay.enquiries.scale", "records/a reaches downstream: enquiries.scale"),
        ("records/a.py", "from ..enquiries import scale", "records/a reaches downstream: enquiries.scale"),
        (
            "records/a.py",
            "def f():\n    from assay.report import x",
            "records/a reaches downstream: report.x",
        ),
        ("records/__init__.py", "from ..report import x", "records/__init__ reaches downstream: report.x"),
        (
            "engine/a.py",
            "from assay.returns import x",
            "engine/a is a tool, and tools know no room: returns.x",
        ),
        ("engine/a.py", "from assay import cli", "engine/a enters a side room: cli"),
        (
            "report/a.py",
            "from assay import records",
            "report/a may take only what disclosure has released: records",
        ),
    ],
)
def test_the_checker_sees_a_door_that_is_closed(invented_house, module, text, sentence):
    assert closed_doors(invented_house({module: text})) == [sentence]


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("records/a.py", "from assay.returns import x"),
        ("records/a.py", "from assay import engine, errors"),
        ("records/a.py", "from . import b\nfrom .b import c\nimport json"),
        ("cli.py", "from assay import report, records"),
    ],
)
def test_the_checker_lets_an_open_door_be(invented_house, module, text):
    assert closed_doors(invented_house({module: text})) == []


def test_enquiries_do_not_look_into_one_another():
    house = {"The stream": ["enquiries"], "The tools": [], "Side rooms": []}
    there = ("enquiries", "responses", "outcomes")
    assert "neighbour" in wrong_turn(("enquiries", "scale", "trend"), there, house)
    assert wrong_turn(("enquiries", "scale", "trend"), ("enquiries", "finding", "Finding"), house) == ""


AFTER_PERSONS = ("groups", "records", "enquiries", "comparison", "disclosure", "report")


def identity_names() -> set[str]:
    """The columns that tell who a person is, as the contract of the return marks them."""
    from assay.returns.separated_columns import identity_names as names

    return set(names())


def names_read(tree: ast.AST) -> Iterator[str]:
    """Every attribute, key and keyword that code can read a column by."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def identities_read(package: Path) -> list[str]:
    """One sentence for each module of a room after `persons` that names an identity column."""
    names = identity_names()
    return sorted({
        f"{path.relative_to(package).as_posix()} reads {name}, which tells who a person is"
        for room in AFTER_PERSONS
        for path in (package / room).rglob("*.py")
        for name in names_read(parsed(path))
        if name in names
    })  # fmt: skip


def test_no_room_after_persons_can_read_who_somebody_is():
    assert {"forenames", "surname", "date_of_birth", "postcode", "phone", "link_value"} <= identity_names()
    assert identities_read(SRC / "assay") == []


@pytest.mark.parametrize("text", ["rows.surname", "rows['date_of_birth']", "rows.select(born='postcode')", "f(phone=1)"])
def test_a_room_that_reads_who_somebody_is_is_seen(invented_house, text):
    package = invented_house({"records/a.py": text})
    assert [sentence.split(" ")[0] for sentence in identities_read(package)] == ["records/a.py"]
