"""The vendor's own pathway definitions: kept by every reset."""

from typing import Any

from django.db import migrations

PREK_2 = (("prek", "Pre-Kindergarten", 60), ("k", "Grade K", 80), ("g1", "Grade 1", 90), ("g2", "Grade 2", 90))
THREE_PLUS = (
    *((f"g{grade}", f"Grade {grade}", 100) for grade in range(3, 9)),
    ("algebra-readiness", "Algebra Readiness", 70),
    ("algebra-1", "Algebra I", 90),
    ("geometry", "Geometry", 85),
    ("integrated-1", "Integrated HS Math I", 90),
    ("integrated-2", "Integrated HS Math II", 90),
)


def add(apps: Any, schema_editor: Any) -> None:
    pathway = apps.get_model("districts", "Pathway")
    pathway.objects.bulk_create(
        pathway(code=code, name=name, lessons=lessons, learning_environment=environment)
        for environment, pathways in (("prek_2", PREK_2), ("three_plus", THREE_PLUS))
        for code, name, lessons in pathways
    )


def remove(apps: Any, schema_editor: Any) -> None:
    apps.get_model("districts", "Pathway").objects.filter(district=None).delete()


class Migration(migrations.Migration):
    dependencies = [("districts", "0002_relations_and_promises")]

    operations = [migrations.RunPython(add, remove)]
