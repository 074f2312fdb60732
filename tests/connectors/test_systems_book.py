"""Every system.toml is checked when it is loaded: file and key are told, and never what stands there."""

import re
from pathlib import Path

import pytest

from ingest.connectors.folder import FolderConnector
from ingest.connectors.protocol import Budget, PullFailed
from ingest.connectors.secrets import NotConnected
from ingest.spec import SENDERS, SpecInvalid
from ingest.systems import SystemBook, read_system

FOLDER = 'kind = "folder"\nroot = "/mnt/share"\n[datasets.pairings]\n'
HTTP = """
kind = "http"
url = "https://county.example/gate"
[token]
path = "/token"
client_id = "env:A"
client_secret = "env:B"
[[datasets.firm_sales.listings]]
name = "sales"
path = "/sales"
params = { month = "{period}" }
records = "data.list"
each = { period = "month", from = "2022-10" }
paging = { by = "page", total = "data.total" }
"""


def written(folder: Path, text: str, sender: str = "juxian") -> Path:
    path = folder / sender / "system.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_the_senders_own_systems_are_valid() -> None:
    book = SystemBook()
    assert set(book.senders()) <= {path.name for path in SENDERS.iterdir()}
    for sender in book.senders():
        assert book.get(sender).datasets


def test_a_sender_without_a_system_is_not_in_the_book(tmp_path: Path) -> None:
    (tmp_path / "donggang").mkdir()
    (tmp_path / "donggang" / "pairings.toml").write_text("")
    written(tmp_path, FOLDER)
    book = SystemBook(tmp_path)
    assert book.senders() == ["juxian"]
    with pytest.raises(KeyError):
        book.get("donggang")


def test_a_system_opens_as_its_kind_or_says_why_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, FOLDER)
    written(tmp_path, HTTP.replace("https://county.example/gate", "env:AN_URL"), "qinghe-sw")
    book = SystemBook(tmp_path)
    system = book.get("juxian")
    assert isinstance(book.open("juxian", Budget(system.limits)), FolderConnector)
    monkeypatch.delenv("AN_URL", raising=False)
    with pytest.raises(NotConnected):
        book.open("qinghe-sw", Budget(system.limits))
    monkeypatch.setenv("AN_URL", "http://evil.example")
    with pytest.raises(PullFailed, match="address_unsafe"):
        book.open("qinghe-sw", Budget(system.limits))


SECRET = "hunter2-do-not-tell"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("kind = ", "no readable TOML (at end of document)"),
        ('kind = "folder\n', "no readable TOML (at line 1, column 15)"),
        ('kind = "ftp"\n', "kind"),
        ("", "kind"),
        ('kind = "folder"\nroot = "/mnt"\n', "datasets"),
        ('kind = "folder"\nroot = "/mnt"\n[datasets]\n', "datasets"),
        (FOLDER.replace("/mnt/share", "share"), "root"),
        (FOLDER.replace("pairings", "pairing"), "datasets: 'pairing' is no dataset"),
        (FOLDER + 'path = "../other"\n', "datasets.pairings.path"),
        (FOLDER + 'path = "/etc"\n', "datasets.pairings.path"),
        (FOLDER + 'pattern = "*.csv"\n', "datasets.pairings.pattern"),
        (FOLDER + "[limits]\nminutes = 3\n", "limits.minutes"),
        (FOLDER + "[limits]\nseconds = 0\n", "limits.seconds"),
        (HTTP.replace("env:B", SECRET), "token.client_secret"),
        (HTTP.replace("https://", f"https://me:{SECRET}@"), "url"),
        (HTTP.replace("/gate", f"/gate?key={SECRET}"), "url"),
        (HTTP.replace("https://", "http://"), "url"),
        (HTTP.replace("https://county.example/gate", "http://127.0.0.1.evil.example"), "url"),
        (HTTP.replace("https://county.example/gate", "file:///etc/passwd"), "url"),
        (HTTP.replace("/sales", "//evil.example/?x"), "datasets.firm_sales.listings.0.path"),
        (HTTP.replace("{period}", "all"), "datasets.firm_sales.listings.0"),
        (HTTP.replace('total = "data.total"', "first = 1"), "datasets.firm_sales.listings.0.paging"),
        (HTTP.replace('by = "page"', 'by = "luck"'), "datasets.firm_sales.listings.0.paging"),
        (HTTP.replace("2022-10", "2022-13"), "datasets.firm_sales.listings.0.each.from"),
        (HTTP + f'headers = {{ X-Key = "{SECRET}" }}\n', "datasets.firm_sales.listings.0.headers"),
        (HTTP.replace("[token]", f'headers = {{ X-Key = "{SECRET}" }}\n[token]'), "headers.X-Key"),
        (HTTP + HTTP[HTTP.index("[[") :], "datasets.firm_sales: Value error, two listings have one name"),
    ],
)
def test_what_is_wrong_is_told_by_file_and_key_and_never_by_value(text: str, key: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SpecInvalid) as told:
        SystemBook(tmp_path)
    assert f"{path}: " in str(told.value)
    assert re.search(rf"{re.escape(str(path))}: (.*; )?{re.escape(key)}", str(told.value)), told.value
    assert SECRET not in str(told.value) and told.value.__cause__ is None


@pytest.mark.parametrize("url", ["https://c.example", "http://127.0.0.1:8080", "http://[::1]:80", "http://localhost"])
def test_https_is_needed_except_to_this_machine(url: str, tmp_path: Path) -> None:
    assert read_system(written(tmp_path, HTTP.replace("https://county.example/gate", url))).url == url


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "")
    path.write_bytes("kind = '共享'".encode("gb18030"))
    with pytest.raises(SpecInvalid, match="no readable TOML"):
        read_system(path)
