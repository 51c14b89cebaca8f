"""Forms with a file that stays when another field is wrong."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from core.files.kinds import SIGNED_PAPERS, FileKind
from core.files.models import StoredFile
from core.files.selectors import held_file
from core.files.services import FILE_GONE, hold_file
from core.kit.errors import InvalidError
from core.kit.people import Person


class FileForm(forms.Form):
    """A form with one file, in a FileField named `file`.

    A browser sends a file once and cannot be told to keep it. So the view calls `keep()`
    before it looks at the form: the file is stored by itself, and the form shown again names
    it. `cleaned_data["file"]` is the StoredFile, which a service passes to `store_file`.
    """

    use_required_attribute = False
    kinds: Sequence[FileKind] = SIGNED_PAPERS
    is_file_required = True
    held = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    def __init__(
        self, data: Any = None, files: Any = None, *, by: Person | None, **options: Any
    ) -> None:
        # A page that is only read has no files either, or it would open with errors.
        super().__init__(data, files if data is not None else None, **options)
        self.by = by
        # static/js/files.js tells before it is sent; store_file has the last word.
        self.fields["file"].widget.attrs["data-most-bytes"] = str(settings.UPLOAD_MAX_BYTES)
        self._refusal: InvalidError | None = None
        self._hold(held_file(key=self.data.get(self.add_prefix("held"), ""), by=by))

    def keep(self) -> None:
        """Store the file that was sent, so that it is there whatever else is wrong."""
        upload = self.files.get(self.add_prefix("file"))
        if upload is None:
            return
        try:
            self._hold(hold_file(upload=upload, by=self.by, kinds=self.kinds))
        except InvalidError as error:
            self._refusal = error

    def _hold(self, stored: StoredFile | None) -> None:
        self.stored = stored
        field: Any = self.fields["file"]
        # components/field_file.html names it.
        field.stored = stored
        field.required = field.widget.is_required = self.is_file_required and stored is None
        held = self.add_prefix("held")
        if stored is not None or held in self.data:
            sent: Any = self.data
            data = sent.copy()
            data[held] = stored.key if stored else ""
            self.data = data

    def add_error(self, field: str | None, error: Any) -> None:
        """Let go of a file that is there no more, so that the page asks for it again."""
        if getattr(error, "code", None) == FILE_GONE:
            self._hold(None)
        super().add_error(field, error)

    def clean_file(self) -> StoredFile | None:
        """Return the file that is stored; what was wrong with it stands at the field."""
        if self._refusal is not None:
            raise ValidationError(self._refusal.message, code=self._refusal.code)
        return self.stored
