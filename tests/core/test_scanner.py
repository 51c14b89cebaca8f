"""The scanner for viruses: asked over a real socket, away, back again."""

import socketserver
import struct
import threading

import pytest
from django.core.files.base import ContentFile

from core.files import tasks
from core.files.kinds import SIGNED_PAPERS
from core.files.models import StoredFile
from core.files.services import scan_waiting, store_file
from core.files.serving import serve, serve_inside
from core.kit.errors import InvalidError, WrongStateError
from core.trail.models import AuditEvent
from tests.factories.files import PDF, StoredFileFactory, pdf

pytestmark = pytest.mark.django_db

# Stands for the sample that scanners know; a program of none.
HARMFUL = b"EICAR"


class Clamd(socketserver.StreamRequestHandler):
    """Speaks INSTREAM as clamd does."""

    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.server.seen.append(content)
        if self.server.answer:
            self.wfile.write(self.server.answer)
        elif HARMFUL in content:
            self.wfile.write(b"stream: Eicar-Signature FOUND\0")
        else:
            self.wfile.write(b"stream: OK\0")


class Listening(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@pytest.fixture(params=["unix", "tcp"])
def clamd(request, settings, tmp_path_factory):
    if request.param == "unix":
        place = str(tmp_path_factory.mktemp("c") / "s")
        server = Listening(place, Clamd)
        settings.CLAMAV = f"unix:{place}"
    else:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd)
        settings.CLAMAV = f"tcp://127.0.0.1:{server.server_address[1]}"
    server.seen, server.answer = [], b""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def store(content=PDF):
    upload = ContentFile(content, name="letter.pdf")
    return store_file(upload=upload, by=None, kinds=SIGNED_PAPERS)


def harmful():
    def change(document):
        document.docinfo["/Title"] = HARMFUL.decode()

    return pdf(change, compress_streams=False)


def test_clean_file_is_kept_and_handed_out(clamd):
    stored = store()
    assert stored.scan == "clean"
    assert clamd.seen == [PDF]
    assert serve(stored).status_code == 200


def test_harmful_file_is_not_kept(clamd):
    with pytest.raises(InvalidError) as error:
        store(harmful())
    assert (error.value.code, error.value.field) == ("file_infected", "file")
    assert not StoredFile.objects.exists()


def test_answer_that_nobody_understands_is_no_clean_file(clamd):
    clamd.answer = b"INSTREAM size limit exceeded. ERROR\0"
    assert store().scan == "waiting"


@pytest.fixture
def away(settings, tmp_path):
    settings.CLAMAV = f"unix:{tmp_path}/nobody"


@pytest.mark.usefixtures("away")
def test_file_waits_while_the_scanner_is_away_and_nobody_gets_it():
    stored = store()
    assert stored.scan == "waiting"
    for way_out in (serve, serve_inside):
        with pytest.raises(WrongStateError) as error:
            way_out(stored)
        assert error.value.code == "file_waiting"
    assert scan_waiting() == 0


def test_file_that_waited_is_checked_when_the_scanner_is_back(clamd):
    stored = StoredFileFactory(scan="waiting")
    tasks.scan_files()
    stored.refresh_from_db()
    assert stored.scan == "clean"
    assert serve(stored).status_code == 200


def test_file_that_waited_and_is_harmful_stays_out_of_reach_for_good(clamd, settings):
    stored = StoredFileFactory(scan="waiting", content=harmful())
    assert scan_waiting() == 1
    stored.refresh_from_db()
    assert stored.scan == "refused"
    assert AuditEvent.objects.get().verb == "file.refused"
    # Also without a scanner.
    settings.CLAMAV = ""
    with pytest.raises(WrongStateError):
        serve(stored)


def test_file_of_the_days_without_a_scanner_is_checked_first(clamd):
    stored = StoredFileFactory()
    with pytest.raises(WrongStateError):
        serve(stored)
    assert scan_waiting() == 1
    stored.refresh_from_db()
    assert serve(stored).status_code == 200


def test_one_file_that_the_storage_has_lost_holds_up_no_other(clamd):
    lost, there = StoredFileFactory(scan="waiting"), StoredFileFactory(scan="waiting")
    StoredFile.objects.filter(pk=lost.pk).update(key="0" * 32)
    assert scan_waiting() == 1
    there.refresh_from_db()
    assert there.scan == "clean"


def test_without_a_scanner_files_are_handed_out():
    stored = store()
    assert (stored.scan, scan_waiting()) == ("", 0)
    assert serve(stored).status_code == 200
