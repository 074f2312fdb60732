"""A release out of a copy of the one before: what was not touched is not read again, everything else is."""

import shutil
from pathlib import Path

import pytest
import tiny

from warehouse import audit, candidate, publish, releases
from warehouse.layout import CORE, MARTS

COVERAGE, STATUS, CORE_FACT = "marts.pairing_coverage", "marts.delivery_status", "core.fct_pairings"


@pytest.fixture
def served(tmp_path: Path) -> releases.Release:
    """A published release."""
    return tiny.publish_new(tmp_path, "first", 1)


def _copied(home: Path, served: releases.Release, *statements: str, database: str = MARTS.file) -> Path:
    """A candidate of the served release's own files, changed by ``statements``."""
    build = candidate.create(home / "build", "second")
    for one in (MARTS, CORE):
        shutil.copyfile(served.path / one.file, build / one.file)
    tiny.change(build, *statements, database=database)
    return build


def _audited(home: Path, build: Path, *untouched: str) -> audit.AuditReport:
    return audit.audit(build, tiny.dbt_manifest(home), home / "current", untouched=untouched)


def test_a_touched_table_is_read(tmp_path: Path, served: releases.Release) -> None:
    build = _copied(tmp_path, served, f"delete from {COVERAGE} where rowid = 0")
    report = _audited(tmp_path, build, STATUS, CORE_FACT)
    assert report.rows[COVERAGE] == served.tables[COVERAGE]["rows"] - 1
    assert report.hashes[COVERAGE] != served.tables[COVERAGE]["hash"]
    assert report == _audited(tmp_path, build), "reading everything finds the same"


def test_a_person_in_a_touched_table_is_found(tmp_path: Path, served: releases.Release) -> None:
    build = _copied(tmp_path, served, f"update {COVERAGE} set place_name = '13900000000'")
    with pytest.raises(audit.AuditFailed, match="phone_number"):
        _audited(tmp_path, build, STATUS, CORE_FACT)


def test_negative_control_the_same_change_in_an_untouched_table_is_not_looked_for(
    tmp_path: Path, served: releases.Release
) -> None:
    build = _copied(tmp_path, served, f"update {COVERAGE} set place_name = '13900000000'")
    assert _audited(tmp_path, build, COVERAGE).hashes[COVERAGE] == served.tables[COVERAGE]["hash"]


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        (f"comment on table {COVERAGE} is null", "no_comment"),
        (f"drop table {COVERAGE}", "missing"),
        ("create table marts.stray as select 1 as marker", "not_a_model"),
        (f"alter table {COVERAGE} rename place_name to contact_phone", "personal_column"),
    ],
)
def test_which_tables_there_are_and_how_they_are_described_is_always_checked(
    tmp_path: Path, served: releases.Release, statement: str, rule: str
) -> None:
    with pytest.raises(audit.AuditFailed, match=rule):
        _audited(tmp_path, _copied(tmp_path, served, statement), COVERAGE, STATUS, CORE_FACT)


def test_what_no_release_has_is_read_whatever_is_said_of_it(tmp_path: Path) -> None:
    build = tiny.build(tmp_path, "first")
    assert _audited(tmp_path, build, COVERAGE).rows[COVERAGE] == 3


def test_an_unchanged_twin_is_the_same_file_and_a_changed_one_another(tmp_path: Path, served: releases.Release) -> None:
    build = _copied(tmp_path, served, f"delete from {COVERAGE} where rowid = 0")
    _audited(tmp_path, build, STATUS, CORE_FACT)
    second = tiny.publish_audited(tmp_path, build)
    twins = [(one.path / "parquet" / "delivery_status.parquet").stat().st_ino for one in (served, second)]
    assert twins[0] == twins[1]
    others = [(one.path / "parquet" / "pairing_coverage.parquet").stat().st_ino for one in (served, second)]
    assert others[0] != others[1]
    assert releases.show(tmp_path / "releases", "second").files == second.files
    releases.prune(tmp_path / "releases", tmp_path / "current", keep=1)
    shutil.rmtree(served.path)
    assert releases.show(tmp_path / "releases", "second").run == "second"


def test_a_twin_that_somebody_changed_is_written_anew(tmp_path: Path, served: releases.Release) -> None:
    twin = served.path / "parquet" / "delivery_status.parquet"
    content = bytearray(twin.read_bytes())
    content[len(content) // 2] ^= 1
    twin.chmod(0o600)
    twin.write_bytes(content)
    build = _copied(tmp_path, served, f"delete from {COVERAGE} where rowid = 0")
    _audited(tmp_path, build, STATUS, CORE_FACT)
    second = publish.publish(build, tmp_path / "releases", tmp_path / "current", "second", {})
    assert (second.path / "parquet" / twin.name).stat().st_ino != twin.stat().st_ino
    assert releases.show(tmp_path / "releases", "second").run == "second"
