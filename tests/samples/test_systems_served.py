"""The sample systems serve the sample's own bytes, to whom may have them, and nothing is left of them afterwards."""

import asyncio
import csv
import io
import json
import os
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import asyncssh
import httpx
import pytest
from obstore.exceptions import GenericError
from obstore.store import S3Store
from system_clients import ORDERS, RESTATED, SALES, Interface, connected, read_over_sftp, tree

from samples.systems import SYSTEMS, running


@pytest.fixture(scope="module")
def variables(world) -> Iterator[dict[str, str]]:
    with running(world.root) as names:
        yield names


def good(folder: Path) -> list[bytes]:
    """Recorded answers that are no error, in the order of their names."""
    return [body for path in sorted(folder.glob("*.json")) if json.loads(body := path.read_bytes())["code"] == 0]


def test_every_system_names_its_address_and_is_on_this_machine(variables, world) -> None:
    for system in SYSTEMS:
        address = variables[f"{system.prefix}_URL"]
        assert system.kind in ("folder", "sql") or urlsplit(address).hostname == "127.0.0.1"
    assert variables["JINGUO_JUXIAN_URL"] == str(world.root / "juxian")


def test_sftp_shows_the_folders_as_they_are(variables, world) -> None:
    async def found() -> dict[str, bytes]:
        async with connected(variables) as connection, connection.start_sftp_client() as client:
            contents = {}
            for path in await client.glob("/**/*.*"):
                async with client.open(path, "rb") as file:
                    contents[path.lstrip("/")] = await file.read()
            return contents

    assert asyncio.run(found()) == tree(world.root / "donggang")


def test_sftp_refuses_another_password_and_a_client_that_knows_another_key(variables) -> None:
    async def enter(**instead: object) -> None:
        async with connected(variables, **instead):
            pass

    with pytest.raises(asyncssh.PermissionDenied):
        asyncio.run(enter(password="jinguo"))
    with pytest.raises(asyncssh.HostKeyNotVerifiable):
        other = asyncssh.generate_private_key("ssh-ed25519").convert_to_public()
        asyncio.run(enter(known_hosts=([other], [], [])))


@pytest.mark.parametrize("change", ["write", "remove", "mkdir", "rename", "setstat", "symlink"])
def test_sftp_is_read_only(change, variables, world) -> None:
    before, first = tree(world.root / "donggang"), "/pairings/结对台账（截至2022年6月30日）.xlsx"

    async def attempt() -> None:
        async with connected(variables) as connection, connection.start_sftp_client() as client:
            match change:
                case "write":
                    await client.open(first, "wb")
                case "remove":
                    await client.remove(first)
                case "mkdir":
                    await client.mkdir("/new")
                case "rename":
                    await client.rename(first, "/pairings/x.xlsx")
                case "setstat":
                    await client.chmod(first, 0o777)
                case "symlink":
                    await client.symlink("/", "/pairings/link")

    with pytest.raises(asyncssh.SFTPPermissionDenied):
        asyncio.run(attempt())
    assert tree(world.root / "donggang") == before


def test_sftp_leads_nowhere_above_its_root(variables) -> None:
    with pytest.raises(asyncssh.SFTPNoSuchFile):
        read_over_sftp(variables, "../juxian/pairings/结对台账（截至2022年6月30日）.zip")


def test_the_interface_of_sales_gives_each_recorded_answer_but_not_the_bad_ones(variables, world) -> None:
    folder = world.root / "qinghe-sw/firm_sales"
    with Interface(variables, "JINGUO_QINGHE_SW") as bureau:
        for path in folder.glob("sales_*.json"):
            month, page = path.stem.removeprefix("sales_")[:7], int(path.stem[-1])
            answer = bureau.get(SALES, period=month, page=page)
            if month == "2024-02":
                assert answer.status_code == 404
            elif (path.parent / f"sales_{month}_again_p1.json").exists():
                assert answer.content == (path.parent / f"sales_{month}_again_p1.json").read_bytes()
            else:
                assert answer.content == path.read_bytes()
        for path in folder.glob("restated_*.json"):
            day = path.stem.removeprefix("restated_")
            assert bureau.get(RESTATED, period=f"{day[:4]}-{day[4:6]}").content == path.read_bytes()
        for wrong in ({"period": "2030-01"}, {"period": "2024-03", "page": "3"}, {"period": "2024-03", "page": "x"}):
            assert bureau.get(SALES, **wrong).json()["code"] == 40400


def test_the_interface_of_orders_leads_through_every_good_answer_by_cursor(variables, world) -> None:
    with Interface(variables, "JINGUO_CHONGQING") as city:
        bodies = [city.get(ORDERS).content]
        while after := json.loads(bodies[-1])["data"]["next"]:
            bodies.append(city.get(ORDERS, cursor=after).content)
        assert bodies == good(world.root / "chongqing/lecture_orders")
        newest = max(item["updatedAt"] for body in bodies for item in json.loads(body)["data"]["items"])
        assert city.get(ORDERS, since=newest).content == bodies[-1]
        assert city.get(ORDERS, since="2024-03-19T00:00:00").content == bodies[3]
        assert city.get(ORDERS, since="someday").status_code == city.get(ORDERS, cursor="c9").status_code == 400


@pytest.mark.parametrize("prefix", ["JINGUO_QINGHE_SW", "JINGUO_CHONGQING"])
def test_an_interface_tells_nothing_without_a_token_of_its_own(prefix, variables) -> None:
    url = variables[f"{prefix}_URL"]
    with httpx.Client(base_url=url, trust_env=False) as client:
        for path in (SALES, ORDERS):
            for header in ({}, {"Authorization": "Bearer x"}):
                answer = client.get(path, params={"period": "2024-03"}, headers=header)
                assert (answer.status_code, answer.json()["data"]) == (401, None)
        said = {"client_id": variables[f"{prefix}_ID"], "client_secret": "x"}
        assert client.post("/oauth/token", json=said).status_code == 401
        said["client_secret"] = variables[f"{prefix}_SECRET"]
        assert client.post("/oauth/token", data=said).json()["access_token"]


def test_the_store_holds_each_file_under_its_place_and_asks_for_the_key(variables, world) -> None:
    def store(key: str) -> S3Store:
        settings = {"allow_http": True, "timeout": "5 s"}
        return S3Store(
            "jilin-jy",
            endpoint=variables["JINGUO_JILIN_JY_URL"],
            access_key_id=key,
            secret_access_key=variables["JINGUO_JILIN_JY_SECRET"],
            region="us-east-1",
            client_options=settings,
        )

    ours = store(variables["JINGUO_JILIN_JY_KEY"])
    places = [one["path"] for batch in ours.list() for one in batch]
    assert {place: ours.get(place).bytes().to_bytes() for place in places} == tree(world.root / "jilin-jy")
    with pytest.raises(GenericError, match="403 Forbidden"):
        list(store("SOMEBODY").list())


def test_the_table_holds_the_newest_list_of_organisations(variables, world) -> None:
    file = variables["JINGUO_FEDERATION_URL"].removeprefix("sqlite://")
    columns = "机构代码, 机构名称, 所在区域, 层级, 上级机构代码, 行政区划代码, 报送代号, 是否功能区, 成立日期, 撤销日期"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        rows = database.execute(f"select {columns} from 妇联组织机构 order by 顺序").fetchall()
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([columns.split(", "), *rows])
    assert out.getvalue().encode() == (world.root / "federation/organisations/妇联组织机构表2024.csv").read_bytes()


def test_nothing_is_left_when_they_stop_not_even_after_a_failure(world) -> None:
    before = set(threading.enumerate())
    with pytest.raises(RuntimeError, match="in between"), running(world.root) as variables:
        ports = [urlsplit(url).port for name, url in variables.items() if name.endswith("_URL")]
        database = variables["JINGUO_FEDERATION_URL"].removeprefix("sqlite://")
        assert len(set(ports) - {None}) == 4 and os.path.exists(database)  # noqa: PTH110 -- a text
        raise RuntimeError("in between")
    assert not os.path.exists(database)  # noqa: PTH110
    for port in filter(None, ports):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=1)
    assert {one for one in set(threading.enumerate()) - before if one.name.startswith("sample")} == set()


def test_only_those_asked_for_are_started(world) -> None:
    with running(world.root, {"juxian"}) as variables:
        assert list(variables) == ["JINGUO_JUXIAN_URL"]
