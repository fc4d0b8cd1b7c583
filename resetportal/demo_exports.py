"""Exports of the demo's districts, made and downloaded as people do it, so that My districts shows how proofs stand."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from districts.models import District
from exports import files, making, proof
from exports.models import ExportFile
from resetportal import clock
from resetportal.models import Role, User
from resets import services
from resets.models import Reset, Season

BY = "make demo"
PROVEN, LEFT, EARLY = "Prairie Hills Schools", "Juniper Flats 7", "Silver Creek ISD"
LAST = "Harbor Point Schools"
PEOPLE = {PROVEN: "Ana Reyes", LEFT: "Wes Tanaka", EARLY: "Priya Nair", LAST: "June Abbott"}


def shown(season: Season, *, begins: datetime) -> Iterator[str]:
    """One district with proof, one that did not download, one that worked on, one that leaves it to the run; yields
    what was done, in sentences."""
    for district in District.objects.filter(name__in=PEOPLE).select_related("counts").order_by("name"):
        person = _admin(district)
        if district.name == LAST:
            services.choose_last_export(reset=Reset.objects.get(season=season, district=district), by=person, at=begins)
            yield f"{district}: {person} chose a last export"
        elif not ExportFile.objects.of(district).exists():
            yield from _made(district, person, season, begins)
    clock.move_to(begins)


def _made(district: District, person: User, season: Season, begins: datetime) -> Iterator[str]:
    """Hours before the demo begins, so that the files are still there; a week before for one that worked on."""
    at = begins - (timedelta(days=7) if district.name == EARLY else timedelta(hours=2))
    clock.move_to(at)
    for product in proof.products(district):
        file = files.ask(
            district=district,
            kind=ExportFile.Kind.STUDENT_DATA,
            format=ExportFile.Format.XLSX,
            product=product,
            school_year=season.school_year,
            hours=season.rules.export_hours,
            by=person,
            at=at,
        )
        making.make(file.pk, worker=BY)
        file.refresh_from_db()
        if district.name != LEFT and file.state == ExportFile.State.READY:
            files.hand_out(file, person=person, at=at).close()
        yield f"{district}: {file.name or file.get_state_display()}"


def _admin(district: District) -> User:
    """The district's admin: somebody to write to, who cannot sign in to the demo."""
    name = PEOPLE[district.name]
    email = f"{name.split()[0].lower()}@{district.site_code}.example"
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_user(email, None, name=name, role=Role.DISTRICT_ADMIN, district=district)
