"""Moments as spreadsheets hold them."""

from datetime import UTC, datetime

from districts import moments

JUNE, JULY = datetime(2027, 6, 9, 16, tzinfo=UTC), datetime(2027, 7, 8, 23, 5, tzinfo=UTC)


def test_a_stamp_is_of_the_zone_and_names_it() -> None:
    assert moments.stamp(JULY, "America/Denver") == "2027-07-08 17:05 MDT"
    assert moments.stamp(JULY, "Pacific/Guam") == "2027-07-09 09:05 ChST"


def test_stamps_sort_as_their_moments_do() -> None:
    assert moments.stamp(JUNE, "America/Denver") < moments.stamp(JULY, "America/Denver")


def test_what_has_not_happened_has_none() -> None:
    assert moments.stamp(None, "America/Denver") == ""
