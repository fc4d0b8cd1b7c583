"""Organisations, people and learning; tables of student data are partitioned by district."""

import django.db.models.deletion
from django.db import migrations, models

import districts.models.organisations
from districts.partitioning import CreateShardedModel


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.RunSQL('CREATE SEQUENCE districts_shard_id_seq AS bigint CACHE 32', 'DROP SEQUENCE districts_shard_id_seq'),
        CreateShardedModel(
            name='Avatar',
            fields=[
                ('pk', models.CompositePrimaryKey('district_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('district_id', models.BigIntegerField()),
                ('id', models.BigIntegerField(db_default=models.Func(models.Value('districts_shard_id_seq'), function='nextval', output_field=models.BigIntegerField()))),
                ('student_id', models.BigIntegerField()),
                ('event_id', models.UUIDField()),
                ('parts', models.JSONField(default=dict)),
                ('happened', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateShardedModel(
            name='BenchmarkResult',
            fields=[
                ('pk', models.CompositePrimaryKey('district_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('district_id', models.BigIntegerField()),
                ('id', models.BigIntegerField(db_default=models.Func(models.Value('districts_shard_id_seq'), function='nextval', output_field=models.BigIntegerField()))),
                ('student_id', models.BigIntegerField()),
                ('event_id', models.UUIDField()),
                ('number', models.PositiveSmallIntegerField()),
                ('quantile', models.CharField(blank=True, max_length=10)),
                ('performance_level', models.CharField(blank=True, max_length=40)),
                ('grade_level_result', models.CharField(blank=True, max_length=40)),
                ('minutes', models.PositiveSmallIntegerField(default=0)),
                ('status', models.CharField(choices=[('in_progress', 'In progress'), ('completed', 'Completed')], max_length=20)),
                ('happened', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateShardedModel(
            name='Classroom',
            fields=[
                ('pk', models.CompositePrimaryKey('district_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('district_id', models.BigIntegerField()),
                ('id', models.BigIntegerField(db_default=models.Func(models.Value('districts_shard_id_seq'), function='nextval', output_field=models.BigIntegerField()))),
                ('sourced_id', models.CharField(max_length=255)),
                ('name', models.CharField(max_length=255)),
                ('code', models.CharField(blank=True, max_length=100)),
                ('grade_levels', models.CharField(blank=True, help_text='Comma separated, such as 03,04.', max_length=100)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateShardedModel(
            name='DailyUsage',
            fields=[
                ('pk', models.CompositePrimaryKey('district_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('district_id', models.BigIntegerField()),
                ('id', models.BigIntegerField(db_default=models.Func(models.Value('districts_shard_id_seq'), function='nextval', output_field=models.BigIntegerField()))),
                ('student_id', models.BigIntegerField()),
                ('event_id', models.UUIDField()),
                ('day', models.DateField()),
                ('product', models.CharField(choices=[('imagine_math', 'Imagine Math'), ('math_facts', 'Imagine Math Facts')], max_length=20)),
                ('learning_environment', models.CharField(blank=True, choices=[('prek_2', 'PreK-2'), ('three_plus', '3+')], max_length=20)),
                ('school_minutes', models.PositiveSmallIntegerField(default=0)),
                ('home_minutes', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='District',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('site_code', models.CharField(max_length=20, unique=True)),
                ('zone', models.CharField(default='America/Chicago', max_length=64, validators=[districts.models.organisations.known_zone])),
                ('run_hour', models.PositiveSmallIntegerField(default=1)),
                ('uses_imagine_math', models.BooleanField(default=True)),
                ('uses_math_facts', models.BooleanField(default=False)),
                ('rostering', models.CharField(choices=[('self_managed', 'Self-managed'), ('assisted', 'One-time assisted'), ('automated', 'Automated, nightly')], default='automated', max_length=20)),
            ],
            options={
                'ordering': ('name', 'site_code'),
            },
        ),
        migrations.CreateModel(
            name='Educator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sourced_id', models.CharField(max_length=255)),
                ('first_name', models.CharField(max_length=255)),
                ('last_name', models.CharField(max_length=255)),
                ('username', models.CharField(blank=True, max_length=255)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('deactivated_at', models.DateTimeField(blank=True, null=True)),
                ('deactivated_by', models.CharField(blank=True, max_length=200, null=True)),
            ],
            options={
                'ordering': ('last_name', 'first_name', 'id'),
            },
        ),
        migrations.CreateModel(
            name='EducatorRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=40)),
            ],
        ),
        CreateShardedModel(
            name='Enrollment',
            fields=[
                ('pk', models.CompositePrimaryKey('district_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('district_id', models.BigIntegerField()),
                ('id', models.BigIntegerField(db_default=models.Func(models.Value('districts_shard_id_seq'), function='nextval', output_field=models.BigIntegerField()))),
                ('classroom_id', models.BigIntegerField()),
                ('student_id', models.BigIntegerField()),
                ('sourced_id', models.CharField(blank=True, max_length=255)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateShardedModel(
            name='FactsProgress',
            fields=[
                ('pk', models.CompositePrimaryKey('district_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('district_id', models.BigIntegerField()),
                ('id', models.BigIntegerField(db_default=models.Func(models.Value('districts_shard_id_seq'), function='nextval', output_field=models.BigIntegerField()))),
                ('student_id', models.BigIntegerField()),
                ('event_id', models.UUIDField()),
                ('operation', models.CharField(max_length=20)),
                ('fact', models.CharField(max_length=20)),
                ('passed', models.BooleanField()),
                ('happened', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'facts progress',
                'abstract': False,
            },
        ),
        CreateShardedModel(
            name='FactsTest',
            fields=[
                ('pk', models.CompositePrimaryKey('district_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('district_id', models.BigIntegerField()),
                ('id', models.BigIntegerField(db_default=models.Func(models.Value('districts_shard_id_seq'), function='nextval', output_field=models.BigIntegerField()))),
                ('student_id', models.BigIntegerField()),
                ('event_id', models.UUIDField()),
                ('kind', models.CharField(choices=[('pre', 'Pre-test'), ('post', 'Post-test')], max_length=10)),
                ('operation', models.CharField(max_length=20)),
                ('score', models.PositiveSmallIntegerField()),
                ('happened', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateShardedModel(
            name='LessonResult',
            fields=[
                ('pk', models.CompositePrimaryKey('district_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('district_id', models.BigIntegerField()),
                ('id', models.BigIntegerField(db_default=models.Func(models.Value('districts_shard_id_seq'), function='nextval', output_field=models.BigIntegerField()))),
                ('student_id', models.BigIntegerField()),
                ('event_id', models.UUIDField()),
                ('lesson', models.CharField(max_length=60)),
                ('title', models.CharField(blank=True, max_length=200)),
                ('level', models.CharField(choices=[('on_grade', 'On grade'), ('below_grade', 'Below grade'), ('prerequisite', 'Prerequisite')], max_length=20)),
                ('passed', models.BooleanField()),
                ('minutes', models.PositiveSmallIntegerField(default=0)),
                ('happened', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Pathway',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60)),
                ('name', models.CharField(max_length=200)),
                ('learning_environment', models.CharField(choices=[('prek_2', 'PreK-2'), ('three_plus', '3+')], max_length=20)),
                ('lessons', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ('learning_environment', 'id'),
            },
        ),
        CreateShardedModel(
            name='PathwayAssignment',
            fields=[
                ('pk', models.CompositePrimaryKey('district_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('district_id', models.BigIntegerField()),
                ('id', models.BigIntegerField(db_default=models.Func(models.Value('districts_shard_id_seq'), function='nextval', output_field=models.BigIntegerField()))),
                ('student_id', models.BigIntegerField()),
                ('event_id', models.UUIDField()),
                ('assigned_on', models.DateField()),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateShardedModel(
            name='PointsBalance',
            fields=[
                ('pk', models.CompositePrimaryKey('district_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('district_id', models.BigIntegerField()),
                ('id', models.BigIntegerField(db_default=models.Func(models.Value('districts_shard_id_seq'), function='nextval', output_field=models.BigIntegerField()))),
                ('student_id', models.BigIntegerField()),
                ('currency', models.CharField(choices=[('think_points', 'THINK Points'), ('tokens', 'Tokens')], max_length=20)),
                ('earned', models.IntegerField(default=0)),
                ('to_spend', models.IntegerField(default=0)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateShardedModel(
            name='PointsEntry',
            fields=[
                ('pk', models.CompositePrimaryKey('district_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('district_id', models.BigIntegerField()),
                ('id', models.BigIntegerField(db_default=models.Func(models.Value('districts_shard_id_seq'), function='nextval', output_field=models.BigIntegerField()))),
                ('student_id', models.BigIntegerField()),
                ('event_id', models.UUIDField()),
                ('currency', models.CharField(choices=[('think_points', 'THINK Points'), ('tokens', 'Tokens')], max_length=20)),
                ('amount', models.IntegerField()),
                ('cause', models.CharField(blank=True, max_length=60)),
                ('happened', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'points entries',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RosterSync',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('finished_at', models.DateTimeField()),
                ('finished_by', models.CharField(max_length=200)),
                ('local_day', models.DateField(help_text="The day in the district's zone.")),
                ('outcome', models.CharField(choices=[('applied', 'Applied'), ('unchanged', 'Nothing new'), ('refused', 'Refused'), ('paused', 'Paused'), ('on_hold', 'On hold')], max_length=20)),
                ('school_year', models.CharField(blank=True, max_length=7)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('source_name', models.CharField(blank=True, max_length=255)),
                ('counts', models.JSONField(default=dict, help_text='By kind: added, changed, removed, unchanged.')),
                ('message', models.TextField(blank=True)),
                ('generation', models.PositiveIntegerField(default=0, help_text="The gate's number of resets at that time.")),
            ],
            options={
                'ordering': ('-finished_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='School',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sourced_id', models.CharField(max_length=255)),
                ('name', models.CharField(max_length=255)),
                ('identifier', models.CharField(blank=True, max_length=100)),
            ],
            options={
                'ordering': ('name', 'id'),
            },
        ),
        migrations.CreateModel(
            name='SchoolYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Such as 2026-27: the year that ends.', max_length=7)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('has_summer_session', models.BooleanField(blank=True, null=True)),
                ('summer_ends_on', models.DateField(blank=True, null=True)),
                ('rostering_starts_on', models.DateField(blank=True, null=True)),
                ('first_day_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        CreateShardedModel(
            name='Student',
            fields=[
                ('pk', models.CompositePrimaryKey('district_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('district_id', models.BigIntegerField()),
                ('id', models.BigIntegerField(db_default=models.Func(models.Value('districts_shard_id_seq'), function='nextval', output_field=models.BigIntegerField()))),
                ('sourced_id', models.CharField(max_length=255)),
                ('first_name', models.CharField(max_length=300)),
                ('last_name', models.CharField(max_length=300)),
                ('username', models.CharField(blank=True, max_length=255)),
                ('student_information_number', models.CharField(blank=True, max_length=255)),
                ('alt_student_information_number', models.CharField(blank=True, max_length=255)),
                ('grade_level', models.CharField(blank=True, max_length=10)),
                ('learning_environment', models.CharField(blank=True, choices=[('prek_2', 'PreK-2'), ('three_plus', '3+')], max_length=20)),
                ('is_ell', models.BooleanField(default=False)),
                ('is_iep', models.BooleanField(default=False)),
                ('is_deactivated', models.BooleanField(default=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateShardedModel(
            name='ClassroomTeacher',
            fields=[
                ('pk', models.CompositePrimaryKey('district_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('district_id', models.BigIntegerField()),
                ('id', models.BigIntegerField(db_default=models.Func(models.Value('districts_shard_id_seq'), function='nextval', output_field=models.BigIntegerField()))),
                ('classroom_id', models.BigIntegerField()),
                ('sourced_id', models.CharField(blank=True, max_length=255)),
                ('is_primary', models.BooleanField(default=False)),
                ('classroom', models.ForeignObject(from_fields=('district_id', 'classroom_id'), on_delete=django.db.models.deletion.DO_NOTHING, related_name='teachers', to='districts.classroom', to_fields=('district_id', 'id'))),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DistrictCounts',
            fields=[
                ('district', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='counts', serialize=False, to='districts.district')),
                ('schools', models.PositiveIntegerField(default=0)),
                ('educators', models.PositiveIntegerField(default=0)),
                ('classrooms', models.PositiveIntegerField(default=0)),
                ('students', models.PositiveIntegerField(default=0)),
                ('active_students', models.PositiveIntegerField(default=0)),
                ('minutes', models.PositiveBigIntegerField(default=0)),
                ('lessons', models.PositiveBigIntegerField(default=0)),
                ('last_activity_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'verbose_name_plural': 'district counts',
            },
        ),
        migrations.CreateModel(
            name='Gate',
            fields=[
                ('district', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='gate', serialize=False, to='districts.district')),
                ('pauses_on', models.DateField(blank=True, null=True)),
                ('is_shut', models.BooleanField(default=False, help_text='A run of this district has begun.')),
                ('resumed_at', models.DateTimeField(blank=True, null=True)),
                ('resumed_by', models.CharField(blank=True, max_length=200, null=True)),
                ('resets', models.PositiveIntegerField(default=0, help_text='Completed destructions, the generation of data.')),
                ('last_reset_at', models.DateTimeField(blank=True, null=True)),
                ('last_reset_by', models.CharField(blank=True, max_length=200, null=True)),
                ('closed_year', models.CharField(blank=True, help_text='The last school year that was reset.', max_length=7)),
            ],
        ),
        migrations.CreateModel(
            name='RosterSource',
            fields=[
                ('district', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='roster_source', serialize=False, to='districts.district')),
                ('folder', models.CharField(max_length=500)),
                ('sync_hour', models.PositiveSmallIntegerField(default=2)),
            ],
        ),
    ]
