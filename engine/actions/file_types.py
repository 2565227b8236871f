"""Which files may be attached, told by their content and not by what their name claims.

Nothing is unpacked or interpreted here: of an Office file only the table of contents is read, and
that within a bound. Names are cleaned of whatever could mislead a person or a file system.
"""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
from collections.abc import Mapping

import puremagic

from engine.errors import FieldError, InputError

_OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "heic": "image/heic",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "txt": "text/plain",
}
"""The endings that may be attached and what must be in the file."""
_SHOWN = "pdf, jpg, png, heic, docx, xlsx, txt"
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1"}
_DIRECTORY_BYTES = 1_000_000  # a table of contents larger than this is no letter and no list
LONGEST_NAME = 120
_MISLEADING = ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")  # control, bidi and other invisible characters
_NO_NAME = str.maketrans('<>:"|?*', "_" * 7)  # file systems of the people who download it refuse these


class FileRefusedError(InputError):
    """This file cannot be attached."""

    code = "file-refused"
    default_zh = "此文件不能作为附件上传。"


def refused(code: str, zh: str, en: str) -> FileRefusedError:
    """A refusal of the uploaded file, with its reason in both languages."""
    return FileRefusedError(en, zh, [FieldError(pointer="/file", zh=zh, en=en, code=code)])


def clean_name(name: str) -> str:
    """The last part of a file's name without paths, control, bidi and reserved characters; maybe empty."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(
        c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c) not in _MISLEADING
    )
    stem, dot, ending = seen.translate(_NO_NAME).strip(" .").rpartition(".")
    if not dot:
        return ending[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip(' .')}.{ending}"


def check_type(name: str, content: bytes) -> str:
    """The media type of a file whose cleaned name and content agree. Raises FileRefusedError."""
    ending = name.rpartition(".")[2].lower()
    claimed = TYPES.get(ending) if "." in name else None
    if claimed is None:
        raise refused(
            "file-type",
            f"“{name}”不是可上传的文件类型；可上传：{_SHOWN}。",
            f'"{name}" is of a type that cannot be attached; these can: {_SHOWN}.',
        )
    found = type_of(content)
    if found == claimed:
        return claimed
    guess = _guess(content) if found is None else found
    what, zh_what = (f"is {guess}", f"是 {guess}") if guess else ("is something else", "是其他类型")
    raise refused(
        "file-mismatch",
        f"“{name}”的内容{zh_what}，与文件名不符；请以正确的类型另存后再上传（可上传：{_SHOWN}）。",
        f'"{name}" does not hold what its name says: the content {what}. '
        f"Save it as one of these and upload it again: {_SHOWN}.",
    )


def type_of(content: bytes) -> str | None:
    """The allowed media type that the content has, or None."""
    if content.startswith(b"%PDF-"):
        return TYPES["pdf"]
    if content.startswith(b"\xff\xd8\xff"):
        return TYPES["jpg"]
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return TYPES["png"]
    if content[4:8] == b"ftyp":
        return TYPES["heic"] if content[8:12] in _HEIC else None
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    return TYPES["txt"] if _is_text(content) else None


def _office_type(content: bytes) -> str | None:
    """Told by the table of contents; macros are refused, and nothing is unpacked."""
    end = content.rfind(b"PK\x05\x06", -65_557)
    if end < 0 or len(content) - end < 22:
        return None
    (size,) = struct.unpack_from("<I", content, end + 12)
    if size > _DIRECTORY_BYTES:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return None
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    if "word/document.xml" in names:
        return TYPES["docx"]
    return TYPES["xlsx"] if "xl/workbook.xml" in names else None


def _is_text(content: bytes) -> bool:
    """Plain text in UTF-8 or GB 18030: no control characters, no markup, no script, no other known file."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        start = text.lstrip()[:2]
        if start[:1] == "<" or start in ("#!", "{\\"):
            return False
        return not any(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f" for c in text)
    return False


def _guess(content: bytes) -> str:
    """What the file seems to be, for the refusal's sentence; empty if nobody can tell."""
    try:
        found = puremagic.magic_string(content[:100_000])
    except (puremagic.PureError, ValueError):
        return ""
    return next((match.mime_type for match in found if match.mime_type not in TYPES.values()), "") or ""
