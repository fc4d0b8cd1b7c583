"""The certificate on paper: found back as text, tagged, with the signed document in it, the same bytes each time."""

import hashlib
import io
import json
import re
from typing import Any

import pytest
from pypdf import PdfReader

from districts.models import School
from resets import certificate_check, certificate_page, certificate_pdf, engine
from resets.models import Certificate, Reset
from tests.resets.certificates import make_certificate

pytestmark = pytest.mark.usefixtures("night")


@pytest.fixture
def issued(reset: Reset) -> Certificate:
    School.objects.filter(district=reset.district, sourced_id="s1").update(name="École “Ōtāhuhu” =1+1 #let 山 $x$")
    engine.run(reset.pk, worker="w1")
    return Certificate.objects.get(reset=reset)


@pytest.fixture
def paper(issued: Certificate) -> PdfReader:
    return PdfReader(io.BytesIO(certificate_pdf.of(issued)))


def text_of(paper: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in paper.pages))


def words_of(value: Any) -> list[str]:
    """Every text of the facts, however deep."""
    if isinstance(value, dict):
        return [words for key, each in value.items() if key != "kind" for words in words_of(each)]
    if isinstance(value, list):
        return [words for each in value for words in words_of(each)]
    return [value] if isinstance(value, str) else []


def bare(words: str) -> str:
    """Letters and digits alone: lines end where they may."""
    return re.sub(r"[\W_]", "", words).lower()


def test_every_word_of_the_page_stands_on_paper(issued: Certificate, paper: PdfReader) -> None:
    printed = bare(text_of(paper))
    facts = json.loads(certificate_pdf.inputs(issued)["facts"])
    plain = {key: value for key, value in facts.items() if key not in ("digest", "check_at", "people", "kinds")}
    for words in words_of(plain):
        assert bare(words) in printed, words
    for each in facts["people"]:
        assert bare("".join(each["lines"])) in printed


def test_a_letter_that_no_font_has_is_named(paper: PdfReader) -> None:
    text = text_of(paper)
    assert "École “Ōtāhuhu” =1+1 #let" in text
    assert "山" in text or "[U+5C71]" in text


def test_it_is_tagged_and_says_what_it_is(paper: PdfReader, issued: Certificate) -> None:
    root: Any = paper.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-US"
    assert "/StructTreeRoot" in root
    assert paper.xmp_metadata is not None
    assert paper.metadata is not None
    assert "pdfuaid:part>1<" in paper.xmp_metadata.stream.get_data().decode()
    assert paper.metadata.title == f"Certificate of data reset {issued.number}"


def test_the_signed_document_lies_in_it(paper: PdfReader, issued: Certificate) -> None:
    (attached,) = paper.attachments["certificate.json"]
    assert attached == certificate_check.as_json(issued).encode()
    assert certificate_check.by_document(attached).kind == "genuine"


def test_it_leads_to_where_it_is_checked(paper: PdfReader, issued: Certificate) -> None:
    links = {
        note.get_object()["/A"]["/URI"]
        for page in paper.pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object()
    }
    assert f"{json.loads(issued.text)['check_at']}?digest={issued.digest}" in links


def test_it_is_the_same_each_time(issued: Certificate) -> None:
    first, second = (hashlib.sha256(certificate_pdf.of(issued)).hexdigest() for _ in range(2))
    assert first == second


def test_many_schools_take_more_pages_and_each_has_its_head(reset: Reset) -> None:
    issued = make_certificate(reset)
    document = json.loads(issued.text)
    document["counted"]["schools"] *= 150
    issued.text = json.dumps(document)
    paper = PdfReader(io.BytesIO(certificate_pdf.of(issued)))
    assert len(paper.pages) > 3
    assert all("Student accounts" in page.extract_text() for page in paper.pages[:3])
    assert f"Page 2 of {len(paper.pages)}" in paper.pages[1].extract_text()


def test_no_kind_of_rows_is_left_out_of_the_table(issued: Certificate) -> None:
    facts = certificate_page.of(issued)
    assert sum(facts["before"]) == facts["rows"] == sum(each["deleted"] for each in facts["kinds"])
    document = json.loads(issued.text)
    document["counted"]["kinds"][0]["row"] = "Something new"
    with pytest.raises(ValueError, match="no column"):
        certificate_page.facts(document, issued.digest)
