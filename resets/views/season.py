"""Policy: a season's rules with what they do, drafted, changed after a preview, and opened (a CSM lead's pages)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from districts.moments import moment
from districts.quantities import counted
from resetportal import clock
from resets import history, opening, policy, policy_page, services
from resets.forms import DraftForm
from resets.models import Season
from resets.policy import Policy
from resets.policy_form import PolicyForm
from resets.policy_page import Outlook
from resets.views.access import roles

lead_only = roles("csm_lead", why=gettext_noop("A CSM lead sets a season’s rules."))


@require_http_methods(["GET", "POST"])
@lead_only
def policy_form(request: HttpRequest) -> HttpResponse:
    """The rules of a season (`?season=2026-27`). POST shows what they would do; sent again as shown, they are saved."""
    season = _asked(request)
    if season is None:
        return _page(request, None)
    if request.method != "POST":
        return _page(request, season, form=PolicyForm(of=season.rules))
    form = PolicyForm(request.POST, of=season.rules)
    if not form.is_valid() or form.policy is None:
        return _page(request, season, form=form, status=422)
    return _looked_at(request, season, form, form.policy)


def _looked_at(request: HttpRequest, season: Season, form: PolicyForm, after: Policy) -> HttpResponse:
    """Saves rules that were looked at just so; shows what they do when they were not, or no longer do the same."""
    if request.POST.get("seen") != policy_page.digest(season.rules):
        return _page(request, season, form=form, refusal=_("Somebody changed the rules meanwhile."), status=409)
    ahead = policy_page.outlook(season, after, at=clock.now())
    if request.POST.get("looked") != policy_page.digest(after, ahead.moves):
        return _page(request, season, form=form, ahead=ahead, after=after)
    try:
        moves = opening.change_policy(season=season, after=after, by=request.user, at=clock.now(), seen=season.rules)
    except services.Stale as stale:
        return _page(request, season, form=form, refusal=str(stale), status=409)
    moved = sum(move.moves for move in moves)
    messages.success(
        request,
        _("The rules of {season} are saved. {moved} moved.").format(season=season, moved=counted(moved, "reset")),
    )
    return redirect(_address(season))


@require_POST
@lead_only
def draft_season(request: HttpRequest) -> HttpResponse:
    """Drafts a season from rules that there are: of a year gone by, or of another season."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _page(request, opening.season_now(), draft=form, status=422)
    rules, source = form.rules()
    season = opening.draft_season(policy=rules, by=request.user, at=clock.now(), source=source)
    messages.success(
        request, _("The season of {season} is drafted. No district is told before you open it.").format(season=season)
    )
    return redirect(_address(season))


@require_http_methods(["GET", "POST"])
@lead_only
def open_season(request: HttpRequest) -> HttpResponse:
    """Opens a drafted season: every district with students gets its default (W2). The season's name is typed."""
    season = _asked(request)
    if season is None or season.opened_at:
        messages.warning(request, _("There is no draft of that season to open."))
        return redirect("resets:policy")
    if request.method != "POST":
        return _opening(request, season)
    if request.POST.get("name", "").strip() != season.school_year:
        return _opening(request, season, error=_("That is not the season’s name."), status=422)
    try:
        resets = opening.open_season(season=season, by=request.user, at=clock.now())
    except (services.Refused, services.NotPossible, opening.AlreadyOpen) as refusal:
        return _opening(request, season, error=str(refusal), status=422)
    messages.success(
        request,
        ngettext(
            "The season of {season} is open. {resets} got its default date.",
            "The season of {season} is open. {resets} got their default date.",
            len(resets),
        ).format(season=season, resets=counted(len(resets), "reset")),
    )
    return redirect("resets:districts")


def _asked(request: HttpRequest) -> Season | None:
    """The season of the address; the one looked after now without it, else the newest draft."""
    name = request.GET.get("season") or request.POST.get("season")
    if name is None:
        return opening.season_now() or Season.objects.first()
    found = None if "\x00" in name else Season.objects.filter(school_year=name).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    season: Season | None,
    *,
    form: PolicyForm | None = None,
    ahead: Outlook | None = None,
    after: Policy | None = None,
    draft: DraftForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "season": season,
        "chips": _chips(season),
        "draft": draft or DraftForm(),
        "refusal": refusal,
    }
    if season:
        context |= {
            "form": form or PolicyForm(of=season.rules),
            "seen": policy_page.digest(season.rules),
            "ahead": ahead,
            "looked": policy_page.digest(after, ahead.moves) if ahead and after else "",
            "now": ahead or policy_page.outlook(season, season.rules, at=clock.now()),
            "events": _events(season),
        }
    return render(request, "resets/policy.html", context, status=status)


def _opening(request: HttpRequest, season: Season, *, error: str = "", status: int = 200) -> HttpResponse:
    now = clock.now()
    zones = {district.zone for district in opening.districts_of_season(season)}
    left_out = opening.left_out(season)
    paused, unrun = opening.waiting_among(left_out, season)
    context = {
        "season": season,
        "rules": season.rules,
        "findings": policy.opening(season.rules, now=now, zones=zones),
        "ahead": policy_page.outlook(season, season.rules, at=now),
        "left_out": left_out,
        "paused": paused,
        "unrun": unrun,
        "error": error,
        "crumbs": [(_("Policy"), _address(season)), (_("Open {season}").format(season=season), "")],
        "back": _address(season),
    }
    return render(request, "resets/open_season.html", context, status=status)


def _chips(here: Season | None) -> list[dict[str, Any]]:
    return [
        {"label": _chip(each).format(season=each), "url": _address(each), "here": each == here}
        for each in Season.objects.all()
    ]


def _chip(season: Season) -> str:
    return _("{season}, open") if season.opened_at else _("{season}, draft")


def _events(season: Season) -> list[dict[str, Any]]:
    return [
        {"text": history.season_sentence(event), "when": moment(event.at, "UTC"), "is_reset": False}
        for event in season.events.all()
    ]


def _address(season: Season) -> str:
    return f"{reverse('resets:policy')}?season={season}"
