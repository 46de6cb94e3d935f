"""Are the statements of a stage reused only for the same code and columns, with the same rows?"""

import pyarrow as pa
import pytest

from assay.engine import ExpressionEngine, expressions
from assay.engine.statement_plans import ReadLog
from assay.errors import DefinitionError

STEPS = pa.table({"force_code": ["X1", "X2", "X1"], "visits": pa.array([3, 1, 2])})
FORCES = pa.table({"force_code": ["X1", "X2"]})


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(expressions, "COMPILED_STATEMENTS", {})
    return tmp_path / "cache"


def plan_files(cache):
    return sorted(cache.rglob("plan-*.sql"))


def derive_doubled(engine, calls):
    """Make doubled visits in two steps, of one of the tables."""

    def derive(tables):
        calls.append(list(tables))
        steps = tables["steps"]
        doubled = engine.create_table("work_doubled", steps.mutate(visits=steps.visits * 2))
        return {"all": doubled, "many": doubled.filter(doubled.visits > 2).select("visits")}

    return derive


class RecordingTables(dict):
    """Tables by name, with each name that was read."""

    def __init__(self, tables):
        super().__init__(tables)
        self.read = []

    def __getitem__(self, name):
        self.read.append(name)
        return super().__getitem__(name)


def run_plan(steps=STEPS, code="code 1"):
    """The rows, whether expressions were made, which tables were read, and the statements."""
    calls = []
    with ExpressionEngine() as engine:
        tables = RecordingTables({"steps": engine.table("steps", steps), "forces": engine.table("forces", FORCES)})
        found = engine.run_plan(code, tables, derive_doubled(engine, calls))
        return found, bool(calls), tables.read, engine.statements


def test_a_kept_plan_gives_the_same_rows_reads_and_statements_without_an_expression():
    first, was_made, read, statements = run_plan()
    assert was_made
    assert first["all"].to_pydict() == {"force_code": ["X1", "X1", "X2"], "visits": [4, 6, 2]}
    assert first["many"].to_pydict() == {"visits": [4, 6]}
    assert run_plan() == (first, False, read, statements)
    assert read == ["steps"]


def test_a_kept_plan_reads_the_rows_of_today():
    run_plan()
    found, was_made, *_ = run_plan(STEPS.slice(1, 1))
    assert not was_made
    assert found["all"].to_pydict() == {"force_code": ["X2"], "visits": [2]}
    assert found["many"].num_rows == 0


@pytest.mark.parametrize(
    "other",
    [
        {"code": "code 2"},
        {"steps": STEPS.append_column("ended", pa.array([True] * 3))},
        {"steps": STEPS.set_column(1, "visits", pa.array([3.0, 1.0, 2.0]))},
    ],
    ids=["code", "column", "type"],
)
def test_other_code_or_columns_make_a_plan_of_their_own(cache, other):
    run_plan()
    assert run_plan(**other)[1]
    assert len(plan_files(cache)) == 2


def test_a_plan_holds_no_row(cache):
    run_plan(STEPS.set_column(0, "force_code", pa.array(["SECRET"] * 3)))
    (path,) = plan_files(cache)
    assert "SECRET" not in path.read_text()
    assert "work_doubled" in path.read_text()


def test_a_damaged_plan_is_made_anew(cache):
    first, *_ = run_plan()
    (path,) = plan_files(cache)
    path.write_text(path.read_text().replace("* 2", "* 3").replace("visits", "x"))
    assert run_plan()[:2] == (first, True)


def test_without_a_cache_folder_a_plan_is_made_each_time(monkeypatch):
    monkeypatch.setenv("ASSAY_CACHE", "")
    assert run_plan()[1]
    assert run_plan()[1]


def test_a_plan_is_not_kept_if_making_it_fails(cache):
    with ExpressionEngine() as engine:
        tables = {"steps": engine.table("steps", STEPS)}
        with pytest.raises(KeyError):
            engine.run_plan("code 1", tables, lambda tables: {"all": tables["absent"]})
        assert engine.run(tables["steps"]).num_rows == 3
    assert plan_files(cache) == []


def test_a_table_that_may_not_be_read_is_refused_by_a_kept_plan_too():
    run_plan()

    class Refusing(RecordingTables):
        def __getitem__(self, name):
            raise PermissionError(name)

    with ExpressionEngine() as engine:
        tables = Refusing({"steps": engine.table("steps", STEPS), "forces": engine.table("forces", FORCES)})
        with pytest.raises(PermissionError, match="steps"):
            engine.run_plan("code 1", tables, derive_doubled(engine, []))


@pytest.mark.parametrize(
    "misuse",
    [
        lambda engine, tables: engine.run(tables["steps"]),
        lambda engine, tables: engine.table("more", FORCES),
        lambda engine, tables: engine.run_plan("code 2", tables, lambda tables: {"all": tables["steps"]}),
    ],
    ids=["run", "table", "plan"],
)
def test_a_plan_may_not_read_rows_while_its_expressions_are_made(cache, misuse):
    def derive(tables):
        misuse(engine, tables)
        return {"all": tables["steps"]}

    with ExpressionEngine() as engine:
        tables = {"steps": engine.table("steps", STEPS)}
        with pytest.raises(DefinitionError, match="plan"):
            engine.run_plan("code 1", tables, derive)
        assert engine.run(tables["steps"]).num_rows == 3
    assert plan_files(cache) == []


@pytest.mark.parametrize(
    "first",
    [
        lambda tables: tables.get("steps"),
        lambda tables: next(iter(tables.values())),
        lambda tables: next(iter(tables.items()))[1],
    ],
    ids=["get", "values", "items"],
)
def test_a_table_is_read_by_every_access_of_a_mapping(first):
    log = ReadLog({"steps": "the table"})
    assert (first(log), log.reads) == ("the table", ["steps"])
    assert log.get("absent", "none") == "none"
    assert (list(log), "steps" in log, log.reads) == (["steps"], True, ["steps"])
