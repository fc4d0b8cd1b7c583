"""Relations between the models of `districts`, and the constraints and indexes that hold them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('districts', '0001_organisations_and_shards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='district',
            name='csm',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='districts', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='educator',
            name='district',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='educators', to='districts.district'),
        ),
        migrations.AddField(
            model_name='classroomteacher',
            name='educator',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='districts.educator'),
        ),
        migrations.AddField(
            model_name='educatorrole',
            name='educator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='districts.educator'),
        ),
        migrations.AddField(
            model_name='enrollment',
            name='classroom',
            field=models.ForeignObject(from_fields=('district_id', 'classroom_id'), on_delete=django.db.models.deletion.DO_NOTHING, related_name='enrollments', to='districts.classroom', to_fields=('district_id', 'id')),
        ),
        migrations.AddField(
            model_name='pathway',
            name='district',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='custom_pathways', to='districts.district'),
        ),
        migrations.AddField(
            model_name='lessonresult',
            name='pathway',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='districts.pathway'),
        ),
        migrations.AddField(
            model_name='pathwayassignment',
            name='pathway',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='districts.pathway'),
        ),
        migrations.AddField(
            model_name='rostersync',
            name='district',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roster_syncs', to='districts.district'),
        ),
        migrations.AddField(
            model_name='school',
            name='district',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='schools', to='districts.district'),
        ),
        migrations.AddField(
            model_name='educatorrole',
            name='school',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='educator_roles', to='districts.school'),
        ),
        migrations.AddField(
            model_name='classroom',
            name='school',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='districts.school'),
        ),
        migrations.AddField(
            model_name='schoolyear',
            name='district',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='school_years', to='districts.district'),
        ),
        migrations.AddField(
            model_name='student',
            name='school',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='districts.school'),
        ),
        migrations.AddField(
            model_name='pointsentry',
            name='student',
            field=models.ForeignObject(from_fields=('district_id', 'student_id'), on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='districts.student', to_fields=('district_id', 'id')),
        ),
        migrations.AddField(
            model_name='pointsbalance',
            name='student',
            field=models.ForeignObject(from_fields=('district_id', 'student_id'), on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='districts.student', to_fields=('district_id', 'id')),
        ),
        migrations.AddField(
            model_name='pathwayassignment',
            name='student',
            field=models.ForeignObject(from_fields=('district_id', 'student_id'), on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='districts.student', to_fields=('district_id', 'id')),
        ),
        migrations.AddField(
            model_name='lessonresult',
            name='student',
            field=models.ForeignObject(from_fields=('district_id', 'student_id'), on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='districts.student', to_fields=('district_id', 'id')),
        ),
        migrations.AddField(
            model_name='factstest',
            name='student',
            field=models.ForeignObject(from_fields=('district_id', 'student_id'), on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='districts.student', to_fields=('district_id', 'id')),
        ),
        migrations.AddField(
            model_name='factsprogress',
            name='student',
            field=models.ForeignObject(from_fields=('district_id', 'student_id'), on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='districts.student', to_fields=('district_id', 'id')),
        ),
        migrations.AddField(
            model_name='enrollment',
            name='student',
            field=models.ForeignObject(from_fields=('district_id', 'student_id'), on_delete=django.db.models.deletion.DO_NOTHING, related_name='enrollments', to='districts.student', to_fields=('district_id', 'id')),
        ),
        migrations.AddField(
            model_name='dailyusage',
            name='student',
            field=models.ForeignObject(from_fields=('district_id', 'student_id'), on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='districts.student', to_fields=('district_id', 'id')),
        ),
        migrations.AddField(
            model_name='benchmarkresult',
            name='student',
            field=models.ForeignObject(from_fields=('district_id', 'student_id'), on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='districts.student', to_fields=('district_id', 'id')),
        ),
        migrations.AddField(
            model_name='avatar',
            name='student',
            field=models.ForeignObject(from_fields=('district_id', 'student_id'), on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='districts.student', to_fields=('district_id', 'id')),
        ),
        migrations.AddConstraint(
            model_name='gate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resumed_at__isnull', True), ('resumed_by__isnull', True)), models.Q(('resumed_at__isnull', False), ('resumed_by__isnull', False)), _connector='OR'), name='gate_resumed_at_and_by'),
        ),
        migrations.AddConstraint(
            model_name='gate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('last_reset_at__isnull', True), ('last_reset_by__isnull', True)), models.Q(('last_reset_at__isnull', False), ('last_reset_by__isnull', False)), _connector='OR'), name='gate_last_reset_at_and_by'),
        ),
        migrations.AddConstraint(
            model_name='gate',
            constraint=models.CheckConstraint(condition=models.Q(('is_shut', False), ('resumed_at__isnull', True), _connector='OR'), name='a_shut_gate_is_not_resumed'),
        ),
        migrations.AddConstraint(
            model_name='rostersource',
            constraint=models.CheckConstraint(condition=models.Q(('sync_hour__lte', 23)), name='a_sync_hour_is_an_hour_of_the_day'),
        ),
        migrations.AddConstraint(
            model_name='district',
            constraint=models.CheckConstraint(condition=models.Q(('run_hour__lte', 23)), name='a_run_hour_is_an_hour_of_the_day', violation_error_message='The run hour is a whole hour from 0 to 23.'),
        ),
        migrations.AddConstraint(
            model_name='district',
            constraint=models.CheckConstraint(condition=models.Q(('uses_imagine_math', True), ('uses_math_facts', True), _connector='OR'), name='a_district_uses_a_product', violation_error_message='A district uses Imagine Math, Imagine Math Facts, or both.'),
        ),
        migrations.AddConstraint(
            model_name='educator',
            constraint=models.UniqueConstraint(fields=('district', 'sourced_id'), name='an_educator_once_in_its_district'),
        ),
        migrations.AddConstraint(
            model_name='educator',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('deactivated_at__isnull', True), ('deactivated_by__isnull', True)), models.Q(('deactivated_at__isnull', False), ('deactivated_by__isnull', False)), _connector='OR'), name='educator_deactivated_at_and_by'),
        ),
        migrations.AddConstraint(
            model_name='classroomteacher',
            constraint=models.UniqueConstraint(fields=('district_id', 'classroom_id', 'educator'), name='a_teacher_once_in_a_classroom'),
        ),
        migrations.AddConstraint(
            model_name='pathway',
            constraint=models.UniqueConstraint(fields=('district', 'code'), name='a_pathway_once_in_its_district', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='rostersync',
            index=models.Index(fields=['district', '-finished_at'], name='syncs_of_a_district'),
        ),
        migrations.AddConstraint(
            model_name='school',
            constraint=models.UniqueConstraint(fields=('district', 'sourced_id'), name='a_school_once_in_its_district'),
        ),
        migrations.AddConstraint(
            model_name='educatorrole',
            constraint=models.UniqueConstraint(fields=('educator', 'school', 'role'), name='a_role_once_at_a_school', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='classroom',
            constraint=models.UniqueConstraint(fields=('district_id', 'sourced_id'), name='a_classroom_once_in_its_district'),
        ),
        migrations.AddConstraint(
            model_name='schoolyear',
            constraint=models.UniqueConstraint(fields=('district', 'name'), name='a_school_year_once_in_its_district'),
        ),
        migrations.AddConstraint(
            model_name='schoolyear',
            constraint=models.CheckConstraint(condition=models.Q(('summer_ends_on__isnull', True), ('has_summer_session', True), _connector='OR'), name='a_summer_end_needs_a_summer_session', violation_error_message='A summer session that ends must take place: say that there is one.'),
        ),
        migrations.AddConstraint(
            model_name='schoolyear',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('summer_ends_on__isnull', True), ('summer_ends_on__gte', models.F('ends_on')), _connector='OR'), name='summer_session_ends_after_the_school_year', violation_error_message='The summer session ends after the school year, or on its last day.'),
        ),
        migrations.AddConstraint(
            model_name='schoolyear',
            constraint=models.CheckConstraint(condition=models.Q(('first_day_on__isnull', True), ('rostering_starts_on__isnull', True), ('first_day_on__gte', models.F('rostering_starts_on')), _connector='OR'), name='school_begins_after_rostering_starts', violation_error_message='Rostering starts on or before the first day of school.'),
        ),
        migrations.AddConstraint(
            model_name='student',
            constraint=models.UniqueConstraint(fields=('district_id', 'sourced_id'), name='a_student_once_in_its_district'),
        ),
        migrations.AddIndex(
            model_name='pointsentry',
            index=models.Index(fields=['student_id'], name='points_by_student'),
        ),
        migrations.AddConstraint(
            model_name='pointsentry',
            constraint=models.UniqueConstraint(fields=('district_id', 'event_id'), name='a_points_entry_once'),
        ),
        migrations.AddConstraint(
            model_name='pointsbalance',
            constraint=models.UniqueConstraint(fields=('district_id', 'student_id', 'currency'), name='a_balance_a_student_and_currency'),
        ),
        migrations.AddIndex(
            model_name='pathwayassignment',
            index=models.Index(fields=['student_id'], name='pathway_by_student'),
        ),
        migrations.AddConstraint(
            model_name='pathwayassignment',
            constraint=models.UniqueConstraint(fields=('district_id', 'event_id'), name='a_pathway_assignment_once'),
        ),
        migrations.AddIndex(
            model_name='lessonresult',
            index=models.Index(fields=['student_id'], name='lesson_by_student'),
        ),
        migrations.AddConstraint(
            model_name='lessonresult',
            constraint=models.UniqueConstraint(fields=('district_id', 'event_id'), name='a_lesson_result_once'),
        ),
        migrations.AddIndex(
            model_name='factstest',
            index=models.Index(fields=['student_id'], name='facts_test_by_student'),
        ),
        migrations.AddConstraint(
            model_name='factstest',
            constraint=models.UniqueConstraint(fields=('district_id', 'event_id'), name='a_facts_test_once'),
        ),
        migrations.AddConstraint(
            model_name='factsprogress',
            constraint=models.UniqueConstraint(fields=('district_id', 'student_id', 'operation', 'fact'), name='a_fact_a_student'),
        ),
        migrations.AddIndex(
            model_name='enrollment',
            index=models.Index(fields=['student_id'], name='enrollment_by_student'),
        ),
        migrations.AddConstraint(
            model_name='enrollment',
            constraint=models.UniqueConstraint(fields=('district_id', 'classroom_id', 'student_id'), name='a_student_once_in_a_classroom'),
        ),
        migrations.AddIndex(
            model_name='dailyusage',
            index=models.Index(fields=['student_id'], name='usage_by_student'),
        ),
        migrations.AddConstraint(
            model_name='dailyusage',
            constraint=models.UniqueConstraint(fields=('district_id', 'event_id'), name='a_daily_usage_once'),
        ),
        migrations.AddIndex(
            model_name='benchmarkresult',
            index=models.Index(fields=['student_id'], name='benchmark_by_student'),
        ),
        migrations.AddConstraint(
            model_name='benchmarkresult',
            constraint=models.UniqueConstraint(fields=('district_id', 'event_id'), name='a_benchmark_result_once'),
        ),
        migrations.AddConstraint(
            model_name='benchmarkresult',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1), ('number__lte', 3)), name='a_benchmark_is_1_2_or_3'),
        ),
        migrations.AddConstraint(
            model_name='avatar',
            constraint=models.UniqueConstraint(fields=('district_id', 'student_id'), name='an_avatar_a_student'),
        ),
    ]
