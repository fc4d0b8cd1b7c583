"""The API under /api/v1/: a person's districts and their resets, in her session. Nothing here names one school (W7)."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from districts.models import District
from resetportal import clock
from resets import board, policy, services
from resets.forms import names_a_school
from resets.models import Reset
from resets.opening import season_now
from resets.serializers import DateSerializer, DistrictSerializer, ResetSerializer


class DistrictLevel(APIView):
    """A view that refuses whatever names a school, in the address or in what was sent (W7)."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if names_a_school(request.query_params) or _names_a_school(_sent(request)):
            raise services.Refused(policy.one_school())


def _sent(request: Request) -> Any:
    try:
        return request.data
    except RecursionError:
        raise ParseError(_("The JSON is nested too deep.")) from None


def _names_a_school(sent: Any) -> bool:
    """The same at any depth of what was sent, which can be anything that JSON holds."""
    if isinstance(sent, Mapping):
        return names_a_school(sent) or any(map(_names_a_school, sent.values()))
    return isinstance(sent, list) and any(map(_names_a_school, sent))


class Pages(PageNumberPagination):
    page_size = 100


class Districts(DistrictLevel):
    """The districts that the person may know of, by name, a hundred a page."""

    def get(self, request: Request) -> Response:
        pages = Pages()
        visible = District.objects.visible_to(request.user)
        page = pages.paginate_queryset(visible.order_by("name", "site_code"), request, self) or []
        shown = District.objects.filter(pk__in=[each.pk for each in page])
        entries = board.entries(shown, season_now(), at=clock.now())
        return pages.get_paginated_response([DistrictSerializer(entry).data for entry in entries])


class OneDistrict(DistrictLevel):
    """One district by its site code."""

    def get(self, request: Request, site_code: str) -> Response:
        if "\x00" in site_code:  # PostgreSQL refuses it before it looks
            raise Http404
        visible = District.objects.visible_to(request.user).filter(site_code=site_code)
        entries = board.entries(visible, season_now(), at=clock.now())
        if not entries:
            raise Http404
        return Response(DistrictSerializer(entries[0]).data)


class OneReset(DistrictLevel):
    """One reset by its id; PUT and PATCH set its date: `date`, `version` as it was read, and `reason` where asked."""

    def get(self, request: Request, pk: int) -> Response:
        return Response(ResetSerializer(self._found(request, pk)).data)

    def put(self, request: Request, pk: int) -> Response:
        reset, wanted = self._found(request, pk), DateSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        services.schedule(
            reset=reset,
            to=wanted.validated_data["date"],
            by=request.user,
            at=clock.now(),
            reason=wanted.validated_data["reason"],
            version=wanted.validated_data["version"],
        )
        return Response(ResetSerializer(self._found(request, pk)).data)

    patch = put

    def _found(self, request: Request, pk: int) -> Reset:
        rows = Reset.objects.visible_to(request.user).select_related("season", "district")
        return get_object_or_404(rows, pk=pk)


class OneSchool(DistrictLevel):
    """The reset of one school, which nobody gets, whatever the school (W7)."""

    def post(self, request: Request, school: int) -> Response:
        raise services.Refused(policy.one_school())
