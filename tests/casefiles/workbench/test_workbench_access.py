"""Who enters which page? Every address, every role, one's own and another's: each cell is asserted."""

import pytest

IN, TO_SIGN_IN, REFUSED, NOT_THERE = "in", "to sign-in", "refused", "not there"
ROLES = {"inspector": "M01", "analyst": "A01", "panel": "P01", "liaison": "L01", "auditor": "T01"}
ALL_ROLES = tuple(ROLES)
# Address, method, which roles enter it, and whether it is of somebody: then another's is not there.
ADDRESSES = [
    ("", "get", ALL_ROLES, False),
    ("token", "get", ALL_ROLES, False),
    ("sign-out", "post", ALL_ROLES, False),
    ("queue", "get", ("inspector",), False),
    ("keys", "get", ("inspector",), False),
    ("reading/<int:number>", "get", ("inspector",), True),
    ("reading/<int:number>/answer/<str:question>", "post", ("inspector",), True),
    ("reading/<int:number>/undo", "post", ("inspector",), True),
    ("reading/<int:number>/finish", "post", ("inspector",), True),
    ("reading/<int:number>/reopen", "post", ("inspector",), True),
    ("reading/<int:number>/comment", "post", ("inspector",), True),
    ("reading/<int:number>/comment/<int:comment_number>/close", "post", ("inspector",), True),
    ("reading/<int:number>/text/<int:place>", "post", ("inspector",), True),
    ("reading/<int:number>/passages/<int:place>", "post", ("inspector",), True),
    ("samples", "get", ("analyst", "panel"), False),
    ("sample/<int:number>", "get", ("analyst", "panel"), False),
    ("sample/<int:number>/answers/<str:question>", "get", ("analyst",), False),
    ("sample/<int:number>/seal", "post", ("analyst",), False),
    ("file/<int:number>", "get", ("analyst",), False),
    ("file/<int:number>/text/<int:place>", "post", ("analyst",), False),
    ("file/<int:number>/unlock", "post", ("analyst",), False),
    ("labels", "get", ("analyst",), False),
    ("labels/hand-in/<str:question>", "post", ("analyst",), False),
    ("label/<int:number>", "get", ("analyst",), False),
    ("label/<int:number>/say", "post", ("analyst",), False),
    ("pairs", "get", ("analyst",), False),
    ("pairs/hand-in", "post", ("analyst",), False),
    ("pair/<int:number>", "get", ("analyst",), False),
    ("pair/<int:number>/say", "post", ("analyst",), False),
    ("letters", "get", ("liaison",), False),
    ("letters/<int:edition>", "get", ("liaison",), False),
    ("letters/<int:edition>/reply", "get", ("liaison",), False),
    ("replies", "get", ("analyst",), False),
    ("points", "get", ("liaison",), False),
    ("points/answer", "post", ("liaison",), False),
    ("panel", "get", ("panel", "auditor"), False),
    ("panel/<str:code>", "get", ("panel", "auditor"), False),
    ("panel/<str:code>/<str:key>", "get", ("panel", "auditor"), False),
    ("panel/<str:code>/<str:key>/decide", "post", ("panel",), False),
    ("watch-list", "get", ("inspector", "analyst", "panel", "auditor"), False),
    ("minutes", "get", ("panel", "auditor"), False),
    ("minutes/write", "post", ("panel",), False),
    ("audit-log", "get", ("auditor",), False),
]
PUBLIC = {"sign-in", "language", "asset/<str:version>/<str:name>"}
WHERE = [pytest.param(*address, id=address[0] or "home") for address in ADDRESSES]


@pytest.fixture
def targets(rolled_back):
    """What addresses name: a reading of M01 and one of M02, each with a text and a comment."""
    from assay.workbench.models import Comment, Pair, Reading, Text

    def reading_targets(code):
        reading = Reading.objects.filter(account__code=code, file__steps__text__gt="").first()
        step = reading.file.steps.exclude(text="").first()
        comment = Comment.objects.create(reading=reading, on="specialist", text="A comment.")
        return {"number": reading.id, "place": step.place, "comment_number": comment.id, "file": reading.file_id,
                "sample": reading.file.sample_id, "label/": Text.objects.first().id, "pair/": Pair.objects.first().id}  # fmt: skip

    return {"own": reading_targets("M01"), "another's": reading_targets("M02")}


def address(pattern, thing):
    number = next(
        (thing[name] for name in ("file", "sample", "label/", "pair/") if pattern.startswith(name)), thing["number"]
    )
    question = "blaming" if pattern.startswith("labels") else "specialist"
    values_by_part = {"<int:number>": number, "<str:question>": question, "<int:place>": thing["place"],
            "<int:comment_number>": thing["comment_number"], "<int:edition>": 1, "<str:code>": "INV01", "<str:key>": "attitudes"}  # fmt: skip
    for name, value in values_by_part.items():
        pattern = pattern.replace(name, str(value))
    return f"/{pattern}"


def found(client, method, path):
    answer = getattr(client, method)(path)
    if answer.status_code == 302 and answer["Location"].startswith("/sign-in") and path != "/sign-out":
        return TO_SIGN_IN
    return {403: REFUSED, 404: NOT_THERE}.get(answer.status_code, IN)


def test_every_address_stands_in_this_table(workspaces):
    from assay.workbench import urls

    assert {str(item.pattern) for item in urls.urlpatterns} == {address[0] for address in ADDRESSES} | PUBLIC


@pytest.mark.parametrize(("pattern", "method", "roles", "is_personal"), WHERE)
def test_a_page_lets_in_its_roles_with_what_is_theirs_and_nobody_else(
    enter, targets, pattern, method, roles, is_personal
):
    from django.test import Client

    for role, code in ROLES.items():
        for owner, thing in targets.items():
            expected = REFUSED if role not in roles else NOT_THERE if is_personal and owner != "own" else IN
            path = address(pattern, thing)
            assert found(enter(code), method, path) == expected, (role, owner)
            if pattern != "sign-out":  # it leads to the sign-in page whoever asks
                assert found(enter(code, verified=False), method, path) == TO_SIGN_IN, (role, "one factor")
    if pattern != "sign-out":
        assert found(Client(), method, address(pattern, targets["own"])) == TO_SIGN_IN


def test_a_part_of_a_page_that_is_not_signed_in_is_told_so_and_not_led_away(targets):
    from django.test import Client

    path = address("reading/<int:number>/answer/<str:question>", targets["own"])
    assert Client().post(path, headers={"HX-Request": "true"}).status_code == 401


def test_a_page_that_does_not_say_who_may_enter_is_closed_to_everyone(enter):
    from django.test import RequestFactory

    from assay.workbench.request_gate import Gate

    request = RequestFactory().get("/new")
    client = enter("A01")
    request.session, request.user = client.session, client.account
    request.user.is_verified = lambda: True
    assert Gate(None).process_view(request, lambda _request: None).status_code == 403


def test_a_force_is_shown_its_own_letter_and_no_other(enter):
    from assay.workbench.force_account_pages import force_letters

    page = enter("L01").get("/letters/1")
    assert page.status_code == 200
    assert "(INV01)" in page.content.decode()
    assert {path.parts[-3] for path in force_letters("INV02").values()} == {"INV02"}
    assert enter("L01").get("/letters/99").status_code == 404
