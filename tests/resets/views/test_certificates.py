"""The pages of certificates: for whoever sees the district, and for whoever holds a copy."""

import base64
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from districts.models import School
from resets import certificate, certificate_check, engine, signing
from resets.models import Certificate, Reset
from tests.people import Cast
from tests.resets.views.reading import text, words

pytestmark = pytest.mark.usefixtures("night")


@pytest.fixture
def issued(reset: Reset) -> Certificate:
    engine.run(reset.pk, worker="w1")
    return Certificate.objects.get(reset=reset)


def address(issued: Certificate) -> str:
    return f"/certificates/{issued.number}/"


def seen(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return text(answer.content)


def upload(client: Client, path: str, content: bytes) -> Any:
    return client.post(path, {"document": SimpleUploadedFile("certificate.json", content)})


def test_the_page_tells_the_certificate(client: Client, cast: Cast, issued: Certificate) -> None:
    said = words(client, cast.dana, f"/resets/{issued.reset_id}/certificate/")
    assert "Certificate of data reset Lakeside Unified, site code 0620810" in said
    assert "School year 2026-27 · Imagine Math, Imagine Math Facts" in said
    assert "27 rows of student data of 2 schools were deleted in one transaction." in said
    assert "found 0 left ." in said
    assert issued.number in said
    assert certificate.code_of(issued.digest) in said
    assert "None Every step at its first attempt" in said
    assert "The last of them expires on Wed, September 1, 2027." in said


def test_a_name_is_no_markup(client: Client, cast: Cast, reset: Reset) -> None:
    School.objects.filter(district=cast.lakeside).update(name="<script>alert(1)</script>")
    engine.run(reset.pk, worker="w1")
    client.force_login(cast.dana)
    content = client.get(f"/resets/{reset.pk}/certificate/").content
    assert b"<script>alert" not in content
    assert b"&lt;script&gt;alert(1)" in content


def test_a_reset_without_its_certificate_has_no_page(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.carmen)
    for name in ("certificate/", "certificate.pdf", "certificate.json"):
        assert client.get(f"/resets/{reset.pk}/{name}").status_code == 404
    assert "Certificate" not in words(client, cast.carmen, reset.get_absolute_url())


@pytest.mark.parametrize("page", ["/resets/{}/", "/districts/0620810/"])
@pytest.mark.parametrize("who", ["carmen", "dana"])
def test_pages_lead_to_it(client: Client, cast: Cast, issued: Certificate, page: str, who: str) -> None:
    client.force_login(getattr(cast, who))
    content = client.get(page.format(issued.reset_id)).content.decode()
    assert f'href="/resets/{issued.reset_id}/certificate/"' in content


def test_its_files_are_downloads(client: Client, cast: Cast, issued: Certificate) -> None:
    client.force_login(cast.carmen)
    pdf = client.get(f"/resets/{issued.reset_id}/certificate.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="RP-2027-0001.pdf"'
    document = client.get(f"/resets/{issued.reset_id}/certificate.json")
    assert json.loads(document.content)["text"] == issued.text
    assert "no-store" in pdf.headers["Cache-Control"]


def test_a_holder_finds_it_genuine(client: Client, issued: Certificate) -> None:
    code = certificate.code_of(issued.digest)
    for given in (issued.digest, issued.digest.upper(), f" {code} ", code.lower().replace("-", " ")):
        said = seen(client, address(issued), digest=given)
        assert "Genuine. This portal issued it, and it has not been changed since." in said
        assert "Lakeside Unified, site code 0620810" in said
        assert "27 rows of student data of 2 schools" in said


def test_letters_that_look_alike_may_be_mistaken(client: Client, issued: Certificate) -> None:
    code = certificate.code_of(issued.digest).replace("0", "O").replace("1", "l")
    assert "Genuine." in seen(client, address(issued), digest=code)


def test_a_number_alone_tells_nothing(client: Client, issued: Certificate) -> None:
    known, unknown = seen(client, address(issued)), seen(client, "/certificates/RP-2027-0002/")
    assert "Lakeside" not in known
    assert known.replace("RP-2027-0001", "N") == unknown.replace("RP-2027-0002", "N")


def test_another_digest_answers_like_an_unknown_number(client: Client, issued: Certificate) -> None:
    wrong = {"digest": "0" * 64}
    known, unknown = seen(client, address(issued), **wrong), seen(client, "/certificates/RP-2027-0002/", **wrong)
    assert "Not the same. No certificate RP-2027-0001 has this code or digest. This copy was changed" in known
    assert "Lakeside" not in known
    assert known.replace("RP-2027-0001", "N") == unknown.replace("RP-2027-0002", "N")


def test_a_changed_digit_of_a_digest_is_not_the_same(client: Client, issued: Certificate) -> None:
    for position in range(64):
        other = "0" if issued.digest[position] != "0" else "1"
        changed = issued.digest[:position] + other + issued.digest[position + 1 :]
        assert certificate_check.by_digest(issued.number, changed).kind == "changed"


@pytest.mark.parametrize("digest", ["\x00", "é" * 64, "9" * 100_000, "' OR 1=1 --", "-", "𝟘" * 64])
def test_no_digest_makes_it_fail(client: Client, issued: Certificate, digest: str) -> None:
    assert "Not the same." in seen(client, address(issued), digest=digest)


@pytest.mark.parametrize(
    "number",
    ["%00", "RP-2027-0001%00", "rp-2027-0001", "RP-2027-%D9%A0%D9%A0%D9%A0%D9%A1", "9" * 3000, "<b>", "..", "%0A"],
)
def test_no_number_makes_it_fail(client: Client, issued: Certificate, number: str) -> None:
    for query in ("", f"?digest={issued.digest}"):
        answer = client.get(f"/certificates/{number}/{query}")
        assert answer.status_code in (200, 404)
        assert b"Lakeside" not in answer.content
        assert b"<b></" not in answer.content


def test_the_document_itself_is_judged_by_its_signature(client: Client, issued: Certificate) -> None:
    document = certificate_check.as_json(issued)
    assert "Genuine." in text(upload(client, address(issued), document.encode()).content)
    changed = text(upload(client, address(issued), document.replace("Lakeside", "Seaside").encode()).content)
    assert "Not the same. The document’s text and its signature do not belong together" in changed
    assert "Seaside" not in changed


def test_a_document_under_another_number_tells_its_own(client: Client, issued: Certificate) -> None:
    said = text(upload(client, "/certificates/RP-2027-0999/", certificate_check.as_json(issued).encode()).content)
    assert "Genuine." in said
    assert "RP-2027-0001" in said
    assert "RP-2027-0999" not in said


def test_what_is_no_document_is_said(client: Client, issued: Certificate) -> None:
    assert "Not read. This is not the signed document" in text(upload(client, address(issued), b"\x00{").content)


def test_a_signed_text_that_is_no_certificate_is_not_taken_for_one(client: Client, issued: Certificate) -> None:
    for told in ("{}", "[]", '"RP"', "nothing", json.dumps(json.loads(issued.text) | {"format": 9})):
        signature, key = signing.sign(told.encode())
        answer = upload(
            client, address(issued), json.dumps({"text": told, "signature": signature, "key": key}).encode()
        )
        assert (answer.status_code, "Not read." in text(answer.content)) == (200, True), told


def test_an_upload_is_bounded(client: Client, issued: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resets.views.certificates.LARGEST", 1000)
    answer = upload(client, address(issued), b"x" * 1001)
    assert "Not read. The file is larger than 4 MB" in text(answer.content)


def test_a_digest_may_be_posted(client: Client, issued: Certificate) -> None:
    assert "Genuine." in text(client.post(address(issued), {"digest": issued.digest}).content)
    assert "What do you hold?" in text(client.post(address(issued)).content)


def test_it_needs_no_cookie_and_sets_none(issued: Certificate) -> None:
    strict = Client(enforce_csrf_checks=True)
    answers = [
        strict.get(address(issued)),
        strict.post(address(issued), {"digest": issued.digest}),
        strict.get("/certificates/keys/"),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert not strict.cookies


def test_checking_asks_nothing_of_the_run(client: Client, issued: Certificate, settings: Settings) -> None:
    """A former key still verifies; a key that was taken out of the settings verifies nothing."""
    good = settings.CERTIFICATE_KEYS
    new = base64.urlsafe_b64encode(b"n" * 32).decode()
    settings.CERTIFICATE_KEYS = [new, *good]
    assert "Genuine." in seen(client, address(issued), digest=issued.digest)
    settings.CERTIFICATE_KEYS = [new]
    assert "Not the same." in seen(client, address(issued), digest=issued.digest)


def test_the_keys_stand_on_a_page_of_their_own(client: Client, settings: Settings) -> None:
    settings.CERTIFICATE_KEYS = [base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"n", b"o")]
    said = seen(client, "/certificates/keys/")
    first, second = signing.listed()
    assert f"{first.id} signs now" in said
    assert f"{second.id} former, still valid" in said
    assert "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in text -sigfile signature" in said
    assert client.get("/certificates/keys.json").json()["keys"] == [
        {"id": first.id, "pem": first.pem, "signs": True},
        {"id": second.id, "pem": second.pem, "signs": False},
    ]
