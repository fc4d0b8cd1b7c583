"""A letter of the sequence goes once a reset date; steps have a version; a reset knows that it came after the opening."""

from django.db import migrations, models

ONCE_A_DATE = models.UniqueConstraint(
    fields=("district", "step", "for_date"),
    condition=models.Q(("step__isnull", False)),
    nulls_distinct=False,
    name="a_step_goes_to_a_district_once_a_date",
)
SPOKE_OF = """
UPDATE resets_letter SET for_date = resets_reset.date
FROM resets_reset, resets_letterstep
WHERE resets_reset.district_id = resets_letter.district_id AND resets_reset.season_id = resets_letter.season_id
  AND resets_letterstep.id = resets_letter.step_id AND resets_letterstep.waits_for IN ('default', 'reset')
  AND (resets_letter.sent_at IS NOT NULL OR resets_letter.stopped_by = 'the portal'
       OR EXISTS (SELECT FROM resets_delivery WHERE letter_id = resets_letter.id))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0013_notices_know_who_heard_them"),
        ("resets", "0008_the_csms_season"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="letter", name="a_step_goes_to_a_district_once"),
        migrations.AddField(
            model_name="letter",
            name="about",
            field=models.CharField(
                blank=True,
                choices=[("date", "The date of its reset"), ("hold", "Its records hold")],
                help_text="What the portal tells of.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="for_date",
            field=models.DateField(blank=True, help_text="The reset date of which a step's letter spoke.", null=True),
        ),
        migrations.AddField(
            model_name="letterstep",
            name="version",
            field=models.PositiveIntegerField(default=1, help_text="Counts changes; a stale form is refused."),
        ),
        migrations.AddField(
            model_name="reset",
            name="added_at",
            field=models.DateTimeField(blank=True, help_text="When it was added to a season that was open.", null=True),
        ),
        migrations.RunSQL(SPOKE_OF, migrations.RunSQL.noop),
        migrations.AddConstraint(model_name="letter", constraint=ONCE_A_DATE),
    ]
