"""The districts to measure on, each twice: in a shard of its own, and in plain tables that all districts share."""

from dataclasses import dataclass

from django.db import connection

from benchmarks import rows
from benchmarks.plain_models.models import MODELS as PLAIN
from benchmarks.rows import Population
from districts import services, shards
from districts.models import District, DistrictCounts, Educator, EducatorRole, Pathway, School

SCHOOLS = 14
PLAIN_TABLES = tuple(model._meta.db_table for model in PLAIN)
SEEDS = {model: f"seed_{kind}" for model, kind in zip(shards.MODELS, shards.KINDS, strict=True)}


@dataclass(frozen=True)
class World:
    """The district that is reset, and those whose readers must not notice."""

    target: Population
    others: tuple[Population, ...]

    @property
    def rows(self) -> int:
        """Rows of student data in the district that is reset."""
        return rows.total(self.target.students)

    @property
    def rows_in_all(self) -> int:
        return self.rows + sum(rows.total(other.students) for other in self.others)


def build(students: int, others: int) -> World:
    """A district of so many students, its rows kept apart to load them again, and others a ninth larger.

    The plain tables hold them all; shards hold the others, until `load_shard`.
    """
    sizes = [students] + [students * 10 // 9] * others
    target, *rest = (district(number, size) for number, size in enumerate(sizes, start=1))
    for model, seed in SEEDS.items():
        _execute(f"CREATE UNLOGGED TABLE {seed} (LIKE {shards.parent(model)})")
    rows.make(target, SEEDS)
    for other in rest:
        rows.make(other, {model: shards.leaf(model, other.district_id) for model in shards.MODELS})
    _build_plain(rest)
    settle(*PLAIN_TABLES, *(leaf for other in rest for leaf in shards.leaves(other.district_id)))
    return World(target, tuple(rest))


def load_shard(target: Population) -> None:
    """The target's rows into its leaves, and their number where the portal's pages look for it."""
    for model, seed in SEEDS.items():
        rows.copy(model, seed, into=shards.leaf(model, target.district_id))
    _note_numbers(target)
    settle(*shards.leaves(target.district_id))


def load_plain() -> None:
    """The target's rows into the plain tables, between those of the others, where the last cascade left room."""
    for plain, seed in zip(PLAIN, SEEDS.values(), strict=True):
        rows.copy(plain, seed, into=plain._meta.db_table)
    settle(*PLAIN_TABLES)


def settle(*tables: str) -> None:
    """Leaves the tables as a quiet day would: vacuumed, analysed, and written to the disk."""
    for table in tables:
        _execute(f"VACUUM (ANALYZE) {table}")
    _execute("CHECKPOINT")


def district(number: int, students: int) -> Population:
    """A district with schools, educators and its numbers, for so many students, who are not there yet."""
    made = services.create_district(name=f"District {number}", site_code=f"{number:07}")
    schools = School.objects.bulk_create(
        School(district=made, sourced_id=f"s{each}", name=f"School {each}") for each in range(SCHOOLS)
    )
    population = Population(
        district_id=made.pk,
        students=students,
        base=number * rows.IDS_A_DISTRICT,
        schools=[school.pk for school in schools],
        educators=_educators(made, schools, -(-students // rows.STUDENTS_A_CLASSROOM)),
        pathways=list(Pathway.objects.filter(learning_environment="three_plus").values_list("pk", flat=True)),
    )
    _note_numbers(population)
    return population


def _educators(district: District, schools: list[School], number: int) -> list[int]:
    """A teacher for each classroom, with a role at a school: what a reset keeps."""
    educators = Educator.objects.bulk_create(
        Educator(district=district, sourced_id=f"t{each}", first_name="Toni", last_name=f"Teacher {each}")
        for each in range(number)
    )
    EducatorRole.objects.bulk_create(
        EducatorRole(educator=educator, school=schools[each % SCHOOLS], role="teacher")
        for each, educator in enumerate(educators)
    )
    return [educator.pk for educator in educators]


def _note_numbers(population: Population) -> None:
    students = population.students
    numbers = {"students": students, "accounts": students, "classrooms": population.classrooms, "schools": SCHOOLS}
    DistrictCounts.objects.filter(pk=population.district_id).update(**numbers)


def _build_plain(others: list[Population]) -> None:
    """The plain tables with the rows of all districts; Django's keys and indexes follow at the end."""
    with connection.schema_editor() as editor:
        editor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for model, plain in zip(shards.MODELS, PLAIN, strict=True):
            editor.create_model(plain)
            leaves = [shards.leaf(model, other.district_id) for other in others]
            rows.mix(plain, [SEEDS[model], *leaves], into=plain._meta.db_table)


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
