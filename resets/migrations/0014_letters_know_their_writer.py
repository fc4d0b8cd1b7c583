"""A letter by hand knows the account that wrote it: two leads may have one name."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def know_writers(apps, schema_editor):
    """Of letters that are there, where one lead alone has the name, as the portal took it to be until now."""
    leads = apps.get_model(settings.AUTH_USER_MODEL).objects.filter(role="csm_lead")
    alone = leads.values("name").annotate(number=models.Count("pk"), only=models.Min("pk")).filter(number=1)
    by_hand = apps.get_model("resets", "Letter").objects.filter(step=None, about="")
    for lead in alone:
        by_hand.filter(written_by=lead["name"]).exclude(district__csm__name=lead["name"]).update(writer=lead["only"])


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("resets", "0013_letters_go_on_after_a_stop"),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="writer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(know_writers, migrations.RunPython.noop, elidable=True),
    ]
