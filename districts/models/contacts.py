"""Whom the vendor writes to in a district, beside its admins who sign in."""

from django.db import models
from django.utils.translation import gettext_lazy

from districts.models.organisations import District, SchoolYear


class Contact(models.Model):
    """A person of a district who does not sign in here. Staff, never a student."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=150)
    part = models.CharField(max_length=100, blank=True, help_text="Such as rostering, data office.")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    gets_letters = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("district", "email"), condition=~models.Q(email=""), name="a_contact_once_in_its_district"
            ),
            models.CheckConstraint(
                condition=models.Q(gets_letters=False) | ~models.Q(email=""),
                name="who_gets_letters_has_an_address",
                violation_error_message=gettext_lazy("Somebody who gets letters needs an e-mail address."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class OtherReset(models.Model):
    """When another product of the vendor ends the same school year in a district: shown beside its own reset."""

    school_year = models.ForeignKey(SchoolYear, on_delete=models.CASCADE, related_name="other_resets")
    product = models.CharField(max_length=80)
    date = models.DateField()

    class Meta:
        ordering = ("date", "product")
        constraints = (
            models.UniqueConstraint(fields=("school_year", "product"), name="another_product_once_in_a_school_year"),
        )

    def __str__(self) -> str:
        return f"{self.product} {self.date}"
