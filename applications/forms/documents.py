"""The form with which a document is put on file."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.files.forms import FileForm


class DocumentForm(FileForm):
    """One file for one document that the call asks for."""

    file = forms.FileField(
        help_text=_("PDF, PNG, JPEG or a signed .p7m, at most %(limit)s MB.")
        % {"limit": settings.UPLOAD_MAX_BYTES // 1024 // 1024},
        # Empty files get our own message, with what to do.
        allow_empty_file=True,
        error_messages={"required": _("Choose the file first, then put it on file.")},
    )

    def __init__(self, *args: Any, title: str, **options: Any) -> None:
        super().__init__(*args, **options)
        # Several stand on one page: each says which it is.
        self.fields["file"].label = _("File: %(name)s") % {"name": title}
