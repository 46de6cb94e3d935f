"""An invented inspection to play in, in a process of its own: what each role finds, and the last files marked.

Used by the journey of returns on a country that was run; what was found is printed as JSON.
"""

import json
import re
import sys
import time
from pathlib import Path


def first_pages(codes):
    """What each account finds at the first page of each of its ways, by path: how many things lead on from it."""
    from django.conf import settings
    from django.test import Client
    from django_otp import DEVICE_ID_SESSION_KEY
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from assay.workbench.gate import BEGUN, SEEN
    from assay.workbench.models import Account
    from assay.workbench.rooms import ways

    settings.ALLOWED_HOSTS = ["*"]
    found = {}
    for code in codes:
        account, client = Account.objects.get(code=code), Client()
        client.force_login(account, "django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[BEGUN] = session[SEEN] = int(time.time())
        session[DEVICE_ID_SESSION_KEY] = TOTPDevice.objects.get(user=account).persistent_id
        session.save()
        for path, _said in ways(account.role):
            page = client.get(path).content.decode()
            found[f"{code} {path}"] = len(re.findall(r'<fieldset|href="/(?:reading|sample|label|pair|panel|letters)/', page))
        if account.role == "panel":
            line = client.get(re.search(r'/panel/[^"]+', page := client.get("/panel").content.decode())[0]).content.decode()
            found["reasons"] = client.get(re.search(r'/panel/[^"]+/attitudes', line)[0]).content.decode()
    return found


def mark_the_rest():
    """Every reading that is left is answered and finished: nothing was met."""
    from assay.workbench import answering
    from assay.workbench.models import OPEN, Reading

    for reading in Reading.objects.filter(state=OPEN).select_related("file__sample", "account"):
        for one in answering.asked_of(reading).questions:
            answering.save(reading, one.key, "not_met" if "not_met" in one.answers else one.answers[-1], "As recorded.")
        assert answering.finish(reading).open == 0


def play(folder):
    """Everything, in order; nothing of what is marked here is sealed."""
    from assay.invented.inspectors import Inspectors
    from assay.workbench.place import make_place
    from assay.workbench.playing import SEED, STAFF, set_up
    from assay.workbench.starting import start

    start(make_place(folder))
    set_up(folder, Inspectors(folder.with_name(f"{folder.name}-sent") / "truth", SEED))
    pages = first_pages([code for code, *_ in STAFF])
    mark_the_rest()
    return pages


if __name__ == "__main__":
    print(json.dumps(play(Path(sys.argv[1]))))
