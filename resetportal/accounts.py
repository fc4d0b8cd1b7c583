"""Who may make an account: nobody by themselves. Who may sign in: people. They are added by an engineer."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from resetportal.models import MACHINES


class NobodySignsUp(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no type hints
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class PeopleAlone(AuthenticationBackend):  # type: ignore[misc]
    """Signs people in. A machine that holds tokens never has a session, so every page takes it for a stranger."""

    def user_can_authenticate(self, user: AbstractBaseUser) -> bool:
        return super().user_can_authenticate(user) and getattr(user, "role", "") not in MACHINES
