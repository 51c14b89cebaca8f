"""Refusals of this room that say more than a sentence."""

from accounts.models import User
from core.kit.errors import InvalidError


class HasAccountError(InvalidError):
    """The address has an account that nobody has said is meant; `account` is the one named."""

    code = "has_account"

    def __init__(self, message: str, account: User) -> None:
        super().__init__(message, field="account")
        self.account = account
