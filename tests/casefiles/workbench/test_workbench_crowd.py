"""When fifty mark at once, or the server dies at any moment: is a mark that was acknowledged ever lost, or doubled?"""

import contextlib
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from assay.ingest.inspection_folder import new_inspection
from assay.workbench.workbench_folder import make_workbench_folder
from casefiles.workbench import workbench_crowd as crowd

READERS, AT_MOST_SECONDS, PAUSE, ENOUGH = 50, 60.0, 1.0, 6
OTHER_READERS = 3


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def workbench(request, country, tmp_path_factory):
    """A workbench with fifty readers on each kind of tables; each test serves it anew, and answers with readers of its own."""
    inspection = new_inspection(tmp_path_factory.mktemp("crowd") / "inspection", country / "request.toml").folder
    with contextlib.ExitStack() as stack:
        if request.param == "PostgreSQL":
            if crowd.programs() is None:
                pytest.skip(crowd.NO_POSTGRESQL)
            pytest.importorskip("psycopg", reason="PostgreSQL: no driver here (the extra postgresql)")
            crowd.use_postgresql(inspection, stack.enter_context(crowd.postgresql()))
        readers = crowd.in_process("prepare", inspection, str(READERS + OTHER_READERS))["readers"]
        yield inspection, readers


def test_of_fifty_who_mark_at_once_until_the_server_is_killed_no_acknowledged_mark_is_lost_or_doubled(workbench):
    inspection, readers = workbench
    with crowd.server(inspection, workers=2) as (port, running):
        after = random.randint(40, 140)
        reader_logs = crowd.mark(
            port, readers[:READERS], AT_MOST_SECONDS, PAUSE, kill=lambda: crowd.killed(running), after=after
        )
    stored_answers = crowd.in_process("stored_answers", inspection)
    assert stored_answers["differences"] == []
    assert sum(len(reader_log.acknowledged) for reader_log in reader_logs) >= after
    for (_session, reading), log in zip(readers[:READERS], reader_logs, strict=True):
        answers = [tuple(answer) for answer in stored_answers["answers"].get(str(reading), [])]
        assert log.refused == []
        assert answers[: len(log.acknowledged)] == log.acknowledged
        assert len(answers) <= len(log.acknowledged) + 1  # one may have been kept whose word of it was cut off


def test_while_twenty_try_passwords_a_reader_marks_on_and_the_audit_log_stays_short(workbench):
    inspection, readers = workbench
    with crowd.server(inspection) as (port, _running), ThreadPoolExecutor() as executor:
        marking = executor.submit(crowd.mark, port, readers[READERS:][:1], AT_MOST_SECONDS, 0.2, enough=ENOUGH)
        codes = crowd.flood(port, 20, AT_MOST_SECONDS, marking.done)
        reader_log = marking.result()[0]
    lines = crowd.in_process("stored_answers", inspection)["lines"]
    assert reader_log.refused == []
    assert len(reader_log.acknowledged) == ENOUGH
    assert len(codes) > 20
    assert set(codes) <= {422, 429}
    assert lines.count("sign-in refused") + lines.count("locked out") <= 8  # five, and what was checked at that moment


@pytest.mark.parametrize("workbench", ["PostgreSQL"], indirect=True)
def test_a_connection_that_postgresql_has_closed_is_opened_anew_and_nobody_is_shown_an_error(workbench):
    inspection, readers = workbench
    settings = make_workbench_folder(inspection).postgresql
    import psycopg

    with crowd.server(inspection) as (port, _running):
        assert crowd.mark(port, readers[-2:], 2.0, 0.2)[0].acknowledged
        with psycopg.connect(settings, autocommit=True) as connection:
            connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() "
                         "and backend_type = 'client backend'")  # fmt: skip
        after = crowd.mark(port, readers[-2:], 3.0, 0.2)
    assert [item.refused for item in after] == [[], []]
    assert all(item.acknowledged for item in after)
