"""The SQL of a Student Data Export: one statement that reads the leaves of one district, grouped, and nothing else."""

from collections.abc import Mapping, Sequence

from psycopg2 import sql

from districts import shards
from districts.models import Product
from exports import columns
from exports.columns import Column

# Every value is the SQL of the column that has this name.
_WHO = {
    "first_name": "st.first_name",
    "last_name": "st.last_name",
    "username": "st.username",
    "student_information_number": "st.student_information_number",
    "alt_student_information_number": "st.alt_student_information_number",
    "grade_level": "st.grade_level",
    "is_active": "CASE WHEN u.is_active THEN 'True' ELSE 'False' END",
    "is_ell": "CASE WHEN st.is_ell THEN 'True' ELSE 'False' END",
    "is_iep": "CASE WHEN st.is_iep THEN 'True' ELSE 'False' END",
    "learning_environment": "CASE st.learning_environment WHEN 'prek_2' THEN 'PreK-2' WHEN 'three_plus' THEN '3+' END",
    "school": "school.name",
    "classrooms": "rooms.names",
    "district": "{district_name}",
    "last_active_on": "u.last",
}
_BENCHMARK = {
    "benchmark_{n}_date": "b{n}.day",
    "benchmark_{n}_quantile": "b{n}.quantile",
    "benchmark_{n}_performance_level": "b{n}.performance_level",
    "benchmark_{n}_grade_level_result": "b{n}.grade_level_result",
    "benchmark_{n}_minutes": "b{n}.minutes",
    "benchmark_{n}_status": "CASE b{n}.status WHEN 'completed' THEN 'Completed'"
    " WHEN 'in_progress' THEN 'In progress' END",
}
_MATH = {name.format(n=n): value.format(n=n) for n in columns.BENCHMARKS for name, value in _BENCHMARK.items()} | {
    "benchmark_growth": "CASE WHEN num_nonnulls(b1.measure, b2.measure, b3.measure) > 1"
    " THEN coalesce(b3.measure, b2.measure) - coalesce(b1.measure, b2.measure) END",
    "pathways": "paths.names",
    "total_math_minutes": "coalesce(u.school, 0) + coalesce(u.home, 0)",
    "school_math_minutes": "coalesce(u.school, 0)",
    "home_math_minutes": "coalesce(u.home, 0)",
    "lessons_attempted": "coalesce(l.attempted, 0)",
    "lessons_passed": "coalesce(l.passed, 0)",
    "on_grade_pass_rate": "round(l.on_grade_passed / nullif(l.on_grade, 0)::numeric, 4)",
    "think_points_earned": "coalesce(p.earned, 0)",
    "think_points_to_spend": "coalesce(p.to_spend, 0)",
    "tokens": "coalesce(p.tokens, 0)",
}
_FACTS = {
    "total_facts_minutes": "coalesce(u.school, 0) + coalesce(u.home, 0)",
    "school_facts_minutes": "coalesce(u.school, 0)",
    "home_facts_minutes": "coalesce(u.home, 0)",
    "facts_encountered": "coalesce(f.encountered, 0)",
    "facts_passed": "coalesce(f.passed, 0)",
}
_OPERATION = {
    "{name}_pre_test_score": "t.pre_{n}",
    "{name}_pre_test_completed_on": "t.pre_day_{n}",
    "{name}_post_test_score": "t.post_{n}",
    "{name}_post_test_completed_on": "t.post_day_{n}",
    "{name}_facts_encountered": "coalesce(f.encountered_{n}, 0)",
    "{name}_facts_passed": "coalesce(f.passed_{n}, 0)",
}

_ROOMS = """
    LEFT JOIN (
        SELECT e.student_id, left(string_agg(c.name, '; ' ORDER BY c.name, c.id), {longest}) AS names
        FROM ONLY {enrollment} e JOIN ONLY {classroom} c ON c.id = e.classroom_id GROUP BY e.student_id
    ) rooms ON rooms.student_id = st.id
"""
_USE = """
    LEFT JOIN (
        SELECT student_id, bool_or(school_minutes + home_minutes > 0) AS is_active,
          sum(school_minutes) FILTER (WHERE day >= {since}) AS school,
          sum(home_minutes) FILTER (WHERE day >= {since}) AS home,
          max(day) FILTER (WHERE day >= {since} AND school_minutes + home_minutes > 0) AS last
        FROM ONLY {dailyusage} WHERE product = {product} AND day <= {through} GROUP BY student_id
    ) u ON u.student_id = st.id
"""
_BENCHMARKS = """
    WITH benchmark AS MATERIALIZED (
        SELECT DISTINCT ON (student_id, number) student_id, number, quantile, performance_level, grade_level_result,
          minutes, status, (happened AT TIME ZONE {zone})::date AS day,
          CASE WHEN status = 'completed' AND quantile ~ '^(EM)?[0-9]+Q$'
            THEN translate(replace(quantile, 'EM', '-'), 'Q', '')::int END AS measure
        FROM ONLY {benchmarkresult} WHERE {in_range}
        ORDER BY student_id, number, status = 'completed' DESC, happened DESC, id DESC
    )
"""
_LEARNING = """
    LEFT JOIN benchmark b1 ON b1.student_id = st.id AND b1.number = 1
    LEFT JOIN benchmark b2 ON b2.student_id = st.id AND b2.number = 2
    LEFT JOIN benchmark b3 ON b3.student_id = st.id AND b3.number = 3
    LEFT JOIN (
        SELECT student_id, left(string_agg(path.name, '; ' ORDER BY assigned_on, path.id), {longest}) AS names
        FROM (
            SELECT student_id, pathway_id, min(assigned_on) AS assigned_on
            FROM ONLY {pathwayassignment} WHERE assigned_on <= {through} GROUP BY student_id, pathway_id
        ) assigned JOIN districts_pathway path ON path.id = pathway_id GROUP BY student_id
    ) paths ON paths.student_id = st.id
    LEFT JOIN (
        SELECT student_id, count(*) AS attempted, count(*) FILTER (WHERE passed) AS passed,
          count(*) FILTER (WHERE on_grade) AS on_grade, count(*) FILTER (WHERE on_grade_passed) AS on_grade_passed
        FROM (
            SELECT student_id, bool_or(passed) AS passed, bool_or(level = 'on_grade') AS on_grade,
              bool_or(passed AND level = 'on_grade') AS on_grade_passed
            FROM ONLY {lessonresult} WHERE {in_range} GROUP BY student_id, lesson
        ) lesson GROUP BY student_id
    ) l ON l.student_id = st.id
    LEFT JOIN (
        SELECT student_id,
          sum(amount) FILTER (WHERE currency = 'think_points' AND amount > 0 AND happened >= {begins}) AS earned,
          sum(amount) FILTER (WHERE currency = 'think_points') AS to_spend,
          sum(amount) FILTER (WHERE currency = 'tokens') AS tokens
        FROM ONLY {pointsentry} WHERE happened < {ends} GROUP BY student_id
    ) p ON p.student_id = st.id
"""

_TESTS = """
    WITH test AS MATERIALIZED (
        SELECT DISTINCT ON (student_id, kind, nr) student_id, kind, nr, score, day FROM (
            SELECT id, student_id, kind, {number} AS nr, score, happened,
              (happened AT TIME ZONE {zone})::date AS day
            FROM ONLY {factstest} WHERE {in_range}
        ) every WHERE nr IS NOT NULL ORDER BY student_id, kind, nr, happened DESC, id DESC
    )
"""
_PRACTICE = """
    LEFT JOIN (SELECT student_id, {tests} FROM test GROUP BY student_id) t ON t.student_id = st.id
    LEFT JOIN (
        SELECT student_id, count(*) AS encountered, count(*) FILTER (WHERE passed) AS passed, {facts}
        FROM (SELECT student_id, passed, {number} AS nr FROM ONLY {factsprogress} WHERE {in_range}) every
        GROUP BY student_id
    ) f ON f.student_id = st.id
"""
_OF_TEST = (
    "max(score) FILTER (WHERE nr = {n} AND kind = 'pre') AS pre_{n}",
    "max(day) FILTER (WHERE nr = {n} AND kind = 'pre') AS pre_day_{n}",
    "max(score) FILTER (WHERE nr = {n} AND kind = 'post') AS post_{n}",
    "max(day) FILTER (WHERE nr = {n} AND kind = 'post') AS post_day_{n}",
)
_OF_FACT = (
    "count(*) FILTER (WHERE nr = {n}) AS encountered_{n}",
    "count(*) FILTER (WHERE nr = {n} AND passed) AS passed_{n}",
)
_COPY = """
    COPY ({before} SELECT {cells}, st.is_deactivated::int
    FROM ONLY {student} st LEFT JOIN districts_school school ON school.id = st.school_id
    {joins}
    WHERE {environment} = '' OR st.learning_environment = {environment}
    ORDER BY school.name, school.id, st.last_name, st.first_name, st.id
    ) TO STDOUT (FORMAT csv)
"""
Operations = Mapping[str, Sequence[str]]  # the words of the platform for each operation that has columns, by its name


def statement(
    district_id: int,
    product: str,
    cells: Sequence[Column],
    operations: Operations,
    words: Mapping[str, sql.Composable],
) -> sql.Composed:
    """COPY of a row a student: the columns' cells, and 1 for a deactivated account. `words`: what stands in it."""
    before, joins = (_BENCHMARKS, _LEARNING) if product == Product.IMAGINE_MATH else (_TESTS, _PRACTICE)
    known = {"product": sql.Literal(product), **_leaves(district_id), **_numbered(operations), **words}
    sources = _WHO | _MATH | _FACTS | _of_operations(operations)
    return sql.SQL(_COPY).format(
        before=sql.SQL(before).format(**known),
        cells=sql.SQL(", ").join(sql.SQL(sources[column.name]).format(**known) for column in cells),
        joins=sql.SQL(_ROOMS + _USE + joins).format(**known),
        **known,
    )


def distinct_operations(district_id: int) -> sql.Composed:
    """Every word for an operation that a district's tests and facts have."""
    return sql.SQL(
        "SELECT operation FROM ONLY {factstest} UNION SELECT operation FROM ONLY {factsprogress} ORDER BY 1"
    ).format(**_leaves(district_id))


def _leaves(district_id: int) -> dict[str, sql.Composable]:
    names = {kind: shards.leaf(model, district_id) for kind, model in zip(shards.KINDS, shards.MODELS, strict=True)}
    return {kind: sql.Identifier(name) for kind, name in names.items()}


def _numbered(operations: Operations) -> dict[str, sql.Composable]:
    """`number`: which of the operations a row is of, NULL for one without columns; and the sums by it."""
    whens = [
        sql.SQL("WHEN {} THEN {}").format(sql.Literal(word), sql.Literal(number))
        for number, said in enumerate(operations.values())
        for word in said
    ]
    return {
        "number": sql.SQL("CASE operation {} END").format(sql.SQL(" ").join(whens)),
        "tests": sql.SQL(_each(_OF_TEST, operations)),
        "facts": sql.SQL(_each(_OF_FACT, operations)),
    }


def _each(templates: Sequence[str], operations: Operations) -> str:
    return ", ".join(template.format(n=number) for number in range(len(operations)) for template in templates)


def _of_operations(operations: Operations) -> dict[str, str]:
    return {
        name.format(name=operation): value.format(n=number)
        for number, operation in enumerate(operations)
        for name, value in _OPERATION.items()
    }
