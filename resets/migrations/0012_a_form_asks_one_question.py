"""A question knows the form that asked it, so that the form sent twice is one question."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resets", "0011_resets_know_who_added_them")]

    operations = [
        migrations.AddField(
            model_name="question",
            name="token",
            field=models.UUIDField(editable=False, help_text="Its form's: sent twice, it is one question.", null=True),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(fields=("reset", "token"), name="a_form_asks_one_question"),
        ),
    ]
