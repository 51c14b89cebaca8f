"""A Redis cache whose failure nobody notices.

The cache holds nothing that must not be lost (sign-in rate limits above all). When Redis is
away or silent, a sign-in must neither fail nor hang: reads then find nothing, writes are dropped.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# After a failure Redis is left alone for a while, else each call would wait for its timeout.
PAUSE_SECONDS = 10


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, with each failure answered like an empty cache."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._paused_until = 0.0
        self._answers = True

    def _try(self, call: Callable[[], Any], otherwise: Any) -> Any:
        """Make the call, or answer `otherwise` while Redis does not work."""
        if time.monotonic() < self._paused_until:
            return otherwise
        try:
            answer = call()
        except RedisError as error:
            self._paused_until = time.monotonic() + PAUSE_SECONDS
            # Once, until it answers again: it may be away for hours.
            logger.log(
                logging.WARNING if self._answers else logging.DEBUG,
                "The cache does not answer (%s); going on without it.",
                type(error).__name__,
            )
            self._answers = False
            return otherwise
        self._answers = True
        return answer

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).add(*args, **kwargs), True)  # noqa: FBT003

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(
            lambda: super(ForgivingRedisCache, self).get(key, default, version), default
        )

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._try(lambda: super(ForgivingRedisCache, self).set(*args, **kwargs), None)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).touch(*args, **kwargs), False)  # noqa: FBT003

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).delete(*args, **kwargs), False)  # noqa: FBT003

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).get_many(*args, **kwargs), {})

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).has_key(*args, **kwargs), False)  # noqa: FBT003

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).incr(key, delta, version), delta)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).set_many(*args, **kwargs), [])

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._try(lambda: super(ForgivingRedisCache, self).delete_many(*args, **kwargs), None)

    def clear(self) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).clear(), False)  # noqa: FBT003
