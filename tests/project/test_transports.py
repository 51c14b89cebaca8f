"""Messages that are none: from a folder and from Redis, to a worker that goes on."""

import pytest
from celery import Celery
from django.conf import settings as django_settings
from kombu import Connection, Consumer, Queue
from kombu.exceptions import ChannelError, OperationalError

from iuc_portal.transports import FolderTransport, RedisTransport
from tests.infra.portal import RUBBISH
from tests.infra.processes import free_port

QUEUE = "test-of-transports"


def folder_connection(folder):
    return Connection("filesystem://localhost", transport_options={"folder": str(folder)})


@pytest.fixture
def folder(tmp_path):
    with folder_connection(tmp_path) as connection:
        yield connection


def send(connection, body, queue=QUEUE):
    with connection.Producer() as producer:
        producer.publish(body, routing_key=queue, exchange="", serializer="json")


def received(connection, *, queue=QUEUE, stumble_over=None):
    """Take what there is, as a worker does, and return the bodies."""
    bodies = []

    def take(body, message):
        if body == stumble_over:
            raise AttributeError("a message that looks like one and is none")
        bodies.append(body)
        message.ack()

    with connection.channel() as channel, Consumer(channel, [Queue(queue)], callbacks=[take]):
        try:
            while True:
                connection.drain_events(timeout=0.5)
        except TimeoutError:
            return bodies


def test_addresses_mean_the_forgiving_transports(folder):
    assert isinstance(folder.transport, FolderTransport)
    for address in ("redis://127.0.0.1:1/0", "rediss://127.0.0.1:1/0"):
        assert isinstance(Connection(address).transport, RedisTransport)
    assert Connection("redis+socket:///tmp/x.sock").transport_cls == "redis"


def test_messages_come_in_order_and_once(folder, tmp_path):
    for number in range(12):
        send(folder, number)

    assert received(folder) == list(range(12))
    assert received(folder) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"{", b'{"body": "e3', *RUBBISH])
def test_half_a_message_in_the_folder_is_dropped(folder, tmp_path, caplog, content):
    (tmp_path / f"0_x.{QUEUE}.msg").write_bytes(content)
    send(folder, "after it")

    assert [body for body in received(folder) if body][-1] == "after it"
    assert list(tmp_path.iterdir()) == []


def test_message_that_is_still_written_is_not_seen(folder, tmp_path):
    (tmp_path / f".part-of.{QUEUE}.msg.part").write_bytes(b"{")

    assert received(folder) == []
    assert len(list(tmp_path.iterdir())) == 1


def test_message_that_makes_the_worker_stumble_is_not_handed_out_again(folder, caplog):
    send(folder, "trap")
    send(folder, "after it")

    assert received(folder, stumble_over="trap") == ["after it"]
    assert received(folder) == []
    assert "A message that cannot be read was dropped (AttributeError)." in caplog.text


def test_folder_is_counted_and_emptied(folder):
    for number in range(3):
        send(folder, number)
    with folder.channel() as channel:
        assert channel._size(QUEUE) == 3
        assert channel.queue_purge(QUEUE) == 3
        assert channel._size(QUEUE) == 0


def test_folder_that_cannot_be_written_to_is_told_as_trouble_of_the_broker(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        folder_connection(tmp_path / "file" / "folder") as connection,
        pytest.raises(ChannelError, match="cannot be written to"),
    ):
        send(connection, 1)


def test_task_goes_through_the_folder(tmp_path):
    stranger = Celery("stranger", broker="filesystem://localhost", set_as_current=False)
    stranger.conf.broker_transport_options = {"folder": str(tmp_path)}

    stranger.send_task("core.jobs.tasks.heartbeat", ignore_result=True)

    (message,) = tmp_path.iterdir()
    assert message.name.endswith(".celery.msg")


@pytest.fixture
def redis_connection():
    with Connection(django_settings.REDIS_URL) as connection:
        yield connection
        with connection.channel() as channel:
            channel.client.delete(QUEUE)


@pytest.mark.broker
@pytest.mark.parametrize("content", RUBBISH)
def test_rubbish_in_redis_is_dropped(redis_connection, content):
    with redis_connection.channel() as channel:
        channel.client.lpush(QUEUE, content)
    send(redis_connection, "after it")

    assert received(redis_connection)[-1] == "after it"
    assert received(redis_connection) == []


@pytest.mark.broker
def test_trap_in_redis_is_not_handed_out_again(redis_connection):
    send(redis_connection, "trap")
    send(redis_connection, "after it")

    assert received(redis_connection, stumble_over="trap") == ["after it"]
    assert received(redis_connection) == []


@pytest.mark.broker
def test_what_lies_in_the_place_of_a_queue_is_removed(redis_connection, caplog):
    with redis_connection.channel() as channel:
        channel.client.set(QUEUE, "no queue")

    assert received(redis_connection) == []
    send(redis_connection, "after it")
    assert received(redis_connection) == ["after it"]


@pytest.mark.broker
def test_broker_that_is_away_is_still_told_to_celery():
    with (
        Connection(f"redis://127.0.0.1:{free_port()}/0") as connection,
        pytest.raises(OperationalError),
    ):
        connection.ensure_connection(max_retries=1, interval_start=0)
