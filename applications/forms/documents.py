"""The form with which a document is put on file."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.files.forms import FileForm
from core.files.models import StoredFile
from programme.calls.models import CallDocument


class DocumentForm(FileForm):
    """One file for one document that the call asks for."""

    file = forms.FileField(
        help_text=_("PDF, PNG, JPEG or a signed .p7m, at most %(limit)s MB.")
        % {"limit": settings.UPLOAD_MAX_BYTES // 1024 // 1024},
        # Empty files get our own message, with what to do.
        allow_empty_file=True,
        error_messages={"required": _("Choose the file first, then add it.")},
    )

    def __init__(self, *args: Any, asked: CallDocument, **options: Any) -> None:
        super().__init__(*args, **options)
        self.asked = asked
        # Several stand on one page: each says which it is.
        self.fields["file"].label = _("File: %(name)s") % {"name": asked.title}


class DocumentForms:
    """The files that were chosen on the page of all documents, sent as one.

    `form` is the one that shows a refusal: the one whose file was asked for last.
    """

    def __init__(self, chosen: Sequence[DocumentForm]) -> None:
        self.chosen, self.form = chosen, chosen[0]

    def is_valid(self) -> bool:
        """Check them; what is wrong stands at each, once its page is shown again."""
        return not any(form.errors for form in self.chosen)

    def uploads(self) -> Iterator[tuple[CallDocument, StoredFile]]:
        """Return each document with its file, one after the other."""
        for form in self.chosen:
            self.form = form
            yield form.asked, form.cleaned_data["file"]
