"""A letter that was stopped and goes after all says who said so, and counts its days from then."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('districts', '0014_a_records_hold_is_told'),
        ('resets', '0012_a_form_asks_one_question'),
    ]

    operations = [
        migrations.AddField(
            model_name='letter',
            name='resumed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='letter',
            name='resumed_by',
            field=models.CharField(blank=True, max_length=200, null=True),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resumed_at__isnull', True), ('resumed_by__isnull', True)), models.Q(('resumed_at__isnull', False), ('resumed_by__isnull', False)), _connector='OR'), name='letter_resumed_at_and_by'),
        ),
    ]
