"""Specs: what a TOML may state, and that every wrong one names its file and key."""

import pytest

from ingest.contracts import CONTRACTS
from ingest.spec import Spec, SpecBook, SpecInvalid, read_spec

WRONG = [
    ('[columns]\nbirthday = "生日"', "birthday"),
    ('fill_down = ["town"]', "town"),
    ('[codes.volunteer_level]\ngalaxy = ["银河"]', "galaxy"),
    ('[codes.paired_on]\ncity = ["市"]', "paired_on"),
    ('[codes.volunteer_level]\ncity = ["市里"]\ncounty = ["市里"]', "市里"),
    ('[columns]\nchild_name = "姓名"\nvolunteer_name = " 姓名"', "姓名"),
    ("steps = []", "steps"),
    ("columns = 3", "columns"),
    ("sheet = 3", "sheet"),
    ('[columns]\npaired_on = { header = "结对", order = "ydm" }', "paired_on"),
    ('[columns]\npaired_on = { header = "结对", unit = "万元" }', "paired_on"),
    ('[columns]\nchild_name = { header = "姓名", order = "dmy" }', "child_name"),
    ('[columns]\nchild_name = { headers = "姓名" }', "headers"),
    ('[columns]\nchild_name = ""', "child_name"),
    ('[columns]\nrole = { value = "主", header = "角色" }', "role"),
    ('[columns]\ntownship = { from = "sheet", header = "镇" }', "township"),
    ('[columns]\ntownship = { from = "nowhere" }', "township"),
    ("[columns", "table declaration"),
    ('shape = "circle"', "shape"),
    ('shape = "matrix"', "spread"),
    ('spread = "role"', "spread"),
    ('shape = "form"\nspread = "role"', "spread"),
    ('shape = "matrix"\nspread = "paired_on"', "paired_on"),
    ('shape = "matrix"\nspread = "nothing"', "nothing"),
    ('shape = "matrix"\nspread = "role"\n[columns]\nrole = "角色"', "columns.role"),
    ('shape = "form"\nfill_down = ["township"]', "fill_down"),
    ('[columns]\npaired_on = { header = "结对", unit_from = "单位" }', "paired_on"),
    ('[columns]\nchild_name = { header = "姓名", unit = "元", unit_from = "单位" }', "unit"),
]


@pytest.mark.parametrize(("text", "key"), WRONG)
def test_a_wrong_toml_names_file_and_key(tmp_path, text, key):
    path = tmp_path / "pairings.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecInvalid) as caught:
        read_spec(path, "pairings")
    assert str(path) in str(caught.value)
    assert key in str(caught.value)


def test_a_toml_in_another_encoding_is_named(tmp_path):
    path = tmp_path / "pairings.toml"
    path.write_bytes('sheet = "台账"'.encode("gb18030"))
    with pytest.raises(SpecInvalid, match=r"pairings\.toml"):
        read_spec(path, "pairings")


def written(folder, name, text):
    path = folder / "xa" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_book_knows_senders_and_plain_ones(tmp_path):
    written(tmp_path, "pairings.toml", 'sheet = "台账*"\n[columns]\nchild_name = ["孩子", "娃"]\n')
    written(tmp_path, "system.toml", "anything = 1")
    book = SpecBook(tmp_path)
    assert book.get("xa", "pairings").column("child_name").header == ("孩子", "娃")
    assert book.get("xa", "pairings").sheet == ("台账*",)
    assert book.get("xb", "pairings") == Spec()
    assert book.get("xa", "pairings").version != Spec().version


def test_a_dataset_that_nobody_knows_is_not_passed_over(tmp_path):
    written(tmp_path, "pairing.toml", "")
    with pytest.raises(SpecInvalid, match="pairing"):
        SpecBook(tmp_path)


def test_the_version_follows_what_is_stated():
    one, same, other = (Spec(columns={"child_name": text}) for text in ("孩子", "孩子", "娃"))
    assert one.version == same.version != other.version


def test_a_senders_word_for_one_code_stands_for_no_other():
    column = CONTRACTS["trainings"].written["attendance"]
    codes = Spec(codes={"attendance": {"absent": ("×",)}}).words(column)
    assert "×" in codes["absent"]
    assert "×" not in codes["on_leave"]


def test_every_shipped_spec_is_valid():
    assert SpecBook().get("nobody", "pairings").version == Spec().version
