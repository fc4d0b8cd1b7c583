"""What letters say of a district's dates: what is known, and a question for what is missing."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core import mail

from districts.models import Gate, SchoolYear
from resets import correspondence, letter_dates, letter_fields
from resets.models import Reset, Season
from resets.policy import Calendar
from tests.people import Cast

OPENED = datetime(2027, 6, 7, 17, tzinfo=UTC)  # Monday, 10:00 in Lakeside
REMINDED = datetime(2027, 7, 7, 17, tzinfo=UTC)  # 21 days before its reset
YEAR = {"school_year_ends": date(2027, 6, 11), "has_summer_session": False}
STARTS = {"rostering_starts": date(2027, 8, 2)}
SEVERAL = {
    "default_dates": ["2027-07-19", "2027-08-02", "2027-08-16"],
    "default_assignment": "closest_to_last_reset",
}
pytestmark = pytest.mark.django_db


def calendar(**dates: Any) -> Calendar:
    return Calendar(zone="America/Los_Angeles", **dates)


def fill(text: str, reset: Reset, cast: Cast) -> str:
    about: dict[str, Any] = {"district": reset.district, "reset": reset, "csm": cast.carmen, "at": OPENED}
    return letter_fields.fill(text, season=Season.objects.get(pk=reset.season_id), **about)


def read(at: datetime) -> str:
    mail.outbox.clear()
    correspondence.tick(at=at)
    return " ".join(" ".join(str(each.body).split()) for each in mail.outbox if "dana@" in each.to[0])


def test_no_letter_of_the_start_recommends_a_day_that_nobody_knows(season: Season, reset: Reset, cast: Cast) -> None:
    Season.objects.filter(pk=season.pk).update(opened_at=OPENED)
    unknown: dict[str, None] = {"ends_on": None, "has_summer_session": None, "rostering_starts_on": None}
    SchoolYear.objects.filter(district=cast.lakeside).update(**unknown)
    asked = "I do not know yet when your sessions end and when rostering for the new year starts: please tell me."
    for at in (OPENED, REMINDED):
        said = read(at)
        assert asked in said
        assert "do not know yet would" not in said
        assert "a day we do not know" not in said


def test_letters_of_a_district_whose_dates_are_known_say_them(season: Season, reset: Reset, cast: Cast) -> None:
    Season.objects.filter(pk=season.pk).update(opened_at=OPENED)
    SchoolYear.objects.filter(district=cast.lakeside).update(
        ends_on=date(2027, 6, 11), has_summer_session=False, rostering_starts_on=date(2027, 8, 2)
    )
    assert "From what we know of your dates, Wed, July 28, 2027 would do best. If we hear nothing" in read(OPENED)
    known = "Your sessions end on Fri, June 11, 2027 and rostering starts on Mon, August 2, 2027, as far as we know."
    assert f"{known} If that is wrong, please tell me. If the day does not suit you" in read(REMINDED)


@pytest.mark.parametrize(
    ("dates", "best", "said"),
    [
        (YEAR | STARTS, date(2027, 7, 28), "From what we know of your dates, Wed, July 28, 2027 would do best."),
        (YEAR | STARTS, None, "As far as we know your dates, no day suits all of them: please write to me or call me."),
        (STARTS, None, "I do not know yet when all of your sessions end: please tell me."),
        (
            YEAR,
            date(2027, 7, 28),
            "From what we know of your dates, Wed, July 28, 2027 would do best. "
            "I do not know yet when rostering for the new year starts: please tell me.",
        ),
    ],
)
def test_a_recommendation_asks_for_what_it_lacks(dates: dict[str, Any], best: date | None, said: str) -> None:
    assert letter_dates.recommendation(calendar(**dates), best) == said


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (YEAR, "Your sessions end on Fri, June 11, 2027, as far as we know. If that is wrong, please tell me. "
               "I do not know yet when rostering for the new year starts: please tell me."),
        (STARTS, "Rostering for the new year starts on Mon, August 2, 2027, as far as we know. If that is wrong, "
                 "please tell me. I do not know yet when all of your sessions end: please tell me."),
    ],
)  # fmt: skip
def test_what_is_known_is_said_and_the_rest_asked_for(dates: dict[str, Any], said: str) -> None:
    assert letter_dates.known(calendar(**dates)) == said


def test_of_several_defaults_a_letter_says_the_district_s_own(season: Season, reset: Reset, cast: Cast) -> None:
    Season.objects.filter(pk=season.pk).update(policy=season.policy | SEVERAL)
    ran = {"last_reset_at": datetime(2026, 8, 14, 9, tzinfo=UTC), "last_reset_by": "the portal"}
    Gate.objects.filter(pk=reset.district_id).update(**ran)
    reset.date, reset.is_default = date(2027, 8, 4), False
    reset.district.refresh_from_db()
    assert fill("{default_date}", reset, cast) == "Mon, August 16, 2027"


def test_a_default_that_a_district_has_is_its_default(season: Season, reset: Reset, cast: Cast) -> None:
    Season.objects.filter(pk=season.pk).update(policy=season.policy | SEVERAL)
    reset.date = date(2027, 8, 16)
    assert fill("{default_date}", reset, cast) == "Mon, August 16, 2027"
