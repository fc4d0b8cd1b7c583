"""What one district's page shows beside its reset: contacts, notes, letters sent and planned, and what it asked."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from districts.models import Contact, District
from districts.moments import moment, stamp
from exports.columns import Column, Kind
from resets import desk, history, letter_fields, letters, policy, workbook
from resets.board import Entry
from resets.desk import ContactForm, NoteForm
from resets.models import Answer, DistrictNote, Letter, ResetEvent, Season

SENT = 5  # letters on the page; all of them are on the page of letters
Words = dict[str, Any]


def contacts(district: District, role: str, bound: ContactForm | None = None) -> Words:
    """The people who do not sign in, each with a form of her own for those who may change them."""
    may = role in desk.MAY_KEEP_CONTACTS
    rows = [_contact(each, district, bound) for each in district.contacts.all()]
    is_new = bound is not None and bound.instance.pk is None
    return {
        "contacts": rows,
        "may_keep_contacts": may,
        "new_contact": bound if is_new else ContactForm(district=district),
        "is_adding_contact": is_new,
    }


def _contact(each: Contact, district: District, bound: ContactForm | None) -> Words:
    is_bound = bound is not None and bound.instance.pk == each.pk
    initials = "".join(word[0] for word in each.name.split()[:2]).upper()
    return {
        "contact": each,
        "initials": initials,
        "about": ", ".join(filter(None, (each.part, each.phone))),
        "form": bound if is_bound else ContactForm(instance=each, district=district),
        "is_open": is_bound,
    }


def notes(district: District, role: str, bound: NoteForm | None = None) -> Words:
    """A CSM's notes, newest first. The district's admin gets none."""
    if role == "district_admin":
        return {"may_see_notes": False}
    return {
        "may_see_notes": True,
        "may_keep_notes": role in desk.MAY_KEEP_NOTES,
        "notes": [_note(each, district) for each in DistrictNote.objects.filter(district=district, removed_at=None)],
        "new_note": bound or NoteForm(),
        "is_adding_note": bound is not None,
    }


def _note(each: DistrictNote, district: District) -> Words:
    return {"pk": each.pk, "text": each.text, "by": f"{each.written_by}, {moment(each.written_at, district.zone)}"}


def asked(entry: Entry, role: str) -> Words:
    """The district's open question and its request for another day, each with what to press."""
    question = entry.question
    may = role in desk.MAY_KEEP_NOTES
    answer = address("resets:answer", entry.district.site_code) if may else ""
    return {"question": question, "answer_url": answer, "request_for": _request(entry, answer, may=may)}


def _request(entry: Entry, answer: str, *, may: bool) -> Words | None:
    reset, code = entry.reset, entry.district.site_code
    if reset is None or not reset.is_editable or reset.answer != Answer.ASKS or reset.asked_for is None:
        return None
    day = policy.spoken(reset.asked_for, entry.year)
    stands = {"day": policy.spoken(reset.date, entry.year)}
    choose = f"{reverse('resets:choose', args=[code])}?day={reset.asked_for.isoformat()}"
    actions = [
        {"url": choose, "submit": _("Agree to %(day)s") % {"day": day}},
        {"url": answer, "submit": _("Say why %(day)s stays") % stands},
    ]
    return {
        "title": _("%(who)s asks for %(day)s.") % {"who": reset.answered_by, "day": day},
        "text": _("Until you answer, %(day)s stands.") % stands,
        "why": reset.asked_why,
        "actions": [one for one in actions if one["url"]] if may else [],
    }


def writing(entry: Entry, role: str) -> Words:
    """Where a letter to the district is written by hand, and the first name of who gets it."""
    admins = [each for each in entry.district.admins.all() if each.is_active]
    name = str(admins[0]).split()[0] if len(admins) == 1 else _("the district")
    url = address("resets:letter_write", entry.district.site_code) if role in desk.MAY_KEEP_NOTES else ""
    return {"write_url": url, "write_to": name}


def question_url(entry: Entry) -> str:
    """Where a district's admin asks her CSM something: a page of the portal, or her own mail."""
    csm = entry.district.csm
    return address("resets:ask_question", entry.district.site_code) or (f"mailto:{csm.email}" if csm else "")


def mail(entry: Entry, season: Season | None) -> Words:
    """Letters that went to the district and those to come, newest and next first; in six queries at most."""
    rows = Letter.objects.filter(district=entry.district).exclude(sent_at=None).order_by("-sent_at")
    sent = [_sent(each, entry) for each in rows.prefetch_related("deliveries")[:SENT]]
    coming = list(_coming(entry, season)) if season and entry.reset else []
    return {"sent": sent, "coming": coming, "letters_url": address("resets:district_letters", entry.district.site_code)}


def _sent(letter: Letter, entry: Entry) -> Words:
    went = [each for each in letter.deliveries.all() if each.sent_at]
    bounced = [each.name for each in went if each.bounced_at]
    to = {"names": ", ".join(each.name for each in went) or _("nobody"), "who": ", ".join(bounced)}
    return {
        "subject": letter.subject,
        "to": _("To %(names)s.") % to,
        "when": moment(letter.sent_at, entry.district.zone) if letter.sent_at else "",
        "bounced": _("It did not reach %(who)s.") % to if bounced else "",
        "url": address("resets:letter", letter.pk),
    }


def _coming(entry: Entry, season: Season) -> list[Words]:
    """What still goes unless somebody or an answer stops it, and letters by hand that wait for the morning."""
    code = entry.district.site_code
    found: list[Words] = []
    for one in letters.planned(season=season, district=entry.district, at=entry.at):
        is_ahead = one.day and not one.stops and (one.waits or one.day >= entry.today)
        if one.day and is_ahead and not (one.letter and one.letter.sent_at):
            url = address("resets:district_letter", code, one.step.number)
            found.append({"day": one.day, "subject": one.step.name, "url": url, "waits": one.waits})
    by_hand = Letter.objects.filter(district=entry.district, step=None, sent_at=None, stopped_at=None)
    found += [
        {
            "day": entry.local(each.due_from),
            "subject": letter_fields.in_short(each.subject, entry.reset),
            "url": address("resets:letter", each.pk),
        }
        for each in by_hand
    ]
    return [one | {"when": policy.spoken(one["day"])} for one in sorted(found, key=lambda one: one["day"])]


def address(name: str, *args: Any) -> str:
    """A page's address; empty where this installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def columns() -> tuple[Column, ...]:
    """What the spreadsheet's columns are, in the reader's language."""
    return (
        Column(_("When"), Kind.TEXT, _("The moment, in the district's time zone."), 24),
        Column(_("What"), Kind.TEXT, _("What happened, in a sentence."), 90),
        Column(_("Reason"), Kind.TEXT, _("What the person gave as the reason."), 60),
        Column(_("By"), Kind.TEXT, _("Who did it."), 30),
    )


def history_file(district: District, *, by: Any, at: datetime) -> HttpResponse:
    """The whole history of a district as a workbook, the newest first."""
    rows = ResetEvent.objects.filter(district_id=district.pk)
    told = (
        (stamp(each.at, district.zone), history.sentence(each, by.role), history.quote(each, by.role), each.by)
        for each in rows.iterator()
    )
    about = [(_("District"), str(district)), (_("Site code"), district.site_code), (_("Time zone"), district.zone)]
    name = f"history-{district.site_code}-{at:%Y-%m-%d}.xlsx"
    return workbook.answer(name, _("History"), columns(), told, about=about, by=by, at=at)
