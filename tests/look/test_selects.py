"""The options of a select, drawn without a template for each."""

from django import forms
from django.forms.renderers import DjangoTemplates


class _Colours(forms.Form):
    colour = forms.ChoiceField(
        choices=[
            ("", "All & none"),
            ("Warm", [("r", "<Red>"), ("o", "Orange")]),
            ("b", 'Blue "sea"'),
        ]
    )


def test_options_stand_as_django_draws_them():
    drawn = _Colours({"colour": "o"})["colour"].as_widget()
    plain = forms.Select(choices=_Colours.base_fields["colour"].choices).get_context(
        "colour", "o", {"required": True, "id": "id_colour"}
    )
    expected = DjangoTemplates().render("django/forms/widgets/select.html", plain)
    assert "".join(drawn.split()) == "".join(expected.split())
