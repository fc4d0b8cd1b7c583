"""Messages to a district's people as mail: plain words in text and HTML, one thread a district, no student in any."""

from typing import NamedTuple
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from districts import gate, standstill
from districts.models import Notice
from districts.moments import moment

Kind = Notice.Kind
TO_THE_CSM_ALONE = (Kind.DATA_READY, Kind.RECORDS_HOLD)  # the district hears of a hold from her, by a letter
TO_THE_DISTRICT_ALONE = (Kind.EXPORT_READY, Kind.EXPORT_FAILED)  # only its own people may download a file


class Letter(NamedTuple):
    """What a message says: its subject after the district's name, sentences, and the words of its link."""

    subject: str
    sentences: list[str]
    link: str = "See its rosters"


def send(notice: Notice) -> int:
    """Sends a message to whom it is for; answers how many people that was. Raises OSError when mail cannot be sent."""
    people = recipients(notice)
    if not people:
        return 0
    letter, host = LETTERS[Kind(notice.kind)](notice), urlsplit(settings.BASE_URL).hostname
    context = {"letter": letter, "district": notice.district, "url": _address(notice)}
    mail = EmailMultiAlternatives(
        subject=f"{notice.district}: {letter.subject}",
        body=render_to_string("emails/notice.txt", context),
        to=people,
        headers={
            "Message-ID": f"<notice-{notice.pk}@{host}>",
            "References": f"<district-{notice.district_id}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(render_to_string("emails/notice.html", context), "text/html")
    mail.send()
    return len(people)


def recipients(notice: Notice) -> list[str]:
    """Addresses of the district's admins and its CSM who can sign in; of either alone for what only they act on."""
    district = notice.district
    if notice.kind == Kind.PAUSE_TOMORROW:
        return _not_told(notice)
    people = [] if notice.kind in TO_THE_CSM_ALONE else list(get_user_model().objects.filter(district=district))
    people += [district.csm] if district.csm and notice.kind not in TO_THE_DISTRICT_ALONE else []
    return [person.email for person in people if person.is_active]


def _not_told(notice: Notice) -> list[str]:
    """Those who would have got the letter of the day before and have not, with the CSM; nobody if all have."""
    district = notice.district
    admins = get_user_model().objects.filter(district=district, is_active=True).values_list("email", flat=True)
    contacts = district.contacts.filter(gets_letters=True).values_list("email", flat=True)
    people = {address.lower(): address for address in [*contacts, *admins]}
    others = [address for known, address in people.items() if known not in notice.told]
    csm = district.csm
    if csm and csm.is_active and csm.email.lower() not in notice.told and (others or not people):
        others.append(csm.email)
    return others


def _address(notice: Notice) -> str:
    """Where to act: a file's own address leads to its page, which asks who it is; nothing is downloaded by a link."""
    places = {Kind.RECORDS_HOLD: "", **dict.fromkeys(TO_THE_DISTRICT_ALONE, f"exports/{notice.about}/")}
    place = places.get(Kind(notice.kind), "rosters/")
    return f"{settings.BASE_URL}/districts/{quote(notice.district.site_code)}/{place}"


def _tomorrow(notice: Notice) -> Letter:
    if kept := standstill.why(notice.district_id):
        return _tomorrow_without_a_reset(notice, kept)
    day = notice.district.gate.pauses_on
    return Letter(
        _("roster syncs pause tomorrow"),
        [
            f"Tomorrow, {gate.spoken(day) if day else ''}, the student data of {notice.district} is reset.",
            _(
                "From the beginning of that day nightly roster syncs are paused. You hear from us when "
                "they are on again."
            ),
            _("Today is the last day on which this year's data can be worked with and downloaded."),
        ],
    )


def _tomorrow_without_a_reset(notice: Notice, kept: str) -> Letter:
    """Syncs pause on the day that was set, whatever stands still: they alone are told of."""
    day = notice.district.gate.pauses_on
    about = {"day": gate.spoken(day) if day else "", "district": notice.district}
    paused = _("From the beginning of tomorrow, %(day)s, nightly roster syncs of %(district)s are paused.")
    return Letter(_("roster syncs pause tomorrow"), [paused % about, kept, _is_told_by_letter()])


def _is_told_by_letter() -> str:
    return _("The district gets a letter when a day for the reset is set or stands again.")


def _paused(notice: Notice) -> Letter:
    if kept := standstill.why(notice.district_id):
        return Letter(_("roster syncs are paused"), [_paused_since(notice), kept, _is_told_by_letter()])
    return Letter(
        _("roster syncs are paused"),
        [
            gate.sentence(notice.district.gate),
            _(
                "There is nothing to do for that. When your student information system holds the new "
                "school year, open the page below and say that your data is ready."
            ),
        ],
    )


def _paused_since(notice: Notice) -> str:
    """Not until when: rostering comes after a reset, and there is none yet."""
    day = notice.district.gate.pauses_on
    about = {"day": gate.spoken(day) if day else "", "district": notice.district}
    return _("Nightly roster syncs of %(district)s are paused since %(day)s.") % about


def _resumed(notice: Notice) -> Letter:
    each = notice.district.gate
    when = f" since {moment(each.resumed_at, notice.district.zone)}" if each.resumed_at else ""
    return Letter(
        _("roster syncs are on again"),
        [
            _("Nightly roster syncs of {district} are on again{when}.").format(district=notice.district, when=when),
            _(
                "The first one reads a full roster, and students get new accounts. Should it look unlike "
                "a new school year, it waits for a person, and you hear of it."
            ),
        ],
    )


def _on_hold(notice: Notice) -> Letter:
    return Letter(
        _("a roster is on hold"),
        [_("A roster has come that is not applied before somebody has looked at it."), notice.text],
        _("See what it would change"),
    )


def _source_down(notice: Notice) -> Letter:
    sentences = [_("The rosters of {district} could not be fetched.").format(district=notice.district), notice.text]
    return Letter(_("rosters could not be fetched"), sentences, _("See its rosters"))


def _data_ready(notice: Notice) -> Letter:
    return Letter(
        _("the data of the new school year is ready"),
        [
            f"{notice.district} says that its data for the new school year is ready. {notice.text}".rstrip(),
            _("Syncs stay paused until you say that rostering is complete."),
        ],
        _("Say that rostering is complete"),
    )


def _export_ready(notice: Notice) -> Letter:
    """`text`: what is ready, and on a second line until when."""
    what, _, until = notice.text.partition("\n")
    lasts = (
        gettext("It is there until {until}, or until the reset if that comes first.").format(until=until)
        if until
        else gettext("It is there for hours.")
    )
    if what.startswith("Last export"):
        lasts = gettext(
            "The reset made it before anything was deleted. It is there until {until}, for your district alone."
        ).format(until=until)
    return Letter(
        gettext("ready to download: {what}").format(what=what),
        [
            gettext("{what}: the file is ready.").format(what=what),
            gettext("{lasts} What you download stays with you.").format(lasts=lasts),
            gettext("The file names students, so it is not in this message: sign in to download it."),
        ],
        gettext("Go to your file"),
    )


def _export_failed(notice: Notice) -> Letter:
    return Letter(
        _("your file was not made"),
        [
            _("A file of {district} that was asked for was not made: an export, or Student Progress reports.").format(
                district=notice.district
            ),
            notice.text,
            _("Nothing of it was kept. The page below says what can be done."),
        ],
        _("See your files"),
    )


def _records_hold(notice: Notice) -> Letter:
    return Letter(_("its records hold"), [notice.text], _("Open the district"))


LETTERS = {
    Kind.PAUSE_TOMORROW: _tomorrow,
    Kind.PAUSED: _paused,
    Kind.RESUMED: _resumed,
    Kind.ROSTER_ON_HOLD: _on_hold,
    Kind.SOURCE_DOWN: _source_down,
    Kind.EXPORT_READY: _export_ready,
    Kind.EXPORT_FAILED: _export_failed,
    Kind.DATA_READY: _data_ready,
    Kind.RECORDS_HOLD: _records_hold,
}
