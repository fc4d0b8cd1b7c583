"""Seasons, resets with their schools, and their history."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("districts", "0003_standard_pathways"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField(help_text="In the district's time zone.")),
                (
                    "is_default",
                    models.BooleanField(default=True, help_text="The season's default, not chosen."),
                ),
                ("date_set_at", models.DateTimeField()),
                ("date_set_by", models.CharField(max_length=200)),
                ("reason", models.TextField(blank=True, help_text="Why this date, where a rule asks.")),
                (
                    "due_from",
                    models.DateTimeField(help_text="UTC: the date at the district's run hour in its zone."),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, help_text="Counts changes; a stale form is refused."
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("none", "None yet"),
                            ("keeps", "Keeps the default"),
                            ("asks", "Asks for another day"),
                            ("agreed", "Agreed with the CSM"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answered_by", models.CharField(blank=True, max_length=200, null=True)),
                ("asked_for", models.DateField(blank=True, null=True)),
                ("asked_why", models.TextField(blank=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("scheduled", "Scheduled"),
                            ("counting", "Counting"),
                            ("destroying", "Destroying"),
                            ("verifying", "Verifying"),
                            ("completed", "Completed"),
                            ("held", "Held"),
                        ],
                        default="scheduled",
                        max_length=12,
                    ),
                ),
                (
                    "held_from",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("scheduled", "Scheduled"),
                            ("counting", "Counting"),
                            ("destroying", "Destroying"),
                            ("verifying", "Verifying"),
                            ("completed", "Completed"),
                            ("held", "Held"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "held_for",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("records", "A records hold"),
                            ("stopped", "Stopped by a person"),
                            ("export", "Waiting for an export"),
                            ("new_year", "A roster of the new year came before the reset"),
                            ("shard", "The district's tables are not as they must be"),
                            ("counts", "The counts did not add up"),
                            ("verification", "The verification did not add up"),
                            ("attempts", "Too many attempts"),
                            ("locks", "Somebody kept the data locked"),
                        ],
                        max_length=14,
                    ),
                ),
                ("held_why", models.TextField(blank=True)),
                ("held_cure", models.TextField(blank=True)),
                ("held_at", models.DateTimeField(blank=True, null=True)),
                ("held_by", models.CharField(blank=True, max_length=200, null=True)),
                ("new_year_released_at", models.DateTimeField(blank=True, null=True)),
                ("new_year_released_by", models.CharField(blank=True, max_length=200, null=True)),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(default=0, help_text="Claims of the present step."),
                ),
                (
                    "last_error",
                    models.CharField(
                        blank=True, help_text="Its kind alone: never a row's values.", max_length=200
                    ),
                ),
                (
                    "claim",
                    models.PositiveIntegerField(
                        default=0, help_text="Fencing number: only its last owner may write."
                    ),
                ),
                (
                    "claimed_until",
                    models.DateTimeField(blank=True, help_text="By the database's clock.", null=True),
                ),
                (
                    "waiting_since",
                    models.DateTimeField(
                        blank=True,
                        help_text="First lock that was not granted, by the database's clock.",
                        null=True,
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("started_by", models.CharField(blank=True, max_length=200, null=True)),
                ("counted_at", models.DateTimeField(blank=True, null=True)),
                ("counted_by", models.CharField(blank=True, max_length=200, null=True)),
                ("destroyed_at", models.DateTimeField(blank=True, null=True)),
                ("destroyed_by", models.CharField(blank=True, max_length=200, null=True)),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                ("verified_by", models.CharField(blank=True, max_length=200, null=True)),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
                ("completed_by", models.CharField(blank=True, max_length=200, null=True)),
                ("rostering_completed_at", models.DateTimeField(blank=True, null=True)),
                ("rostering_completed_by", models.CharField(blank=True, max_length=200, null=True)),
                (
                    "kept",
                    models.JSONField(
                        default=dict, help_text="By kind: ids retained, as of the destroying commit."
                    ),
                ),
                ("destroying_seconds", models.FloatField(blank=True, null=True)),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resets",
                        to="districts.district",
                    ),
                ),
            ],
            options={
                "ordering": ("date", "district__name"),
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "line",
                    models.TextField(help_text="The JSON line, exactly as appended to the ledger file."),
                ),
                (
                    "reset",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_entry",
                        to="resets.reset",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "ledger entries",
            },
        ),
        migrations.CreateModel(
            name="ResetEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reset_id", models.BigIntegerField()),
                ("district_id", models.BigIntegerField()),
                ("district_name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=200)),
                ("detail", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ("-at", "-id"),
                "indexes": [
                    models.Index(fields=["reset_id", "-at"], name="events_of_a_reset"),
                    models.Index(fields=["district_id", "-at"], name="events_of_a_district"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Season",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "school_year",
                    models.CharField(
                        help_text="The year that ends, such as 2026-27.", max_length=7, unique=True
                    ),
                ),
                ("policy", models.JSONField(help_text="resets.policy.Policy as data.")),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("opened_by", models.CharField(blank=True, max_length=200, null=True)),
                ("runs_at_once", models.PositiveSmallIntegerField(default=8)),
                ("first_wave", models.PositiveSmallIntegerField(default=10)),
                ("held_budget", models.PositiveSmallIntegerField(default=5)),
            ],
            options={
                "ordering": ("-school_year",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("opened_at__isnull", True), ("opened_by__isnull", True)),
                            models.Q(("opened_at__isnull", False), ("opened_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="season_opened_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_wave__gte", 1), ("held_budget__gte", 1), ("runs_at_once__gte", 1)
                        ),
                        name="a_night_lets_something_run",
                        violation_error_message="At least one run at once, one in the first wave, one held before it stops.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="reset",
            name="season",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="resets", to="resets.season"
            ),
        ),
        migrations.CreateModel(
            name="Night",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField()),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("paused_by", models.CharField(blank=True, max_length=200, null=True)),
                ("paused_why", models.TextField(blank=True)),
                ("budget_renewed_at", models.DateTimeField(blank=True, null=True)),
                ("budget_renewed_by", models.CharField(blank=True, max_length=200, null=True)),
                (
                    "season",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="nights", to="resets.season"
                    ),
                ),
            ],
            options={
                "ordering": ("date",),
            },
        ),
        migrations.CreateModel(
            name="Tick",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("ticked_at", models.DateTimeField(help_text="By the database's clock.")),
                ("ticked_by", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="there_is_one_tick")
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(help_text="Never name a student here.")),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("placed_at", models.DateTimeField()),
                ("placed_by", models.CharField(max_length=200)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.CharField(blank=True, max_length=200, null=True)),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="districts.district",
                    ),
                ),
            ],
            options={
                "ordering": ("-placed_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="hold_ended_at_and_by",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("district",),
                        name="one_open_hold_a_district",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SchoolReset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("counted", "Counted"),
                            ("reset", "Reset"),
                            ("verified", "Verified"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("before", models.JSONField(default=dict, help_text="Rows by kind, counted before.")),
                (
                    "acted",
                    models.JSONField(
                        default=dict, help_text="Rows by kind, counted again under the lock and deleted."
                    ),
                ),
                (
                    "left",
                    models.JSONField(default=dict, help_text="Rows by kind, counted after, independently."),
                ),
                ("rows_before", models.PositiveBigIntegerField(default=0)),
                ("rows_left", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "reset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="schools", to="resets.reset"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="districts.school",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reset", "school"), name="a_school_once_in_a_reset", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="reset",
            index=models.Index(
                condition=models.Q(("status", "completed"), _negated=True),
                fields=["due_from"],
                name="unfinished_resets",
            ),
        ),
        migrations.AddConstraint(
            model_name="reset",
            constraint=models.UniqueConstraint(
                fields=("season", "district"),
                name="one_reset_a_district_and_season",
                violation_error_message="This district already has its reset of the season.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                    models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                    _connector="OR",
                ),
                name="reset_answered_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="reset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("held_at__isnull", True), ("held_by__isnull", True)),
                    models.Q(("held_at__isnull", False), ("held_by__isnull", False)),
                    _connector="OR",
                ),
                name="reset_held_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="reset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("new_year_released_at__isnull", True), ("new_year_released_by__isnull", True)),
                    models.Q(
                        ("new_year_released_at__isnull", False), ("new_year_released_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="reset_new_year_released_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="reset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("started_at__isnull", True), ("started_by__isnull", True)),
                    models.Q(("started_at__isnull", False), ("started_by__isnull", False)),
                    _connector="OR",
                ),
                name="reset_started_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="reset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("counted_at__isnull", True), ("counted_by__isnull", True)),
                    models.Q(("counted_at__isnull", False), ("counted_by__isnull", False)),
                    _connector="OR",
                ),
                name="reset_counted_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="reset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("destroyed_at__isnull", True), ("destroyed_by__isnull", True)),
                    models.Q(("destroyed_at__isnull", False), ("destroyed_by__isnull", False)),
                    _connector="OR",
                ),
                name="reset_destroyed_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="reset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verified_at__isnull", True), ("verified_by__isnull", True)),
                    models.Q(("verified_at__isnull", False), ("verified_by__isnull", False)),
                    _connector="OR",
                ),
                name="reset_verified_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="reset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("completed_at__isnull", True), ("completed_by__isnull", True)),
                    models.Q(("completed_at__isnull", False), ("completed_by__isnull", False)),
                    _connector="OR",
                ),
                name="reset_completed_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="reset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("rostering_completed_at__isnull", True), ("rostering_completed_by__isnull", True)
                    ),
                    models.Q(
                        ("rostering_completed_at__isnull", False), ("rostering_completed_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="reset_rostering_completed_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="reset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["scheduled", "counting", "destroying", "verifying", "completed", "held"])
                ),
                name="reset_status_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("held_at__isnull", False),
                        ("status", "held"),
                        models.Q(("held_for", ""), _negated=True),
                        models.Q(("held_why", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("status", "held"), _negated=True),
                        ("held_at__isnull", True),
                        ("held_for", ""),
                        ("held_from", ""),
                        ("held_why", ""),
                    ),
                    _connector="OR",
                ),
                name="a_held_reset_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="reset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "completed"), _negated=True),
                    ("verified_at__isnull", False),
                    _connector="OR",
                ),
                name="completed_means_verified",
            ),
        ),
        migrations.AddConstraint(
            model_name="reset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verified_at__isnull", True), ("destroyed_at__isnull", False), _connector="OR"
                ),
                name="verified_means_destroyed",
            ),
        ),
        migrations.AddConstraint(
            model_name="reset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rostering_completed_at__isnull", True), ("status", "completed"), _connector="OR"
                ),
                name="rostering_is_complete_only_after_the_reset",
                violation_error_message="Rostering can be declared complete only after the reset is completed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reset",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_from__gt", models.F("date_set_at"))),
                name="no_date_is_stored_in_the_past",
                violation_error_message="The date has passed (W10, W2).",
            ),
        ),
        migrations.AddConstraint(
            model_name="night",
            constraint=models.UniqueConstraint(fields=("season", "date"), name="a_night_once_a_season"),
        ),
        migrations.AddConstraint(
            model_name="night",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paused_at__isnull", True), ("paused_by__isnull", True)),
                    models.Q(("paused_at__isnull", False), ("paused_by__isnull", False)),
                    _connector="OR",
                ),
                name="night_paused_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="night",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("budget_renewed_at__isnull", True), ("budget_renewed_by__isnull", True)),
                    models.Q(("budget_renewed_at__isnull", False), ("budget_renewed_by__isnull", False)),
                    _connector="OR",
                ),
                name="night_budget_renewed_at_and_by",
            ),
        ),
    ]
