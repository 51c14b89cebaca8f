"""Forms of casework."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.casework.models import StaffTag
from applications.casework.states import NOTE_LIMIT, TAG_LIMIT, Tone
from applications.selectors.reach import ACTING
from core.kit.fields import LineField, TextField, VersionField, offer


class VersionOnlyForm(forms.Form):
    """A button that says which version its page showed."""

    version = VersionField()


class OwnerForm(forms.Form):
    """Who looks after an application."""

    use_required_attribute = False
    owner = forms.ModelChoiceField(
        label=_("Colleague"),
        help_text=_("Those who see this application and may act on it. No mail is sent."),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody for now"),
        error_messages={"invalid_choice": _("Choose a colleague of the list.")},
    )
    version = VersionField()

    def __init__(self, people: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        # “Nobody” is a choice of the list: nothing is optional about it.
        field.is_asked = True
        offer(self, "owner", people)


class NoteForm(forms.Form):
    """A note among staff."""

    use_required_attribute = False
    text = TextField(
        label=_("Note"),
        help_text=_("For staff alone. Write “@” and a name, and that colleague finds it."),
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the note.")},
    )


class TagsForm(forms.Form):
    """Which tags an application bears."""

    tags = forms.ModelMultipleChoiceField(
        label=_("Tags"),
        queryset=StaffTag.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("One of the tags is gone. Load the page again.")},
    )
    # Those that the page showed as chosen; one that is gone since is no mistake.
    shown = forms.Field(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["tags"]
        # None is an answer as good as any.
        field.is_asked = True

    def clean_shown(self) -> list[StaffTag]:
        """Return the tags that are still there."""
        sent = self.cleaned_data["shown"] or []
        keys = [key for key in map(VersionField().clean, sent) if key]
        return list(StaffTag.objects.filter(pk__in=keys))


class TagForm(forms.Form):
    """A word of the list of tags, with its colour."""

    use_required_attribute = False
    name = LineField(
        label=_("Word"),
        help_text=_("Short, and about the case, never about a person."),
        max_length=TAG_LIMIT,
        error_messages={"required": _("Write the word of the tag.")},
    )
    tone = forms.ChoiceField(
        label=_("Colour and sign"),
        choices=Tone.choices,
        initial=Tone.PLAIN,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the colours.")},
    )
    version = VersionField()

    def __init__(self, *args: Any, tag: StaffTag | None = None, **kwargs: Any) -> None:
        if tag is not None:
            kwargs["initial"] = {"name": tag.name, "tone": tag.tone, "version": tag.version}
        super().__init__(*args, **kwargs)


class MergeForm(forms.Form):
    """Which tag takes the place of another."""

    use_required_attribute = False
    into = forms.ModelChoiceField(
        label=_("The tag that stays"),
        queryset=StaffTag.objects.none(),
        empty_label=_("Choose a tag"),
        error_messages={
            "required": _("Choose the tag that stays."),
            "invalid_choice": _("This tag is gone. Choose another one."),
        },
    )

    def __init__(self, tag: StaffTag, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "into", StaffTag.objects.exclude(pk=tag.pk))


class ManyOwnersForm(forms.Form):
    """Who shall look after several applications (applications.acting.ActionForm)."""

    use_required_attribute = False
    owner = forms.ModelChoiceField(
        label=_("Colleague"),
        help_text=_("What they do not see is left out, and named. No mail is sent."),
        queryset=User.objects.filter(is_active=True, staff_role__in=ACTING).order_by("search_name"),
        required=False,
        empty_label=_("Nobody for now"),
        error_messages={"invalid_choice": _("Choose a colleague of the list.")},
    )

    def __init__(self, data: Any, _applications: Any) -> None:
        super().__init__(data)
        field: Any = self.fields["owner"]
        field.is_asked = True

    @property
    def values(self) -> dict[str, Any]:
        """Return what was chosen, as JSON."""
        person = self.cleaned_data["owner"]
        return {"owner": person.pk if person else None}


class ManyTagsForm(forms.Form):
    """Which tag shall be put on several applications or taken off (acting.ActionForm)."""

    use_required_attribute = False
    tag = forms.ModelChoiceField(
        label=_("Tag"),
        help_text=_("The others stay. New words are added on the page “Tags”."),
        queryset=StaffTag.objects.all(),
        empty_label=_("Choose a tag"),
        error_messages={
            "required": _("Choose a tag."),
            "invalid_choice": _("This tag is gone. Choose another one."),
        },
    )
    way = forms.ChoiceField(
        label=_("What to do with it"),
        choices=[("on", _("Put it on")), ("off", _("Take it off"))],
        initial="on",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether to put it on or take it off.")},
    )

    def __init__(self, data: Any, _applications: Any) -> None:
        super().__init__(data)

    @property
    def values(self) -> dict[str, Any]:
        """Return what was chosen, as JSON."""
        return {"tag": self.cleaned_data["tag"].pk, "is_on": self.cleaned_data["way"] == "on"}
