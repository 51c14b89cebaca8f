"""What is asked of a password, said as advice."""

from django.contrib.auth import password_validation
from django.utils.translation import gettext as _


class LongEnoughValidator(password_validation.MinimumLengthValidator):
    """As Django's, in our words."""

    def get_error_message(self) -> str:
        """Say how to make it longer."""
        return self.get_help_text()

    def get_help_text(self) -> str:
        """Say how long it is at least."""
        words = _("Use at least %(number)d characters; a few words in a row are easy to remember.")
        return words % {"number": self.min_length}


class UncommonValidator(password_validation.CommonPasswordValidator):
    """As Django's, in our words."""

    def get_error_message(self) -> str:
        """Say what to choose instead."""
        return _("Many people use this one, so it is tried first. Choose one of your own.")

    def get_help_text(self) -> str:
        """Say what to choose."""
        return _("Choose one that not many others use.")


class UnlikeThePersonValidator(password_validation.UserAttributeSimilarityValidator):
    """As Django's, in our words."""

    def get_error_message(self) -> str:
        """Say what to leave out; `verbose_name` is filled in by Django."""
        return _("It is much like your %(verbose_name)s, which others know. Choose another one.")

    def get_help_text(self) -> str:
        """Say what to leave out."""
        return _("Leave out your name and address, which others know.")
