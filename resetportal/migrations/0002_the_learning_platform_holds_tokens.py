"""A role for the learning platform, which holds tokens and has no password."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('resetportal', '0001_people_and_demo_clock'),
    ]

    operations = [
        migrations.AlterField(
            model_name='user',
            name='role',
            field=models.CharField(choices=[('engineer', 'Engineer'), ('csm_lead', 'CSM lead'), ('csm', 'Customer Success Manager'), ('district_admin', 'District admin'), ('platform', 'Learning platform')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role', 'platform'), _negated=True), ('password__startswith', '!'), _connector='OR'), name='a_platform_has_no_password', violation_error_message='The learning platform has tokens, no password.'),
        ),
    ]
