"""Districts and resets as the API tells them. No student's name is in either."""

from typing import Any

from rest_framework import serializers

from resets import typed
from resets.board import Entry
from resets.models import Reset


class DateSerializer(serializers.Serializer[Any]):
    """What sets a reset's date: the day, why, and the version that was read, so that no newer one is overwritten."""

    date = serializers.DateField(input_formats=["%Y-%m-%d"])
    reason = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)
    version = serializers.IntegerField(min_value=1)

    def validate_reason(self, reason: str) -> str:
        return typed.clean(reason)


class ResetSerializer(serializers.ModelSerializer[Reset]):
    """A reset: its date (in the district's zone), its answer, and where its run stands (times in UTC)."""

    district = serializers.CharField(source="district.site_code")
    zone = serializers.CharField(source="district.zone")
    season = serializers.CharField(source="season.school_year")

    class Meta:
        model = Reset
        fields = (
            "id",
            "district",
            "zone",
            "season",
            "date",
            "is_default",
            "date_set_by",
            "reason",
            "due_from",
            "version",
            "answer",
            "asked_for",
            "status",
            "held_for",
            "held_why",
            "held_cure",
            "started_at",
            "destroyed_at",
            "completed_at",
            "rostering_completed_at",
        )


class DistrictSerializer(serializers.Serializer[Entry]):
    """A district in the season that is open, with its numbers.

    `reset` is null where it has no date; where an earlier season's is not over, it is that one, as on the list.
    """

    site_code = serializers.CharField(source="district.site_code")
    name = serializers.CharField(source="district.name")
    zone = serializers.CharField(source="district.zone")
    csm = serializers.SerializerMethodField()
    schools = serializers.IntegerField(source="district.counts.schools")
    students = serializers.IntegerField(source="district.counts.students")
    rostering_starts = serializers.DateField(source="calendar.rostering_starts")
    is_at_risk = serializers.BooleanField()
    is_paused = serializers.BooleanField()
    reset = serializers.SerializerMethodField()

    def get_csm(self, entry: Entry) -> str | None:
        return str(entry.district.csm) if entry.district.csm else None

    def get_reset(self, entry: Entry) -> dict[str, Any] | None:
        if entry.reset is None:
            return None
        return {name: getattr(entry.reset, name) for name in ("id", "date", "is_default", "status", "version")}
