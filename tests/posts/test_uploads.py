"""Files: what they are is read from their content; what can run is refused in words."""

import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused
from planner.posts import operations as posts
from planner.posts.models import Upload
from planner.posts.operations.sniffing import ENDINGS, media_type
from planner.posts.rules import Status
from tests.posts.conftest import YES

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def office(*names, mimetype=b""):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


GOOD = {
    "a.png": PNG,
    "a.jpg": b"\xff\xd8\xff\xe0rest",
    "a.JPEG": b"\xff\xd8\xff\xe0rest",
    "a.gif": b"GIF89a....",
    "a.webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "a.pdf": b"%PDF-1.7 rest",
    "a.mp4": b"\x00\x00\x00\x18ftypmp42",
    "a.mp3": b"ID3\x03rest",
    "b.mp3": b"\xff\xfb\x90rest",
    "a.docx": office("[Content_Types].xml", "word/document.xml"),
    "a.xlsx": office("[Content_Types].xml", "xl/workbook.xml"),
    "a.pptx": office("[Content_Types].xml", "ppt/presentation.xml"),
    "a.odt": office("content.xml", mimetype=b"application/vnd.oasis.opendocument.text"),
    "a.txt": "Bonjour, été.".encode(),
    "latin.txt": "été".encode("latin-1"),
    "a.csv": b"a;b\n1;2\n",
    "a.vtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello",
    "a.srt": b"1\n00:00:01,000 --> 00:00:02,000\nHello",
}

BAD = {
    "a.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "a.html": b"<!doctype html><script>alert(1)</script>",
    "page.txt": b"<html><script>alert(1)</script>",
    "drawing.csv": b"  <svg onload=alert(1)>",
    "xml.txt": b"\xef\xbb\xbf<?xml version='1.0'?><svg/>",
    "a.exe": b"MZ\x90\x00",
    "program.png": b"MZ\x90\x00",
    "program.txt": b"MZ\x90\x00\x03",
    "script.txt": b"#!/bin/sh\nrm -rf /",
    "a.zip": office("a.txt"),
    "archive.docx": office("a.txt"),
    "macro.docx": office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "sheet.docx": office("[Content_Types].xml", "xl/workbook.xml"),
    "broken.docx": b"PK\x03\x04broken",
    "other.odt": office("content.xml", mimetype=b"application/zip"),
    "photo.gif": PNG,
    "photo.svg.png": b"<svg/>",
    "noending": PNG,
    "a.vtt": b"no header",
    "a.js": b"alert(1)",
}


def add(post, actor, now, name="a.png", content=PNG, **more):
    return posts.add_upload(post=post, actor=actor, file=ContentFile(content, name=name), now=now, **more)


@pytest.mark.parametrize("name", GOOD)
def test_good_files_are_known_by_their_content(name):
    assert media_type(name, GOOD[name])


@pytest.mark.parametrize("name", BAD)
def test_what_can_run_or_pretends_is_refused(name):
    assert media_type(name, BAD[name]) is None


def test_every_ending_that_the_refusal_names_can_be_kept():
    assert {"." + name.rsplit(".", 1)[1].lower() for name in GOOD} == set(ENDINGS)


def test_a_file_is_kept_with_its_digest_under_a_name_of_ours(draft, colleague, now):
    upload = add(draft, colleague, now, name="../../Photo été.png", alt={"fr": "Un tas fumant", "de": "x"})
    assert upload.name == "Photo été.png"
    assert upload.media_type == "image/png"
    assert upload.size == len(PNG)
    assert "été" not in upload.file.name
    assert upload.alt == {"fr": "Un tas fumant"}
    with default_storage.open(upload.file.name) as kept:
        assert kept.read() == PNG


def test_refusals_stand_beside_the_file(draft, colleague, now, settings):
    settings.UPLOAD_MAX_BYTES = 100
    for name, content in (("a.svg", BAD["a.svg"]), ("a.png", b""), ("a.png", PNG + b"x" * 100)):
        with pytest.raises(Invalid) as refusal:
            add(draft, colleague, now, name=name, content=content)
        assert refusal.value.field == "file"
    assert not Upload.objects.exists()


def test_the_same_file_twice_is_refused(draft, colleague, now):
    add(draft, colleague, now)
    with pytest.raises(Refused, match="this very file"):
        add(draft, colleague, now, name="copy.png")


def test_a_new_file_and_a_new_description_change_what_was_approved(scheduled, colleague, approver, now):
    upload = add(scheduled, colleague, now)
    scheduled.refresh_from_db()
    assert scheduled.status == Status.IN_REVIEW
    posts.approve(answers=YES, post=scheduled, actor=approver, now=now)
    posts.describe_upload(upload=upload, actor=colleague, alt={"en": "A heap"}, now=now)
    scheduled.refresh_from_db()
    assert scheduled.status == Status.IN_REVIEW


def test_a_long_description_is_refused(draft, colleague, now):
    with pytest.raises(Invalid) as refusal:
        add(draft, colleague, now, alt={"fr": "x" * 501})
    assert refusal.value.field == "alt"


def test_a_file_taken_away_leaves_the_disk(draft, colleague, now, django_capture_on_commit_callbacks):
    upload = add(draft, colleague, now)
    with django_capture_on_commit_callbacks(execute=True):
        posts.remove_upload(upload=upload, actor=colleague, now=now)
    assert not default_storage.exists(upload.file.name)
    assert posts.revision_of(draft).payload["media"] == []


def test_who_may_not_add_or_touch_files(draft, colleague, reader, outsider, now):
    upload = add(draft, colleague, now)
    for actor, error in ((reader, NotAllowed), (outsider, NotFound)):
        with pytest.raises(error):
            add(draft, actor, now, name="b.png", content=PNG + b"1")
        with pytest.raises(error):
            posts.describe_upload(upload=upload, actor=actor, alt={}, now=now)
        with pytest.raises(error):
            posts.remove_upload(upload=upload, actor=actor, now=now)
