"""Files as people send them in."""

import hashlib
import io

import factory
import pikepdf
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from core.files.models import StoredFile


def pdf(change=None, **saved):
    """Return a PDF of one empty page; `change` gets the document before it is saved."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    if change:
        change(document)
    written = io.BytesIO()
    document.save(written, static_id=True, **saved)
    return written.getvalue()


def picture(form, size=(8, 8)):
    written = io.BytesIO()
    Image.new("RGB", size, "navy").save(written, form)
    return written.getvalue()


PDF = pdf()
PNG, JPEG = picture("PNG"), picture("JPEG")


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
