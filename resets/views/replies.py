"""Answers by the link of a letter, without signing in: looking changes nothing, pressing does."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from resetportal import clock
from resets import replies, reply_page, services
from resets.models import Delivery, Reset
from resets.reply_forms import AskForm, KeepForm, NameForm, QuestionForm

NO_COOKIE: dict[str, Any] = {"csrf_token": "", "user": AnonymousUser(), "navigation": []}
"""Whoever holds the link is nobody in particular, signed in or not: the page has no menu of a person."""
View = Callable[..., HttpResponse]


def _by_link(view: View) -> View:
    """Opens a page by a link alone: nobody keeps it, no search engine finds it, no other site hears of it."""

    @csrf_exempt  # with no-referrer browsers send `Origin: null`, which Django's guard refuses: _is_from_elsewhere
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def opened(request: HttpRequest, link: str) -> HttpResponse:
        if _is_from_elsewhere(request):
            return HttpResponseForbidden(_("Answer on the page of the letter itself."))
        try:
            delivery = replies.read(link, at=clock.now())
            response = view(request, delivery, replies.reset_of(delivery))
        except replies.Invalid:
            response = render(request, "resets/reply_closed.html", NO_COOKIE, status=404)
        except replies.Expired as why:
            response = render(request, "resets/reply_closed.html", {"why": str(why), **NO_COOKIE}, status=410)
        response["Referrer-Policy"], response["X-Robots-Tag"] = "no-referrer", "noindex"
        return response

    return opened


def _is_from_elsewhere(request: HttpRequest) -> bool:
    """A form that another site or a mail has sent. What forges one would have to know the signed address besides."""
    return request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin"


@_by_link
def reply(request: HttpRequest, delivery: Delivery, reset: Reset) -> HttpResponse:
    """Where the date stands, and three answers. POST `answer`: keep, or question."""
    if request.method != "POST":
        return _shown(request, delivery, reset)
    match request.POST.get("answer"):
        case "keep":
            return _keep(request, delivery, reset)
        case "question":
            return _question(request, delivery, reset)
    return _shown(request, delivery, reset, status=400)


@_by_link
def reply_day(request: HttpRequest, delivery: Delivery, reset: Reset) -> HttpResponse:
    """Another day, with the adviser. GET `?day=` looks at one, POST asks the CSM for it."""
    if request.method != "POST":
        return _day_shown(request, delivery, reset, _day(request.GET.get("day", "")))
    form = AskForm(request.POST, sent_to=delivery.name)
    if not form.is_valid():
        return _day_shown(request, delivery, reset, _day(request.POST.get("day", "")), form=form, status=422)
    day = form.cleaned_data["day"]
    try:
        services.ask_for(
            reset=reset, day=day, by=_who(form, delivery), at=clock.now(), reason=form.cleaned_data["reason"]
        )
    except services.Refused as refusal:
        near = next((each.nearest for each in refusal.findings if each.nearest), day)
        again = AskForm(sent_to=delivery.name, initial={**form.cleaned_data, "day": near})  # the words are kept
        return _day_shown(request, delivery, reset, near, form=again, refusal=str(refusal), status=422)
    except services.NotPossible as refusal:
        return _day_shown(request, delivery, reset, day, refusal=str(refusal), status=422)
    return _back(request)


def _keep(request: HttpRequest, delivery: Delivery, reset: Reset) -> HttpResponse:
    form = KeepForm(request.POST, sent_to=delivery.name)
    if not form.is_valid():
        return _shown(request, delivery, reset, keep=form, status=422)
    try:
        replies.keep(delivery=delivery, day=form.cleaned_data["day"], by=_who(form, delivery), at=clock.now())
    except services.Stale as moved:
        return _shown(request, delivery, replies.reset_of(delivery), refusal=str(moved), status=409)
    except (services.Refused, services.NotPossible) as refusal:
        return _shown(request, delivery, reset, refusal=str(refusal), status=422)
    return _back(request)


def _question(request: HttpRequest, delivery: Delivery, reset: Reset) -> HttpResponse:
    form = QuestionForm(request.POST, sent_to=delivery.name)
    if not form.is_valid():
        return _shown(request, delivery, reset, question=form, status=422)
    asks = {"text": form.cleaned_data["text"], "token": form.cleaned_data["token"], "delivery": delivery}
    try:
        replies.ask_question(reset=reset, by=_who(form, delivery), at=clock.now(), **asks)
    except services.NotPossible as refusal:
        return _shown(request, delivery, reset, question=form, refusal=str(refusal), status=422)
    return _back(request)


def _who(form: NameForm, delivery: Delivery) -> replies.ByLink:
    return replies.ByLink(form.cleaned_data["name"], delivery.name)


def _back(request: HttpRequest) -> HttpResponse:
    resolved = request.resolver_match
    return redirect("resets:reply", link=resolved.kwargs["link"] if resolved else "")


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _shown(
    request: HttpRequest,
    delivery: Delivery,
    reset: Reset,
    *,
    keep: Form | None = None,
    question: Form | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = reply_page.context(delivery, reset, at=clock.now())
    context |= {
        "keep_form": keep or KeepForm(sent_to=delivery.name, initial={"day": reset.date}, prefix=None),
        "question_form": question or QuestionForm(sent_to=delivery.name, auto_id="ask_%s"),
        "refusal": refusal,
        **NO_COOKIE,
    }
    return render(request, "resets/reply.html", context, status=status)


def _day_shown(
    request: HttpRequest,
    delivery: Delivery,
    reset: Reset,
    day: date | None,
    *,
    form: AskForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = reply_page.context(delivery, reset, at=clock.now())
    context |= reply_page.day_context(reset, day, at=clock.now())
    looked_at = context["chosen"]
    context |= {
        "form": form or AskForm(sent_to=delivery.name, initial={"day": looked_at}),
        "keep_form": KeepForm(sent_to=delivery.name, initial={"day": reset.date}),
        "refusal": refusal,
        **NO_COOKIE,
    }
    return render(request, "resets/reply_day.html", context, status=status)
