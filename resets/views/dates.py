"""A district's dates around the end of its school year, as its CSM, a lead or its own admin enters them."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from districts.models import District, OtherReset, SchoolYear
from districts.services import DATES
from resetportal import clock
from resets import dates as verbs
from resets.forms import DatesForm, OtherResetForm
from resets.opening import season_of
from resets.views.access import district_or_404, roles

MOST_OTHERS = 20
"""Of other products on one form, so that nobody sends a million."""
SUMMER = {True: "yes", False: "no", None: ""}
WHY = gettext_noop("A district’s dates are entered by its CSM, a CSM lead or its own admin.")


@require_http_methods(["GET", "HEAD", "POST"])
@roles("csm", "csm_lead", "district_admin", why=WHY)
def dates(request: HttpRequest, site_code: str) -> HttpResponse:
    """The form of a district's dates; saved, it goes back to the district, where the risks that follow are shown."""
    district = district_or_404(request, site_code)
    season = season_of(district)
    year = season.school_year if season else verbs.school_year_of(clock.now().date())
    form = DatesForm(
        request.POST if request.method == "POST" else None, initial=_known(district, year), school_year=year
    )
    others = _others(request, district, year)
    sound = [each.is_valid() for each in (form, *others)]
    if all(sound) and _each_once(others) and _saved(request, district, year, form, others):
        return redirect("resets:district", site_code=district.site_code)
    context = {"district": district, "school_year": year, "form": form, "others": others, "demo_zone": district.zone}
    context["crumbs"] = [(district.name, reverse("resets:district", args=[district.site_code])), (_("Dates"), "")]
    return render(request, "resets/dates.html", context, status=422 if request.method == "POST" else 200)


def _known(district: District, school_year: str) -> dict[str, object]:
    year = SchoolYear.objects.filter(district=district, name=school_year).first()
    summer = SUMMER[year.has_summer_session if year else None]
    known = {name: getattr(year, name, None) for name in DATES}
    return known | {"has_summer_session": summer, "rostering": district.rostering}


def _others(request: HttpRequest, district: District, school_year: str) -> list[OtherResetForm]:
    """A form for each other product that is known and for two more; as sent, so many as were sent."""
    year = {"school_year__district": district, "school_year__name": school_year}
    known = [dict(row) for row in OtherReset.objects.filter(**year).values("product", "date")]
    if request.method != "POST":
        start: list[dict[str, object]] = [*known, {}, {}]
        return [_other(number, school_year, initial=one) for number, one in enumerate(start)]
    sent = [number for number in range(MOST_OTHERS) if f"other-{number}-product" in request.POST]
    return [_other(number, school_year, data=request.POST) for number in sent]


def _other(number: int, school_year: str, **given: Any) -> OtherResetForm:
    return OtherResetForm(prefix=f"other-{number}", school_year=school_year, **given)


def _each_once(others: list[OtherResetForm]) -> bool:
    """Whether no product is named twice; the second one is refused."""
    seen: set[str] = set()
    for each in others:
        name = each.cleaned_data["product"].casefold()
        if name and name in seen:
            each.add_error("product", _("It is named twice."))
            return False
        seen.add(name)
    return True


def _days_of(others: list[OtherResetForm]) -> dict[str, date] | None:
    """The other products' days as sent; None where a request does not speak of them."""
    given = [each.cleaned_data for each in others]
    return {each["product"]: each["date"] for each in given if each["product"]} if others else None


def _saved(
    request: HttpRequest, district: District, school_year: str, form: DatesForm, others: list[OtherResetForm]
) -> bool:
    try:
        changed = verbs.set_dates(
            district=district,
            school_year=school_year,
            dates=form.cleaned_data,
            by=request.user,
            at=clock.now(),
            rostering=form.cleaned_data["rostering"],
            others=_days_of(others),
        )
    except ValidationError as refused:
        form.add_error(None, refused.messages)
        return False
    messages.success(
        request,
        _("The dates of {district} are saved.").format(district=district) if changed else _("Nothing has changed."),
    )
    return True
