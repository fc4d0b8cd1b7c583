"""The engineer's admin pages: tokens are not issued there, since a page would show them in a message that is kept."""

from django.contrib import admin
from knox import admin as knox_admin

admin.site.unregister(knox_admin.models.AuthToken)
