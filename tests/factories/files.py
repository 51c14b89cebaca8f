"""Files as people send them in."""

import hashlib

import factory
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core.files.models import StoredFile

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20


class StoredFileFactory(factory.django.DjangoModelFactory):
    """A small PDF in the storage."""

    class Meta:
        model = StoredFile
        skip_postgeneration_save = True

    name = "letter.pdf"
    kind = "application/pdf"
    size = len(PDF)
    sha256 = hashlib.sha256(PDF).hexdigest()

    @factory.post_generation
    def content(self, create, extracted, **kwargs):
        default_storage.save(self.path, ContentFile(extracted or PDF))
