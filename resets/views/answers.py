"""What a district asks its CSM, and her answer: a question from its own page, a request for a day, a question."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from districts.models import District
from resetportal import clock
from resets import adviser_page, permitted, replies
from resets.models import Question, Reset
from resets.opening import reset_now
from resets.reply_forms import AdminQuestionForm, AnswerForm, DeclineForm
from resets.services import NotPossible
from resets.views.access import crumbs, district_or_404, roles

ONLY_A_CSM = gettext_noop("The district’s CSM answers, or a CSM lead in her place.")
ONLY_AN_ADMIN = gettext_noop("Only the district’s admin asks its CSM.")


@require_http_methods(["GET", "POST"])
@roles("district_admin", why=ONLY_AN_ADMIN)
def question(request: HttpRequest, site_code: str) -> HttpResponse:
    """A district's admin asks her CSM something."""
    district, reset = _district_and_reset(request, site_code)
    form = AdminQuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            replies.ask_question(reset=reset, by=request.user, at=clock.now(), **form.cleaned_data)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("{csm} has your question and will answer it.").format(csm=district.csm or _("A CSM lead"))
            )
            return redirect("resets:district", site_code)
    context: dict[str, Any] = {"district": district, "csm": district.csm, "form": form, "demo_zone": district.zone}
    context |= {"crumbs": crumbs(request, district, _("Ask a question")), "asked": _questions(reset)}
    return render(request, "resets/question.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@roles("csm", "csm_lead", why=ONLY_A_CSM)
def answer(request: HttpRequest, site_code: str) -> HttpResponse:
    """All that a district waits for: its request for another day, and its questions. POST `question`, or none."""
    district, reset = _district_and_reset(request, site_code)
    form, errors = None, ""
    if request.method == "POST":
        form = AnswerForm(request.POST) if request.POST.get("question") else DeclineForm(request.POST)
        if form.is_valid():
            try:
                return _answered(request, reset, form)
            except NotPossible as obstacle:
                errors = str(obstacle)
        else:
            errors = " ".join(map(str, form.errors.get("day", ())))
    return _shown(request, district, reset, form, errors)


def _answered(request: HttpRequest, reset: Reset, form: Form) -> HttpResponse:
    about: dict[str, Any] = {"by": request.user, "at": clock.now()}
    number = request.POST.get("question", "")
    if number:
        asked = Question.objects.filter(reset=reset, pk=number).first() if number.isdecimal() else None
        if asked is None:
            raise Http404
        replies.answer_question(question=asked, text=form.cleaned_data["text"], **about)
    else:
        said = form.cleaned_data
        replies.decline(reset=reset, why=said["text"], asked=said["day"], **about)
    messages.success(request, _("{district} gets your answer as a letter.").format(district=reset.district))
    return redirect("resets:district", reset.district.site_code)


def _shown(request: HttpRequest, district: District, reset: Reset, form: Form | None, refusal: str) -> HttpResponse:
    page = adviser_page.page_of(district, request.user, at=clock.now())
    asks = page.request if page and not permitted.obstacle_to("decline", reset) else None
    number = request.POST.get("question", "") if form else None
    context = {
        "district": district,
        "reset": reset,
        "demo_zone": district.zone,
        "crumbs": crumbs(request, district, _("Answer")),
        "asks": asks,
        "judgement": page.judge(asks) if page and asks else None,
        "asks_url": f"{reverse('resets:choose', args=[district.site_code])}?day={asks}",
        "questions": [
            (one, form if number == str(one.pk) else AnswerForm(auto_id=f"answer_{one.pk}_%s"))
            for one in _questions(reset)
        ],
        "decline_form": _declining(asks, form if number == "" else None),
        "refusal": refusal,
    }
    return render(request, "resets/answer.html", context, status=422 if form is not None else 200)


def _declining(asks: date | None, sent: Form | None) -> Form:
    """Her words are kept where they were not taken; the day is the one that this page shows."""
    words = sent.data.get("text", "") if sent else ""
    if sent and "text" in sent.errors:
        return DeclineForm({"text": words, "day": asks})
    return DeclineForm(initial={"text": words, "day": asks})


def _questions(reset: Reset) -> list[Question]:
    """Those to answer first, then the newest."""
    rows = Question.objects.filter(reset=reset)
    return list(rows.order_by(F("answered_at").asc(nulls_first=True), "-asked_at")[:100])


def _district_and_reset(request: HttpRequest, site_code: str) -> tuple[District, Reset]:
    district = district_or_404(request, site_code, adviser_page.rows())
    reset = reset_now(district)
    if reset is None:
        raise Http404
    reset.district = district
    return district, reset
