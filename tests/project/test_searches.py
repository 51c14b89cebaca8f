"""Every search of the portal keeps the same limits, those of lists to come included."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from django import forms
from django.apps import apps
from django.conf import settings

from core.kit.fields import SearchField

# What the parameters of searches are called.
NAMES = re.compile(r"(^|_)(q|search|words|about|who)$")


def form_is_a_letter(place):
    return place.endswith(".CorrectionForm")


def own_apps():
    """Return the apps of this house alone."""
    return [
        app
        for app in apps.get_app_configs()
        if (settings.BASE_DIR / app.name.split(".")[0]).is_dir()
    ]


def form_classes():
    """Return the forms of all apps by their place."""
    for app in own_apps():
        package = import_module(app.name)
        for found in walk_packages(package.__path__, f"{app.name}."):
            if "forms" not in found.name.split("."):
                continue
            for value in vars(import_module(found.name)).values():
                if isinstance(value, type) and issubclass(value, forms.BaseForm):
                    yield f"{value.__module__}.{value.__name__}", value


FORMS = dict(form_classes())
SEARCHES = [
    (place, name)
    for place, form in FORMS.items()
    for name in getattr(form, "base_fields", {})
    # The words of a letter are written, not searched for.
    if NAMES.search(name) and not form_is_a_letter(place)
]


def test_the_walk_finds_the_searches():
    assert len(SEARCHES) >= 10


@pytest.mark.parametrize(("place", "name"), SEARCHES)
def test_search_has_the_limits_of_all(place, name):
    assert isinstance(FORMS[place].base_fields[name], SearchField)


def test_words_are_taken_apart_in_one_place():
    apart = re.compile(r"fold\([^)]*\)\.split\(|\b(words|search|text)\.split\(\)")
    wrong = [
        str(path.relative_to(settings.BASE_DIR))
        for app in own_apps()
        for path in Path(app.path).rglob("*.py")
        if "selectors" in path.as_posix() and apart.search(path.read_text())
    ]

    assert wrong == []


def test_names_are_sorted_by_their_folded_form():
    """A database sorts Åsa and Šime behind Zora, unless it sorts what search compares."""
    raw = re.compile(r"""order_by\([^)]*["'-](\w+__)?(full_name|name)["']""")
    kept = [model for model in apps.get_models() if hasattr(model, "search_name")]
    wrong = [
        str(path.relative_to(settings.BASE_DIR))
        for app in own_apps()
        for path in Path(app.path).rglob("*.py")
        # Topics and themes have an order of their own.
        if raw.search(re.sub(r'"(topic|theme)__name"|"order", "name"', "", path.read_text()))
    ]

    assert len(kept) >= 4
    assert wrong == []
    assert [model for model in kept if "name" in model._meta.ordering] == []
