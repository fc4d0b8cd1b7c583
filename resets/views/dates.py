"""A district's dates around the end of its school year, as its CSM, a lead or its own admin enters them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from districts.models import District, SchoolYear
from districts.services import DATES
from resetportal import clock
from resets import dates as verbs
from resets.forms import DatesForm
from resets.opening import season_now
from resets.views.access import district_or_404, roles

SUMMER = {True: "yes", False: "no", None: ""}
WHY = "A district’s dates are entered by its CSM, a CSM lead or its own admin."


@require_http_methods(["GET", "HEAD", "POST"])
@roles("csm", "csm_lead", "district_admin", why=WHY)
def dates(request: HttpRequest, site_code: str) -> HttpResponse:
    """The form of a district's dates; saved, it goes back to the district, where the risks that follow are shown."""
    district = district_or_404(request, site_code)
    season = season_now()
    year = season.school_year if season else verbs.school_year_of(clock.now().date())
    form = DatesForm(request.POST or None, initial=_known(district, year), school_year=year)
    if form.is_valid() and _saved(request, district, year, form):
        return redirect("resets:district", site_code=district.site_code)
    context = {"district": district, "school_year": year, "form": form, "demo_zone": district.zone}
    context["crumbs"] = [(district.name, reverse("resets:district", args=[district.site_code])), ("Dates", "")]
    return render(request, "resets/dates.html", context, status=422 if form.is_bound else 200)


def _known(district: District, school_year: str) -> dict[str, object]:
    year = SchoolYear.objects.filter(district=district, name=school_year).first()
    summer = SUMMER[year.has_summer_session if year else None]
    return {name: getattr(year, name, None) for name in DATES} | {"has_summer_session": summer}


def _saved(request: HttpRequest, district: District, school_year: str, form: DatesForm) -> bool:
    try:
        changed = verbs.set_dates(
            district=district, school_year=school_year, dates=form.cleaned_data, by=request.user, at=clock.now()
        )
    except ValidationError as refused:
        form.add_error(None, refused.messages)
        return False
    messages.success(request, f"The dates of {district} are saved." if changed else "Nothing has changed.")
    return True
