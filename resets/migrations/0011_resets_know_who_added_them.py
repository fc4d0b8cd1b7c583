"""A reset that came after the opening says who added it."""

from django.db import migrations, models

WHO_AND_WHEN = models.CheckConstraint(
    condition=models.Q(
        models.Q(("added_at__isnull", True), ("added_by__isnull", True)),
        models.Q(("added_at__isnull", False), ("added_by__isnull", False)),
        _connector="OR",
    ),
    name="reset_added_at_and_by",
)


class Migration(migrations.Migration):
    dependencies = [("resets", "0010_holds_know_whose_they_are")]

    operations = [
        migrations.AddField(
            model_name="reset",
            name="added_by",
            field=models.CharField(blank=True, max_length=200, null=True),
        ),
        migrations.AlterField(
            model_name="reset",
            name="added_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunSQL(
            "UPDATE resets_reset SET added_by = date_set_by WHERE added_at IS NOT NULL", migrations.RunSQL.noop
        ),
        migrations.AddConstraint(model_name="reset", constraint=WHO_AND_WHEN),
    ]
