"""What is said on sending an application, and on withdrawing it."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.snapshots import content_print, row_prints
from applications.states import Declaration, declarations_for
from core.kit.fields import ReasonField


class DeclareForm(forms.Form):
    """What is declared on sending, and what its reader has seen.

    `shown` is the fingerprint of the whole, `rows` those of its answers, shortened: they tell
    which of them changed since.
    """

    use_required_attribute = False
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    rows = forms.JSONField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, has_commitments: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            Declaration.CORRECT: _("Confirm that the figures and documents are correct."),
            Declaration.COMMITMENTS: _("Accept what those who are chosen commit to."),
            Declaration.PEOPLE: _(
                "Read the privacy notice, and confirm that the people named here know of it."
            ),
        }
        self.boxes = declarations_for(has_commitments=has_commitments)
        for one in self.boxes:
            self.fields[one.value] = forms.BooleanField(
                label=one.label, error_messages={"required": words[one]}
            )

    @classmethod
    def of(cls, snapshot: Mapping[str, Any]) -> "DeclareForm":
        """Return the form of a page that shows this."""
        return cls(
            initial={"shown": content_print(snapshot), "rows": row_prints(snapshot)},
            has_commitments=bool(snapshot["commitments"]),
        )

    @property
    def declared(self) -> set[str]:
        """Return the keys of the declarations whose boxes are ticked."""
        return {one.value for one in self.boxes if self.cleaned_data.get(one.value)}

    def renew(self, snapshot: Mapping[str, Any]) -> list[str]:
        """Ask anew for what is shown now; return the keys of the answers that have changed."""
        now = row_prints(snapshot)
        seen = self.cleaned_data.get("rows")
        seen = seen if isinstance(seen, dict) else {}
        sent: Any = self.data
        data = sent.copy()
        for one in self.boxes:
            data.pop(one.value, None)
        data["shown"], data["rows"] = content_print(snapshot), json.dumps(now)
        self.data = data
        return [key for key, value in now.items() if seen.get(key) != value]


class WithdrawForm(forms.Form):
    """Why the application is withdrawn."""

    use_required_attribute = False
    reason = ReasonField(
        help_text=_(
            "For the coordination unit, if you want to say it. No mail to your contacts, partners "
            "or supporters quotes it."
        ),
        max_length=1000,
    )
