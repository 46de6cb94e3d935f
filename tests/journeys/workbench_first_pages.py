"""What each account of a practice inspection finds on its first pages: `python workbench_first_pages.py INSPECTION`.

In a process of its own, since Django is set up once in a process; prints JSON.
"""

import json
import re
import sys
import time
from pathlib import Path

from assay.workbench.demo_workbench import STAFF
from assay.workbench.django_setup import start_django
from assay.workbench.workbench_folder import make_workbench_folder


def first_pages(codes):
    """What each account finds at the first page of each of its ways, by path: how many things lead on from it."""
    from django.conf import settings
    from django.test import Client
    from django_otp import DEVICE_ID_SESSION_KEY
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from assay.workbench.models import Account
    from assay.workbench.page_permissions import menu_entries
    from assay.workbench.request_gate import BEGUN, SEEN

    settings.ALLOWED_HOSTS = ["*"]
    found = {}
    for code in codes:
        account, client = Account.objects.get(code=code), Client()
        client.force_login(account, "django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[BEGUN] = session[SEEN] = int(time.time())
        session[DEVICE_ID_SESSION_KEY] = TOTPDevice.objects.get(user=account).persistent_id
        session.save()
        for path, _label in menu_entries(account.role):
            page = client.get(path).content.decode()
            found[f"{code} {path}"] = len(
                re.findall(r'<fieldset|href="/(?:reading|sample|label|pair|panel|letters)/', page)
            )
        if account.role == "panel":
            line = client.get(
                re.search(r'/panel/[^"]+', page := client.get("/panel").content.decode())[0]
            ).content.decode()
            found["reasons"] = client.get(re.search(r'/panel/[^"]+/attitudes', line)[0]).content.decode()
    return found


if __name__ == "__main__":
    start_django(make_workbench_folder(Path(sys.argv[1])))
    print(json.dumps(first_pages([code for code, *_ in STAFF])))
