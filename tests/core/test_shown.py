from django.utils import translation

from core.kit.shown import forms_of

PAGE = """
<form method="get" action="/list/"><input name="q"></form>
<form method="post">
  <input type="hidden" name="version" value="3">
  <label for="a">Title <span class="optional">(optional)</span></label>
  <input id="a" name="title" value="Old">
  <label for="b">Country</label>
  <select id="b" name="country"><option value="">Choose one</option>
    <option value="12" selected>Hrvatska &amp; more</option>
    <option value="13">India</option></select>
  <label>Remarks<textarea name="remarks">
One
two</textarea></label>
  <label for="d">Begins on</label><input id="d" name="begins" class="field-date">
  <label for="n">Inhabitants</label><input id="n" name="population" inputmode="numeric">
  <fieldset><legend>Who applies?</legend>
    <input type="radio" id="k1" name="kind" value="one"><label for="k1">One city</label>
    <input type="radio" id="k2" name="kind" value="group" checked><label for="k2">A group</label>
  </fieldset>
  <input type="checkbox" id="t" name="agreed"><label for="t">We agree</label>
  <input name="rows-0-name" aria-label="Name"><input name="rows-1-name" aria-label="Name">
  <input name="upload" type="file"><input name="secret" type="password">
  <button name="do" value="save">Save</button>
</form>
<form id="other" method="post" action="/other/?x=1"></form>
<input form="other" name="reason" aria-labelledby="h1 h2">
<h2 id="h1">Reason</h2><p id="h2">for <b>this</b></p>
"""


def shown():
    return forms_of(PAGE, "/page/")


def test_labels_are_those_a_reader_knows():
    form, other = shown()
    assert form.address == "/page/"
    assert {name: one.label for name, one in form.fields.items()} == {
        "title": "Title",
        "country": "Country",
        "remarks": "Remarks",
        "begins": "Begins on",
        "population": "Inhabitants",
        "kind": "Who applies?",
        "agreed": "We agree",
        "rows-0-name": "Name (1)",
        "rows-1-name": "Name (2)",
    }
    assert form.hidden == {("version", "3"), ("do", "save")}
    assert (other.address, other.fields["reason"].label) == ("/other/?x=1", "Reason for this")


def test_values_are_told_in_words():
    fields = shown()[0].fields
    assert fields["country"].in_words(["13"]) == "India"
    assert fields["country"].in_words([""]) == ""
    assert fields["country"].in_words(fields["country"].values) == "Hrvatska & more"
    assert fields["kind"].in_words(["one"]) == "One city"
    assert fields["kind"].in_words(fields["kind"].values) == "A group"
    assert fields["agreed"].in_words(["on"]) == "Yes"
    assert fields["remarks"].values == ["One\ntwo"]
    # A choice that is no longer offered stays as it was sent.
    assert fields["country"].in_words(["99"]) == "99"


def test_days_and_numbers_read_as_people_write_them():
    fields = shown()[0].fields
    with translation.override("en-gb"):
        assert fields["begins"].in_words(["2026-03-12"]) == "12 March 2026"
        assert fields["population"].in_words(["104500"]) == "104,500"
    # What is no day or number is shown as it was typed; a year has no separator.
    assert fields["begins"].in_words(["soon"]) == "soon"
    assert fields["population"].in_words(["about 40k"]) == "about 40k"
    assert fields["population"].in_words(["2027"]) == "2027"
