"""Pages that everybody reads."""

from django.urls import reverse

from benchmarks.browser import anybody, getting
from benchmarks.harness import Action, Figures, case
from benchmarks.sizes import Size
from pairings.models import Pairing

FLAT = Figures(loops=0.15, cold=0.5)


@case("home", FLAT, is_cached=True)
def home(_size: Size) -> Action:
    return getting(anybody(), reverse("showcase:home"))


@case("pairings, table and map", Figures(loops=0.15, cold=0.5, kb=200), is_cached=True)
def pairings(_size: Size) -> Action:
    return getting(anybody(), reverse("showcase:pairings"))


@case("one pairing", FLAT, is_cached=True)
def one_pairing(_size: Size) -> Action:
    pairing = Pairing.objects.public().earliest("pk")
    return getting(anybody(), reverse("showcase:pairing", args=[pairing.slug]))


@case("about", FLAT, is_cached=True)
def about(_size: Size) -> Action:
    return getting(anybody(), reverse("showcase:about"))


@case("pairings.json, a long odd search", FLAT)
def odd_search(_size: Size) -> Action:
    # Taken apart it has eighteen letters: with more of them the search would be too long.
    return getting(anybody(), f"{reverse('showcase:pairings_json')}?q={'ﷺ' * 5}")
