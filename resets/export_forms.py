"""Forms of the pages about exports and reports: what a file shall hold, of whom, and in which format."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import Classroom, District, LearningEnvironment, Product, School, Student
from exports.models import ExportFile
from exports.proof import products
from resets.policy import spoken

Format = ExportFile.Format
YEAR, CUSTOM = "year", "custom"
MOST = 2**63 - 1  # the largest id that the database can be asked for


class ExportForm(forms.Form):
    """A Student Data Export: of one product, up to `last`, the newest day that an export may hold."""

    product = forms.ChoiceField(label=gettext_lazy("Product"), widget=forms.RadioSelect)
    learning_environment = forms.ChoiceField(
        label=gettext_lazy("Learning environment"),
        choices=(("", gettext_lazy("Both, for all students")), *LearningEnvironment.choices),
        required=False,
        widget=forms.RadioSelect,
    )
    range = forms.ChoiceField(label=gettext_lazy("Days"), initial=YEAR, widget=forms.RadioSelect)
    since = forms.DateField(label=gettext_lazy("First day"), required=False)
    until = forms.DateField(label=gettext_lazy("Last day"), required=False)
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=(
            (Format.XLSX, gettext_lazy("Excel (XLSX), with a sheet that explains it")),
            (Format.CSV, gettext_lazy("CSV, for other programs")),
        ),
        initial=Format.XLSX,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, *, district: District, last: date) -> None:
        used = products(district)
        super().__init__(data, initial={"product": used[0]})
        self.last = last
        self.fields["product"].choices = [(each.value, each.label) for each in used]  # type: ignore[attr-defined]
        whole = _("The whole year so far, through {last}").format(last=spoken(last))
        self.fields["range"].choices = ((YEAR, whole), (CUSTOM, _("Some days of it")))  # type: ignore[attr-defined]
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput({"type": "date", "max": last.isoformat()}, format="%Y-%m-%d")

    def clean_learning_environment(self) -> str:
        """Math Facts knows no learning environments: what a hidden field says of them is not asked for."""
        is_math = self.cleaned_data.get("product") == Product.IMAGINE_MATH
        return str(self.cleaned_data["learning_environment"]) if is_math else ""

    def clean_since(self) -> date | None:
        return self._day("since")

    def clean_until(self) -> date | None:
        return self._day("until")

    def _day(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name] if self.cleaned_data.get("range") == CUSTOM else None
        if day and day > self.last:
            raise forms.ValidationError(
                _("An export holds previous days only. The last one is {last}.").format(last=spoken(self.last))
            )
        return day

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = found.get("since"), found.get("until")
        if found.get("range") == CUSTOM and not (since or until or self.errors):
            self.add_error("since", _("Say the first day, the last day, or both."))
        if since and until and until < since:
            self.add_error(
                "until", _("The last day must be {since}, the first day, or later.").format(since=spoken(since))
            )
        return found

    @property
    def wish(self) -> dict[str, Any]:
        """What was asked for, as `exports.files.ask` takes it."""
        names = ("product", "learning_environment", "since", "until", "format")
        return {name: self.cleaned_data[name] for name in names}


class ReportsForm(forms.Form):
    """Student Progress reports of the district, or of what is named: a school, a classroom or a student."""

    format = forms.ChoiceField(
        choices=((Format.PDF, gettext_lazy("One PDF")), (Format.ZIP, gettext_lazy("A zip with one PDF a classroom")))
    )
    school = forms.IntegerField(required=False, min_value=1, max_value=MOST)
    classroom = forms.IntegerField(required=False, min_value=1, max_value=MOST)
    student = forms.IntegerField(required=False, min_value=1, max_value=MOST)

    def __init__(self, data: Any = None, *, district: District) -> None:
        super().__init__(data)
        self.district = district

    def clean(self) -> dict[str, Any]:
        """The narrowest thing that is named counts; what is not of this district is not there."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        self.wish = self._wish(found)
        if found.get("student") or found.get("classroom"):
            found["format"] = Format.PDF
        return found

    def _wish(self, found: dict[str, Any]) -> dict[str, Any]:
        for name, rows in (("student", Student.objects), ("classroom", Classroom.objects)):
            if key := found.get(name):
                self._is_there(rows.filter(district_id=self.district.pk, id=key).exists())
                return {f"{name}_id": key}
        if key := found.get("school"):
            school = School.objects.filter(district=self.district, pk=key).first()
            self._is_there(school is not None)
            return {"school": school}
        return {}

    def _is_there(self, is_there: bool) -> None:
        if not is_there:
            raise forms.ValidationError(_("It is not there any more. Choose again."))
