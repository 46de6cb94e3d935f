"""The end of a workbench, step by step in a process of its own: what was filled in, what is left, what is reported.

Used by the tests of the end, once on SQLite and once on PostgreSQL; what was found is printed as JSON.
"""

import contextlib
import io
import json
import sys
from pathlib import Path

REASON = "The plan was set on the ninth day."


def fill(place):
    """An answer with its reason, a step with a text, a label, that its text was read, that a pair was looked at, and minutes."""
    from assay.workbench import answer_saving, audit_log, label_rounds, panel_minutes, reading_limit
    from assay.workbench.audit_log import Kind
    from assay.workbench.models import Account, CaseFile, Minute, Pair, Reading, Sample, Step, Text

    account = Account.objects.create(code="M01", role="inspector", password="!")
    sample = Sample.objects.create(key="period", questions="responses_case", title="Crimes", seed="s")
    file = CaseFile.objects.create(sample=sample, force_code="INV01", subject_ref="C1", stratum="INV01")
    step = dict.fromkeys(("when", "what", "detail", "by_role", "held_by", "tied_by", "crime", "about"), "")
    Step.objects.create(file=file, place=1, text="A call was returned on the ninth day.", **step)
    reading = Reading.objects.create(file=file, account=account, round="first", kind="inspector")
    answer_saving.save_answer(reading, "specialist", "not_met", REASON)
    text = Text.objects.create(
        question="blaming", round=1, ref="INV01 T1", text="Seen on the ninth day.", people=1, place=1
    )
    folder = label_rounds.labels_folder(place, "blaming")
    folder.mkdir(parents=True)
    (folder / "pool.jsonl").write_text("Seen on the ninth day.", encoding="utf-8")
    label_rounds.save_label(place, account, text, "no")
    reading_limit.TEXTS.count(account, text)
    pair = Pair.objects.create(ref="P1", knot="INV01 V1", other_knot="INV02 V1", place=1)
    reading_limit.PAIRS.count(account, pair)
    minute = Minute(held_on="2026-01-01", present="P01", text="It was talked over on the ninth day.", account=account)
    with audit_log.write_lines() as lines:
        minute.event = lines.add(Kind.MINUTED, "M01", says=panel_minutes.minute_digest(minute))
        minute.save()


def left():
    """The tables of the workbench that hold anything."""
    from django.apps import apps

    return sorted(model.__name__ for model in apps.get_app_config("workbench").get_models() if model.objects.exists())


def assay(*arguments):
    """The code and the words of a command, in this process."""
    from assay.cli import main

    output, code = io.StringIO(), 0
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        try:
            main(list(arguments))
        except SystemExit as ended:
            code = int(ended.code or 0)
    return [code, output.getvalue()]


def end(folder):
    """Everything that happens to it, in order."""
    from assay.workbench.django_setup import start_django
    from assay.workbench.workbench_folder import make_workbench_folder

    place = make_workbench_folder(folder)
    start_django(place)
    fill(place)
    from assay.workbench.models import Account, Event, Minute
    from assay.workbench.workbench_retirement import destroy_content
    from assay.workbench.workbench_verification import verify_workbench

    report = {"before": verify_workbench(place), "rows": destroy_content(place, inspection_ended=False), "left": left()}
    report["between"] = verify_workbench(place)
    minute = Minute.objects.get()
    report["retired"] = assay("inspect", "retire", str(folder), "--yes")
    report["again"] = assay("inspect", "retire", str(folder), "--yes", "--json")
    report["left at the end"] = left()
    report["verified"] = assay("inspect", "verify", str(folder))
    report["may come in"] = Account.objects.filter(is_active=True).count()
    minute.save(force_insert=True)
    report["come back"] = verify_workbench(place)
    Event.objects.bulk_create([Event(number=99, at="", who="", kind="answered", about="{}", before="", hash="")])
    report["added"] = verify_workbench(place)
    return report


if __name__ == "__main__":
    print(json.dumps(end(Path(sys.argv[1]))))
