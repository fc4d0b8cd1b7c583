"""What is kept beside a district: whom to write to, and a CSM's notes. Neither ever names a student."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from districts.models import Contact, District
from resets import history, typed
from resets.models import DistrictNote
from resets.services import NotPossible

MAY_KEEP_CONTACTS = ("csm", "csm_lead", "district_admin")
MAY_KEEP_NOTES = ("csm", "csm_lead")


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's is not generic at run time
    """A person of the district who does not sign in."""

    class Meta:
        model = Contact
        fields = ("name", "part", "email", "phone", "gets_letters")
        field_classes: ClassVar = {"name": typed.Line, "part": typed.Line, "phone": typed.Line}

    def __init__(self, *args: Any, district: District, **kwargs: Any) -> None:
        contact: Contact | None = kwargs.get("instance")
        key = f"contact-{contact.pk}" if contact else "contact"
        super().__init__(*args, **{**kwargs, "prefix": key})
        self.instance.district, self.district = district, district
        self._say()

    def _say(self) -> None:
        words = {
            "name": (_("Name"), _("Staff of the district. Never name a student here.")),
            "part": (_("What she or he does"), _("Such as: rostering, data office. Never name a student here.")),
            "email": (_("Email"), ""),
            "phone": (_("Phone"), ""),
            "gets_letters": (_("Gets the season’s letters"), ""),
        }
        for name, (label, help_text) in words.items():
            self.fields[name].label, self.fields[name].help_text = label, help_text
        self.fields["name"].error_messages["required"] = _("Give a name.")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        email = str(data.get("email") or "")
        if email and (who := self._has(email)):
            self.add_error("email", _("%(who)s has this address already.") % {"who": who})
        return data

    def _has(self, email: str) -> str:
        """Whoever of the district has the address already, signing in or not."""
        others = Contact.objects.filter(district=self.district, email__iexact=email).exclude(pk=self.instance.pk)
        found = others.first() or self.district.admins.filter(email__iexact=email, is_active=True).first()
        return str(found) if found else ""


class NoteForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    """A CSM's note about a district."""

    class Meta:
        model = DistrictNote
        fields = ("text",)
        field_classes: ClassVar = {"text": typed.Text}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": "note"})
        field = self.fields["text"]
        field.label, field.help_text = _("Note"), _("The district does not see it. Never name a student here.")
        field.widget = forms.Textarea(attrs={"rows": 3})
        field.max_length = 2000  # type: ignore[attr-defined]  # a CharField's: said beside it
        field.error_messages["required"] = _("Write the note.")

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if len(text) > 2000:
            raise forms.ValidationError(_("A note has 2,000 characters at most."))
        return text


@transaction.atomic
def keep_contact(form: ContactForm, *, by: Any, at: datetime) -> Contact:
    """Saves a valid form: a new contact, or changes of one. Raises NotPossible."""
    contact: Contact = form.instance
    is_new = contact._state.adding
    if is_new:
        contact.added_at, contact.added_by = at, str(by)
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError:  # somebody else's form came first
        raise NotPossible(_("Somebody of the district has this address already.")) from None
    for kind in _told(form, is_new=is_new):
        history.record_of_district(kind, district=contact.district, by=by, at=at, name=contact.name)
    return contact


def _told(form: ContactForm, *, is_new: bool) -> Iterator[str]:
    """What the history says of a saved form. Who gets the letters is a line of its own."""
    if is_new:
        yield "contact_added"
    elif set(form.changed_data) - {"gets_letters"}:
        yield "contact_changed"
    if "gets_letters" in form.changed_data:
        yield "contact_letters" if form.instance.gets_letters else "contact_no_letters"


@transaction.atomic
def remove_contact(contact: Contact, *, by: Any, at: datetime) -> None:
    """Removes a person from the page; letters that were sent keep to whom they went."""
    history.record_of_district("contact_removed", district=contact.district, by=by, at=at, name=contact.name)
    contact.delete()


def write_note(*, district: District, text: str, by: Any, at: datetime) -> DistrictNote:
    """Adds a note. It never names a student."""
    return DistrictNote.objects.create(district=district, text=text.strip(), written_at=at, written_by=str(by))


@transaction.atomic
def remove_note(*, note: DistrictNote, by: Any, at: datetime) -> None:
    """Takes a note off the page; who removed it, and when, stays. Raises NotPossible."""
    note = DistrictNote.objects.select_for_update().get(pk=note.pk)
    if note.removed_at:
        raise NotPossible(_("%(who)s removed it already.") % {"who": note.removed_by})
    note.removed_at, note.removed_by = at, str(by)
    note.save(update_fields=["removed_at", "removed_by"])
