"""The rules of a reset date, for the vendor's people to look up."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from resets import rules_page
from resets.views.access import roles

WHY_NOT = gettext_noop("These are the vendor’s own rules. Your district’s page says what holds for your date.")


@roles("csm", "csm_lead", "engineer", why=WHY_NOT)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """All of them on one page, each with an address of its own: `#W4`."""
    return render(request, "resets/rules.html", {"rules": rules_page.told()})
