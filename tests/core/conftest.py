"""A real mail server that keeps what it is given."""

from collections.abc import Iterator
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller

from tests.infra.processes import free_port


class Sink:
    """Answers of a mail server, by recipient; 250 for all others."""

    def __init__(self):
        self.received = []
        self.recipients = []
        self.connections = 0
        self.answers = {}
        self.on_data = lambda _number: None

    def handle_exception(self, error):
        return "451 Something broke"

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        self.recipients.append(address)
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        if answer == "drop":
            server.transport.close()
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.received.append(message_from_bytes(envelope.content))
        self.on_data(len(self.received))
        return "250 OK"

    @property
    def ids(self):
        return [mail["Message-ID"] for mail in self.received]


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    """Start the server and deliver the outbox to it."""
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.OUTBOX_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    yield handler
    controller.stop()
