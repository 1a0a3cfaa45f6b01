"""What a file really is, by its first bytes and not by its name. Pure."""

import io
import zipfile
from collections.abc import Callable

RASTER = ("image/png", "image/jpeg", "image/gif", "image/webp")
"""Shown in the page; everything else is served as an attachment."""

_OFFICE = {
    "word/": (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/": (".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
_ODT = "application/vnd.oasis.opendocument.text"
_TEXTS = {".txt": "text/plain", ".csv": "text/csv", ".srt": "application/x-subrip"}

ENDINGS = (
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".txt", ".csv", ".mp4",
    ".mp3", ".vtt", ".srt",
)  # fmt: skip
"""What may be added, for the words of a refusal and for the file chooser."""


def media_type(name: str, content: bytes) -> str | None:
    """The type of a file that may be kept: its content is of an allowed kind, and its ending says the same.

    None for anything else: drawings that can carry scripts (SVG), pages, programs, archives, disguised files.
    """
    ending = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    return next(
        (kind for endings, check in _CHECKS if ending in endings for kind in [check(ending, content)] if kind), None
    )


def _magic(*starts: bytes, kind: str) -> Callable[[str, bytes], str | None]:
    return lambda _ending, content: kind if content.startswith(starts) else None


def _webp(_ending: str, content: bytes) -> str | None:
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def _mp4(_ending: str, content: bytes) -> str | None:
    return "video/mp4" if content[4:8] == b"ftyp" else None


def _mp3(_ending: str, content: bytes) -> str | None:
    is_frame = len(content) > 1 and content[0] == 0xFF and content[1] & 0xE0 == 0xE0
    return "audio/mpeg" if content.startswith(b"ID3") or is_frame else None


def _zipped(ending: str, content: bytes) -> str | None:
    """An office document is a ZIP with known folders and no macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if ending == ".odt":
                return _ODT if _says_odt(archive, names) else None
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        return None
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    return next(
        (
            kind
            for folder, (wanted, kind) in _OFFICE.items()
            if wanted == ending and any(n.startswith(folder) for n in names)
        ),
        None,
    )


def _says_odt(archive: zipfile.ZipFile, names: list[str]) -> bool:
    is_short = "mimetype" in names and archive.getinfo("mimetype").file_size == len(_ODT)
    return is_short and archive.read("mimetype") == _ODT.encode()


def _text(ending: str, content: bytes) -> str | None:
    """Readable text, without the marks of a page or a drawing at its beginning."""
    if b"\x00" in content:
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    start = text.lstrip().lower()
    if start.startswith(("<!doctype", "<html", "<svg", "<?xml", "<script", "#!")):
        return None
    if ending == ".vtt":
        return "text/vtt" if text.startswith("WEBVTT") else None
    return _TEXTS[ending]


_CHECKS: tuple[tuple[tuple[str, ...], Callable[[str, bytes], str | None]], ...] = (
    ((".png",), _magic(b"\x89PNG\r\n\x1a\n", kind="image/png")),
    ((".jpg", ".jpeg"), _magic(b"\xff\xd8\xff", kind="image/jpeg")),
    ((".gif",), _magic(b"GIF87a", b"GIF89a", kind="image/gif")),
    ((".webp",), _webp),
    ((".pdf",), _magic(b"%PDF-", kind="application/pdf")),
    ((".mp4",), _mp4),
    ((".mp3",), _mp3),
    ((".docx", ".xlsx", ".pptx", ".odt"), _zipped),
    ((".txt", ".csv", ".srt", ".vtt"), _text),
)
