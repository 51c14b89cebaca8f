"""The cache that forgives: Redis away, silent, and well."""

import time

import pytest

from iuc_portal.cache import ForgivingRedisCache


def make_cache(address):
    return ForgivingRedisCache(
        address, {"OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1}}
    )


@pytest.fixture
def broken():
    return make_cache("redis://127.0.0.1:1/0")


def test_reads_find_nothing_when_redis_is_away(broken):
    assert broken.get("key") is None
    assert broken.get("key", "default") == "default"
    assert broken.get_many(["key"]) == {}
    assert broken.has_key("key") is False
    assert broken.touch("key") is False


def test_writes_are_dropped_when_redis_is_away(broken):
    broken.set("key", 1)
    assert broken.add("key", 1) is True
    assert broken.incr("key") == 1
    assert broken.set_many({"key": 1}) == []
    assert broken.delete("key") is False
    broken.delete_many(["key"])
    assert broken.clear() is False


def test_silent_redis_costs_one_timeout_and_no_more(silent_server):
    cache = make_cache(f"redis://127.0.0.1:{silent_server}/0")
    started = time.monotonic()

    for number in range(20):
        cache.set(f"key{number}", 1)

    assert time.monotonic() - started < 3


def test_redis_that_stays_away_is_told_once(broken, caplog, monkeypatch):
    for number in range(3):
        monkeypatch.setattr(broken, "_paused_until", 0.0)
        broken.get(f"key{number}")

    assert caplog.text.count("The cache does not answer (ConnectionError)") == 1


@pytest.mark.broker
def test_values_are_kept_when_redis_is_well(settings):
    cache = make_cache(settings.REDIS_URL)
    cache.delete("key")

    assert cache.add("key", 1) is True
    assert cache.add("key", 2) is False
    assert cache.incr("key") == 2
    assert cache.get("key") == 2
    cache.delete("key")
    assert cache.get("key") is None


@pytest.mark.broker
def test_redis_is_asked_again_after_the_pause(settings, monkeypatch, broken):
    broken.get("key")
    whole = make_cache(settings.REDIS_URL)
    whole._paused_until = broken._paused_until
    whole.set("key", 1)
    monkeypatch.setattr(whole, "_paused_until", 0.0)

    whole.set("other", 1)

    assert (whole.get("key"), whole.get("other")) == (None, 1)
    whole.delete("other")
