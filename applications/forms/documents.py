"""The form with which a document is put on file."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.files.forms import FileForm


class DocumentForm(FileForm):
    """One file for one document that the call asks for."""

    file = forms.FileField(
        label=_("Choose the file"),
        help_text=_("PDF, PNG, JPEG or a signed .p7m, at most %(limit)s MB.")
        % {"limit": settings.UPLOAD_MAX_BYTES // 1024 // 1024},
        # Empty files get our own message, with what to do.
        allow_empty_file=True,
        error_messages={"required": _("Choose the file first, then put it on file.")},
    )
