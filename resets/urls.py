"""Addresses of the pages about resets; their names stand in the table of access in the tests."""

from django.urls import URLPattern, URLResolver, path

from resets.views import (
    api,
    asking,
    choosing,
    dates,
    district,
    districts,
    preview,
    reset,
    roster_source,
    roster_verbs,
    rosters,
    season,
    tonight,
    verbs,
)

app_name = "resets"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/districts/", api.Districts.as_view(), name="api_districts"),
    path("api/v1/districts/<str:site_code>/", api.OneDistrict.as_view(), name="api_district"),
    path("api/v1/resets/<int:pk>/", api.OneReset.as_view(), name="api_reset"),
    path("api/v1/schools/<int:school>/reset/", api.OneSchool.as_view(), name="api_school"),
    path("districts/", districts.districts, name="districts"),
    path("districts/<str:site_code>/", district.district, name="district"),
    path("districts/<str:site_code>/dates/", dates.dates, name="dates"),
    path("districts/<str:site_code>/date/", choosing.choose, name="choose"),
    path("districts/<str:site_code>/ask/", asking.ask, name="ask"),
    path("districts/<str:site_code>/keep/", asking.keep, name="keep"),
    path("districts/<str:site_code>/preview/", preview.preview_page, name="preview"),
    path("districts/<str:site_code>/rosters/", rosters.rosters, name="rosters"),
    path("districts/<str:site_code>/rosters/waiting/", rosters.waiting, name="roster_waiting"),
    path("districts/<str:site_code>/rosters/upload/", rosters.upload, name="roster_upload"),
    path("districts/<str:site_code>/rosters/sync/", roster_verbs.sync_now, name="sync_now"),
    path("districts/<str:site_code>/rosters/ready/", roster_verbs.data_ready, name="data_ready"),
    path("districts/<str:site_code>/rosters/source/", roster_source.roster_source, name="roster_source"),
    path("districts/<str:site_code>/rosters/source/try/", roster_source.try_source, name="roster_source_try"),
    path("districts/<str:site_code>/rosters/<int:file>/apply/", roster_verbs.apply, name="roster_apply"),
    path("districts/<str:site_code>/rosters/<int:file>/discard/", roster_verbs.discard, name="roster_discard"),
    path("districts/<str:site_code>/rosters/<int:file>/rehearse/", roster_verbs.rehearse, name="roster_rehearse"),
    path("resets/<int:pk>/", reset.reset_page, name="reset"),
    path("resets/<int:pk>/progress/", reset.progress_fragment, name="progress"),
    path("resets/<int:pk>/stop/", verbs.stop, name="stop"),
    path("resets/<int:pk>/retry/", verbs.retry, name="retry"),
    path("resets/<int:pk>/release/", verbs.release, name="release"),
    path("resets/<int:pk>/rostering-complete/", verbs.rostering_complete, name="rostering_complete"),
    path("policy/", season.policy_form, name="policy"),
    path("policy/draft/", season.draft_season, name="draft_season"),
    path("policy/open/", season.open_season, name="open_season"),
    path("tonight/", tonight.tonight_page, name="tonight"),
    path("tonight/board/", tonight.board, name="tonight_board"),
    path("tonight/pause/", tonight.pause_night, name="pause_night"),
    path("tonight/resume/", tonight.resume_night, name="resume_night"),
]
