"""How a field is drawn, whoever asks for it."""

import re

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template

from tests.markup import squeezed


class CityForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As in the agreement.")
    mayor = forms.CharField(label="Mayor", required=False)
    story = forms.CharField(label="Story", max_length=600, widget=forms.Textarea)
    kind = forms.ChoiceField(
        label="Kind", choices=[("a", "One city"), ("b", "A group")], widget=forms.RadioSelect
    )
    themes = forms.MultipleChoiceField(
        label="Themes", choices=[("w", "Water")], widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label="We agree")
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_name(self):
        if self.cleaned_data["name"] == "<b>":
            raise forms.ValidationError("“<b>” is no name.")
        return self.cleaned_data["name"]


class LayoutForm(CityForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(Fieldset("Your city", "name", "mayor"))


def crispy(form):
    template = Template("{% load crispy_forms_tags %}{{ form|crispy }}")
    return squeezed(template.render(Context({"form": form})))


def plain(form):
    return squeezed(str(form))


def order(html, *parts):
    places = [html.index(part) for part in parts]
    return places == sorted(places)


@pytest.fixture(params=[crispy, plain])
def draw(request):
    return request.param


def test_help_stands_above_input(draw):
    html = draw(CityForm())
    assert order(html, 'for="id_name"', 'id="id_name_helptext"', 'name="name"')


def test_error_stands_below_input_and_is_tied_to_it(draw):
    html = draw(CityForm({}))
    assert order(html, 'id="id_name_helptext"', 'name="name"', 'id="id_name_error"')
    [field] = re.findall(r'<input[^>]*name="name"[^>]*>', html)
    assert 'aria-describedby="id_name_helptext id_name_error"' in field
    assert 'aria-invalid="true"' in field
    assert 'class="form-control is-invalid"' in field


def test_optional_is_said_of_optional_fields_only(draw):
    html = draw(CityForm())
    assert html.count("(optional)") == 1
    assert order(html, ">Mayor", "(optional)", 'name="mayor"')


def test_group_is_a_fieldset_with_its_own_frame(draw):
    html = draw(CityForm({}))
    group = html[html.index('id="div_id_kind"') : html.index('id="div_id_themes"')]
    assert '<fieldset aria-describedby="id_kind_error">' in group
    assert re.search(r"<legend[^>]*>Kind\s*</legend>", group)
    assert group.count('type="radio"') == 2
    assert 'for="id_kind_1">A group<' in group


def test_checkbox_stands_before_its_label(draw):
    html = draw(CityForm())
    assert order(html, 'name="agreed"', ">We agree")


def test_hidden_field_has_no_frame(draw):
    html = draw(CityForm())
    assert 'type="hidden" name="token"' in html
    assert "div_id_token" not in html


def test_summary_links_every_error_to_its_field(draw):
    html = draw(CityForm({}))
    assert "5 answers need your attention" in html
    links = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', html)
    assert links == [
        ("id_name", "Fill in “Name”."),
        ("id_story", "Fill in “Story”."),
        ("div_id_kind", "Choose an answer to “Kind”."),
        ("div_id_themes", "Choose an answer to “Themes”."),
        ("id_agreed", "Tick “We agree” to go on."),
    ]
    assert all(f'id="{target}"' in html for target, _text in links)


def test_summary_is_missing_while_nothing_failed(draw):
    assert "error-summary" not in draw(CityForm())


def test_error_that_does_not_name_its_field_is_named_in_the_summary(draw):
    html = draw(CityForm({"kind": "z"}))
    assert re.search(r'<a href="#div_id_kind">Kind: Select a valid choice\.', html)


def test_own_error_text_is_shown_as_text(draw):
    html = draw(CityForm({"name": "<b>"}))
    assert html.count("“&lt;b&gt;” is no name.") == 2
    assert "<b>" not in html


def test_long_text_counts_instead_of_being_cut(draw):
    html = draw(CityForm())
    [area] = re.findall(r"<textarea[^>]*>", html)
    assert "maxlength" not in area
    assert 'data-limit="600"' in area
    assert 'data-counter="id_story" data-limit="600"' in html


def test_layout_keeps_the_frame_of_a_group():
    html = render_crispy_form(LayoutForm({}))
    assert order(html, "error-summary", '<fieldset class="formset"', "<legend>Your city</legend>")


def test_helper_can_leave_the_summary_to_the_page():
    form = LayoutForm({})
    form.helper.no_summary = True
    assert "error-summary" not in render_crispy_form(form)


def test_formset_has_one_summary():
    formset = forms.formset_factory(CityForm, extra=2)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2"}
    )
    html = crispy(formset)
    assert html.count('class="error-summary"') == 1
    assert 'href="#id_form-1-name"' in html
    assert html.count('<fieldset class="formset">') == 2


def test_cards_are_drawn_on_request():
    form = CityForm()
    form.fields["kind"].widget.attrs["data-cards"] = True
    assert crispy(form).count('class="form-check choice"') == 2
