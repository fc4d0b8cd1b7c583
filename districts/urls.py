"""Addresses of what other machines send."""

from django.urls import path

from districts.api import Activity

app_name = "districts"
urlpatterns = [path("api/v1/activity/", Activity.as_view(), name="activity")]
