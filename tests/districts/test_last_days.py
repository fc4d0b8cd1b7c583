"""Districts that had data before products were counted apart: their last days are filled in."""

from datetime import date
from importlib import import_module

import pytest
from django.db import connection

from districts.models import DistrictCounts
from tests.keyed_queries import WATCH
from tests.people import Cast

MIGRATION = import_module("districts.migrations.0011_last_days_by_product")


@pytest.mark.django_db
def test_the_last_day_of_each_product_is_filled_in_where_it_is_not_known(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WATCH, "is_on", False)  # a migration reads every district once
    rows = DistrictCounts.objects.filter(pk=cast.lakeside.pk)
    rows.update(math_last_on=None, facts_last_on=None, math_version=0, facts_version=0)
    with connection.cursor() as cursor:
        for product in ("math", "facts"):
            cursor.execute(MIGRATION.fill(product))
    found = rows.values_list("math_last_on", "facts_last_on", "math_version", "facts_version").get()
    assert found == (date(2027, 5, 4), date(2027, 5, 4), 1, 1)
