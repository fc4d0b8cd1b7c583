"""The certificate of a reset: its page, its files, and the pages on which anybody who holds a copy checks it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from resets import certificate_check, certificate_page, certificate_pdf, signing
from resets.certificate_check import LARGEST, Verdict, too_large
from resets.models import Certificate
from resets.views.reset import found

NO_COOKIE = {"csrf_token": ""}
"""Pages without a sign-in set no cookie: they change nothing, so they have nothing to guard."""


@require_safe
@login_required
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate as a sheet."""
    issued = _issued(request, pk)
    district = issued.reset.district
    context = {
        "certificate": issued,
        "facts": certificate_page.of(issued),
        "check_url": reverse("resets:check_certificate", args=[issued.number]) + f"?digest={issued.digest}",
        "district": district,
        "reset": issued.reset,
        "demo_zone": district.zone,
        "crumbs": [(district.name, reverse("resets:district", args=[district.site_code])), (_("Certificate"), "")],
    }
    return render(request, "resets/certificate.html", context)


@require_safe
@login_required
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same on paper, made from the signed text when it is asked for."""
    issued = _issued(request, pk)
    return _file(certificate_pdf.of(issued), f"{issued.number}.pdf", "application/pdf")


@require_safe
@login_required
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed document."""
    issued = _issued(request, pk)
    return _file(certificate_check.as_json(issued).encode(), f"{issued.number}.json", "application/json")


@csrf_exempt  # it changes nothing, and a holder needs neither an account nor a cookie
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, number: str) -> HttpResponse:
    """Anybody who holds a certificate checks it: ?digest= in the address, or a digest or the document in a form."""
    verdict = _verdict(request, number)
    context: dict[str, Any] = {
        "number": number[:20],
        "verdict": verdict,
        "keys_url": reverse("resets:certificate_keys"),
    }
    if verdict and verdict.document:
        context["facts"] = certificate_page.facts(verdict.document, verdict.digest)
    return render(request, "resets/certificate_check.html", context | NO_COOKIE)


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys, and how to check a certificate without the portal."""
    return render(request, "resets/certificate_keys.html", {"keys": signing.listed()} | NO_COOKIE)


@require_safe
def keys_json(request: HttpRequest) -> HttpResponse:
    """The same for a program."""
    return JsonResponse({"keys": [{"id": key.id, "pem": key.pem, "signs": key.signs} for key in signing.listed()]})


def _verdict(request: HttpRequest, number: str) -> Verdict | None:
    if request.method != "POST":
        digest = request.GET.get("digest", "").strip()
        return certificate_check.by_digest(number, digest) if digest else None
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return too_large()
    if given := request.FILES.get("document"):
        return certificate_check.by_document(given.read())
    digest = request.POST.get("digest", "").strip()
    return certificate_check.by_digest(number, digest) if digest else None


def _issued(request: HttpRequest, pk: int) -> Certificate:
    """The certificate of a reset that this person may see, else a 404."""
    reset = found(request, pk)
    issued = get_object_or_404(Certificate, reset=reset)
    issued.reset = reset
    return issued


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(
        content, kind, headers={"Content-Disposition": _('attachment; filename="{name}"').format(name=name)}
    )
