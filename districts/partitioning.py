"""Models whose tables are partitioned by district, and how migrations make them.

Such a model has the primary key (district_id, id), names its district in every relation and every unique
constraint, and has no foreign key on the partitioned table: those stand leaf to leaf (see `districts.shards`).
"""

from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel
from django.db.migrations.state import ProjectState

SEQUENCE = "districts_shard_id_seq"

M = TypeVar("M", bound=models.Model, covariant=True)


class ShardQuerySet(models.QuerySet[M]):
    """Questions about student data; each begins with `of`, which names the district."""

    def of(self, district: Any) -> Self:
        """Rows of one district (a District or its id), so that a query stays in one leaf."""
        return self.filter(district_id=getattr(district, "pk", district))


class ShardModel(models.Model):
    """A row of student data, in its district's own leaf table. Make one with `create`, never with `save`."""

    pk = models.CompositePrimaryKey("district_id", "id")
    district_id = models.BigIntegerField()
    id = models.BigIntegerField(
        db_default=models.Func(models.Value(SEQUENCE), function="nextval", output_field=models.BigIntegerField())
    )

    objects: ClassVar[Any] = ShardQuerySet.as_manager()

    class Meta:
        abstract = True


def same_shard(to: str, field: str, **options: Any) -> Any:
    """A relation inside a shard, by (district_id, `field`); the leaf's own foreign key holds it."""
    return models.ForeignObject(
        to,
        from_fields=("district_id", field),
        to_fields=("district_id", "id"),
        on_delete=models.DO_NOTHING,
        **options,
    )


class CreateShardedModel(CreateModel):
    """CreateModel whose table is a partitioned parent: PARTITION BY LIST (district_id)."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        plain = schema_editor.sql_create_table
        schema_editor.sql_create_table = f"{plain} PARTITION BY LIST (district_id)"
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = plain
