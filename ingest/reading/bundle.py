"""Unpacks a .zip that carries several ledgers, with the limits that an archive from outside needs."""

import io
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass

from ingest.reading.kinds import ZIP
from ingest.reasons import Refused

MAX_BYTES = 256 << 20
MAX_MEMBERS = 2_000
MAX_UNPACKED_BYTES = 1 << 30
MAX_RATIO = 200
_RATIO_FROM_BYTES = 1 << 20
_IGNORED = ("~$", ".", "__MACOSX", "Thumbs.db", "desktop.ini")
_UNFINISHED = (".tmp", ".part", ".crdownload")
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True)
class Member:
    """One file of the archive; ``name`` is its path there, with / between folders."""

    name: str
    data: bytes


def is_bundle(data: bytes) -> bool:
    """Whether ``data`` is a zip of files; a workbook, which is a zip too, is not."""
    if not data.startswith(ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "[Content_Types].xml" not in archive.namelist()
    except zipfile.BadZipFile:
        return b"[Content_Types].xml" not in data


def unpack(data: bytes) -> list[Member]:
    """Unpack a zip in the order of its directory, without folders, lock files and half-written files.

    Names without the UTF-8 flag are GB18030, as Chinese tools write them. Raises Refused(bundle_unsafe) for paths that
    leave the archive, links, encryption, nested archives, too many members, too much content or damage.
    """
    if len(data) > MAX_BYTES:
        raise Refused("bundle_unsafe", detail=f"{len(data)} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(data), metadata_encoding="gb18030") as archive:
            members = archive.infolist()
            _check(members)
            return [_member(archive, member) for member in members if not _is_ignored(member)]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, ValueError):
        raise Refused("bundle_unsafe", detail="damaged") from None


def _check(members: list[zipfile.ZipInfo]) -> None:
    names = [_path(member) for member in members]
    if len(members) > MAX_MEMBERS or len(set(names)) != len(names):
        raise Refused("bundle_unsafe", detail="too many members, or two of one name")
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise Refused("bundle_unsafe", detail="unpacked size")
    for member, name in zip(members, names, strict=True):
        if name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
            raise Refused("bundle_unsafe", detail="a path leaves the archive")
        if stat.S_ISLNK(member.external_attr >> 16) or member.flag_bits & 1:
            raise Refused("bundle_unsafe", detail="a link or an encrypted member")
        if member.file_size > max(_RATIO_FROM_BYTES, MAX_RATIO * member.compress_size):
            raise Refused("bundle_unsafe", detail="compression ratio")


def _path(member: zipfile.ZipInfo) -> str:
    return member.filename.replace("\\", "/")


def _is_ignored(member: zipfile.ZipInfo) -> bool:
    folders = _path(member).split("/")
    return member.is_dir() or any(one.startswith(_IGNORED) for one in folders) or folders[-1].endswith(_UNFINISHED)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Member:
    content = archive.read(member)
    if is_bundle(content):
        raise Refused("bundle_unsafe", detail="an archive within the archive")
    return Member(_path(member), content)
