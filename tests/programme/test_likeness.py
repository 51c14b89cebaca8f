from hypothesis import given
from hypothesis import strategies as st

from programme.organisations.likeness import Traits, likeness

some = st.frozensets(st.sampled_from("abcde"))
traits = st.builds(
    Traits,
    country=st.sampled_from(["HR", "IN", ""]),
    population=st.none() | st.integers(0, 50_000_000),
    tags=some,
    topics=some,
)


@given(traits, traits)
def test_likeness_lies_between_0_and_100_and_has_no_direction(one, other):
    assert 0 <= likeness(one, other) <= 100
    assert likeness(one, other) == likeness(other, one)


def test_likeness_of_the_same_is_whole_and_of_the_unknown_nothing():
    port = Traits("HR", 120_000, frozenset({"port"}), frozenset({"air"}))
    assert likeness(port, port) == 100
    assert likeness(Traits(), Traits()) == 0


def test_likeness_of_size_ends_at_tenfold():
    def sized(population):
        return Traits(population=population)

    assert likeness(sized(100_000), sized(1_000_000)) == 0
    assert 0 < likeness(sized(100_000), sized(200_000)) < 30
