"""python -m tests.faults.seed NUMBER: fills an empty installation with districts whose resets are not yet due.

Run as a process of its own, with the installation's environment.
"""

import sys
from datetime import UTC, datetime

import django

JUNE_1 = datetime(2027, 6, 1, 16, tzinfo=UTC)


def main(number: int) -> None:
    django.setup()
    from resetportal import clock
    from resetportal.models import Role, User
    from resets import opening, seasons, services
    from resets.models import Reset, Season
    from tests.people import make_district

    clock.move_to(JUNE_1)
    maya = User.objects.create_user("maya@vendor.example", name="Maya Lindqvist", role=Role.CSM_LEAD)
    for each in range(1, number + 1):
        make_district(f"District {each}", f"{each:07}", zone="America/New_York")
    policy = seasons.starting_policy(2027).to_data()
    season = Season.objects.create(school_year="2026-27", policy=policy, first_wave=1000, runs_at_once=1000)
    opening.open_season(season=season, by=maya, at=clock.now())
    for reset in Reset.objects.order_by("district"):
        if wants_a_last_export(reset.district_id):
            services.choose_last_export(reset=reset, by="Dana Whitfield", at=clock.now())


def wants_a_last_export(district: int) -> bool:
    """Two districts of three, so that kills at every point meet both."""
    return district % 3 > 0


if __name__ == "__main__":
    main(int(sys.argv[1]))
