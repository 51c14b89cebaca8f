"""How Celery's messages travel: kombu's transports, made to survive what is no message.

What cannot be read is told in the log and dropped. It may be dropped: tasks are only wake-ups,
and beat asks again. Tasks of unknown names are passed over by Celery itself.
"""

import glob
import logging
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, redis, virtual
from kombu.utils.json import dumps, loads

from core.kit.disk import write_whole

logger = logging.getLogger(__name__)

Receive = Callable[[Any], Any]


def use_forgiving_transports() -> None:
    """Have the addresses `redis://`, `rediss://` and `filesystem://` mean these transports."""
    TRANSPORT_ALIASES.update(
        redis=f"{__name__}:RedisTransport",
        rediss=f"{__name__}:RedisTransport",
        filesystem=f"{__name__}:FolderTransport",
    )


def _drop(error: Exception) -> None:
    # Without its content: that may be anything.
    logger.warning("A message that cannot be read was dropped (%s).", type(error).__name__)


def _is_trouble_of_the_broker(transport: virtual.Transport, error: Exception) -> bool:
    """Tell a broker that fails, which Celery handles by connecting anew, from a bad message."""
    # kombu counts every KeyError as the former; here it is a message that lacks a part.
    troubles = (Empty, *transport.connection_errors, *transport.channel_errors)
    return isinstance(error, troubles) and not isinstance(error, KeyError)


def _deliver(transport: virtual.Transport, deliver: Receive, message: Any) -> None:
    """Deliver a message, or drop it when it has not the shape of one."""
    try:
        deliver(message)
    except Exception as error:
        if _is_trouble_of_the_broker(transport, error):
            raise
        _drop(error)


def _receiver(channel: virtual.Channel, receive: Receive, *, no_ack: bool) -> Receive:
    """Wrap what a worker does with a message: one it stumbles over is not handed out again."""

    def receive_or_drop(message: virtual.Message) -> Any:
        try:
            return receive(message)
        except Exception as error:
            if _is_trouble_of_the_broker(channel.connection, error):
                raise
            _drop(error)
            if not no_ack and not message.acknowledged:
                message.reject()

    return receive_or_drop


class RedisChannel(redis.Channel):
    """Reads from Redis, whatever else was written there."""

    def basic_consume(
        self, queue: str, no_ack: bool, callback: Receive, consumer_tag: str, **more: Any
    ) -> Any:
        receive = _receiver(self, callback, no_ack=no_ack)
        return super().basic_consume(queue, no_ack, receive, consumer_tag, **more)

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)
        except ValueError as error:
            _drop(error)
        except self.ResponseError:
            self._remove_what_is_no_queue(*self.active_queues)
        return True

    def _size(self, queue: str) -> int:
        try:
            return int(super()._size(queue))
        except self.ResponseError:
            self._remove_what_is_no_queue(queue)
            return 0

    def _remove_what_is_no_queue(self, *queues: str) -> None:
        """Make room for queues where something else lies under their names."""
        with self.conn_or_acquire() as client:
            for queue in queues:
                for priority in self.priority_steps:
                    key = self._q_for_pri(queue, priority)
                    if client.type(key) not in {b"list", b"none"}:
                        logger.warning("What lay in the place of a queue was removed.")
                        client.delete(key)


class RedisTransport(redis.Transport):
    """Redis, for messages of any kind."""

    Channel = RedisChannel

    def _deliver(self, message: Any, queue: str) -> None:
        _deliver(
            self, lambda message: super(RedisTransport, self)._deliver(message, queue), message
        )


class FolderChannel(virtual.Channel):
    """Messages as files in a folder, where there is no Redis: each is only ever seen whole.

    Who puts and who takes need the same folder and nothing else; there is no broadcast.
    """

    def basic_consume(
        self, queue: str, no_ack: bool, callback: Receive, consumer_tag: str, **more: Any
    ) -> Any:
        receive = _receiver(self, callback, no_ack=no_ack)
        return super().basic_consume(queue, no_ack, receive, consumer_tag, **more)

    @property
    def _folder(self) -> Path:
        return Path(self.connection.client.transport_options["folder"])

    def _messages(self, queue: str) -> list[Path]:
        """Return the messages, the oldest first."""
        return sorted(self._folder.glob(f"[0-9]*.{glob.escape(queue)}.msg"))

    def _put(self, queue: str, message: Any, **_: Any) -> None:
        name = f"{time.time_ns()}_{uuid.uuid4()}.{queue}.msg"
        try:
            write_whole(self._folder / name, [dumps(message).encode()])
        except OSError as error:
            raise ChannelError("The folder of the messages cannot be written to.") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:  # noqa: ARG002
        for path in self._messages(queue):
            taken = path.with_name(f".{path.name}")
            try:
                # Who renames it has it; another worker finds it gone.
                path.rename(taken)
                content = taken.read_bytes()
                taken.unlink()
            except OSError:
                continue
            try:
                return loads(content)
            except ValueError as error:
                _drop(error)
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._messages(queue))

    def _purge(self, queue: str) -> int:
        messages = self._messages(queue)
        for path in messages:
            path.unlink(missing_ok=True)
        return len(messages)


class FolderTransport(virtual.Transport):
    """Folders, for messages of any kind."""

    Channel = FolderChannel
    driver_type = driver_name = "folder"

    def _deliver(self, message: Any, queue: str) -> None:
        _deliver(
            self, lambda message: super(FolderTransport, self)._deliver(message, queue), message
        )
