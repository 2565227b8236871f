"""Small files of every kind that may be attached, and ways to pretend."""

from __future__ import annotations

import io
import zipfile


def office(*names: str) -> bytes:
    """A zip file with these entries, as Word and Excel write them."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "<x/>")
    return kept.getvalue()


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01"
JPEG = b"\xff\xd8\xff\xe1\x00\x18Exif\0\0MM\0*"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
GOOD = {
    "收入证明.pdf": (PDF, "application/pdf"),
    "照片.JPG": (JPEG, "image/jpeg"),
    "photo.jpeg": (JPEG, "image/jpeg"),
    "scan.png": (PNG, "image/png"),
    "IMG_0001.HEIC": (HEIC, "image/heic"),
    "申请书.docx": (
        office("word/document.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "名单.xlsx": (
        office("xl/workbook.xml"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "说明.txt": ("入户走访记录\n第一行".encode(), "text/plain"),
    "旧说明.txt": ("入户走访记录".encode("gb18030"), "text/plain"),
}
PRETENDING = {
    "a web page as text": ("note.txt", b"<html><script>alert(1)</script></html>"),
    "a web page behind white space": ("note.txt", b"\n\n  <svg onload=alert(1)>"),
    "a web page as a picture": ("photo.jpg", b"<html></html>"),
    "a program as a letter": ("letter.pdf", b"MZ\x90\0\x03"),
    "a picture as a letter": ("letter.pdf", PNG),
    "an archive as a letter": ("letter.docx", office("payload.exe")),
    "a table as a letter": ("letter.docx", office("xl/workbook.xml")),
    "a letter with macros": ("letter.docx", office("word/document.xml", "word/vbaProject.bin")),
    "half an archive": ("letter.docx", office("word/document.xml")[:40]),
    "bytes as text": ("note.txt", bytes(range(256))),
    "a script as text": ("note.txt", b"#!/bin/sh\nrm -rf /"),
    "a film as a picture": ("photo.heic", b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp41"),
}
UNWANTED = ("page.html", "drawing.svg", "run.exe", "archive.zip", "letter.doc", "noending", "pdf", ".pdf")


def too_many_entries() -> bytes:
    """An archive whose table of contents is far larger than any letter's."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for number in range(9_000):
            archive.writestr(f"{'n' * 100}{number}", "")
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("word/document.xml", "")
    return kept.getvalue()
