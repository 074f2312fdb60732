"""The units really started, on free ports, and nginx before them: one set for all tests of a run."""

import os
import ssl
import subprocess
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.operators import units
from tests.operators.installation import Installation
from tests.servers.process import HOST, free_port, installed, listens, own_folder, served

OPERATORS, VIEWERS, DELIVERIES = (f"{name}.jinguo.example" for name in ("operators", "viewers", "deliveries"))
USER, WORD = "wang", "not-a-secret-1"


@dataclass(frozen=True)
class Served:
    """What runs: nginx on ``port`` and, behind it, both web servers on ``operators`` and ``viewers`` (ports)."""

    folder: Path
    port: int
    operators: int
    viewers: int
    receiver: int

    def client(self, name: str, user: str = USER, word: str = WORD) -> httpx.Client:
        """A client of one of the names behind the proxy, with a login unless ``user`` is empty."""
        context = ssl.create_default_context(cafile=str(self.folder / "tls" / "fullchain.pem"))
        context.check_hostname = False
        headers = {"Host": f"{name}:{self.port}"}
        login = (user, word) if user else None
        return httpx.Client(base_url=f"https://{HOST}:{self.port}", headers=headers, auth=login, verify=context)


@contextmanager
def running(installation: Installation) -> Generator[Served]:
    """Start code server, both web servers, and nginx, each as its file under deploy/ says."""
    with own_folder() as folder, ExitStack() as stack:
        folder.chmod(0o755)
        ports = {name: free_port() for name in ("443", "3070", "3071", "8610")}
        places = {"/run/jinguo": str(folder), "127.0.0.1:3070": f"{HOST}:{ports['3070']}", "3070": str(ports["3070"])}
        places |= {"3071": str(ports["3071"]), "8610": str(ports["8610"])}
        workspace = installation.tree / "deploy" / "workspace.yaml"
        workspace.parent.mkdir(exist_ok=True)
        workspace.write_text(units.here((units.DEPLOY / "workspace.yaml").read_text("utf-8"), installation, **places))
        _receiver_settings(installation, folder)
        for name, until in (
            ("jinguo-code", (folder / "code.sock").exists),
            ("jinguo-webserver", lambda: listens(ports["3070"])),
            ("jinguo-viewer", lambda: listens(ports["3071"])),
            ("jinguo-receiver", lambda: listens(ports["8610"])),
        ):
            stack.enter_context(_started(name, installation, until, folder, places))
        stack.enter_context(_nginx(folder, ports))
        yield Served(folder, ports["443"], ports["3070"], ports["3071"], ports["8610"])


@contextmanager
def _started(
    name: str, installation: Installation, until: Callable[[], bool], folder: Path, places: dict[str, str]
) -> Generator[None]:
    command = units.command(units.read(units.UNITS / f"{name}.service"), installation, **places)
    environment = units.environment(installation, **places)
    with served(command, until=until, said=folder / f"{name}.txt", environment=environment):
        yield


def _receiver_settings(installation: Installation, folder: Path) -> None:
    secret = folder / "secret"
    secret.write_text("s" * 40, "utf-8")
    secret.chmod(0o600)
    told = f'[senders.990001]\nsecret = "file:{secret}"\n'
    (installation.home.root / "receiver.toml").write_text(told, "utf-8")


@contextmanager
def _nginx(folder: Path, ports: dict[str, int]) -> Generator[None]:
    program, etc = installed("/usr/sbin/nginx"), folder / "etc"
    etc.mkdir()
    (folder / "tls").mkdir()
    _certificate(folder / "tls")
    hashed = subprocess.run(["openssl", "passwd", "-6", WORD], capture_output=True, text=True, check=True).stdout
    for name in ("operators", "viewers"):
        (etc / f"{name}.htpasswd").write_text(f"{USER}:{hashed}", "utf-8")
    for name in ("nginx.conf", "nginx-dagster.conf", "nginx-tls.conf"):
        text = (units.DEPLOY / name).read_text("utf-8").replace("/etc/jinguo/tls", str(folder / "tls"))
        text = text.replace("/etc/jinguo", str(etc)).replace("listen 443", f"listen {HOST}:{ports['443']}")
        for port in ("3070", "3071", "8610"):
            text = text.replace(f"127.0.0.1:{port}", f"{HOST}:{ports[port]}")
        (etc / name).write_text(text, "utf-8")
    kept = "".join(
        f"{what}_temp_path {folder}/{what};\n" for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    (etc / "main.conf").write_text(
        f"{user}daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{kept}include {etc}/nginx.conf;\n}}\n",
        "utf-8",
    )
    command = [program, "-p", str(folder), "-c", str(etc / "main.conf")]
    with served(command, until=lambda: listens(ports["443"]), said=folder / "nginx.txt"):
        yield


def _certificate(folder: Path) -> None:
    names = ",".join(f"DNS:{name}" for name in (OPERATORS, VIEWERS, DELIVERIES))
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    made += ["-subj", f"/CN={OPERATORS}", "-addext", f"subjectAltName={names}"]
    made += ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(made, check=True, capture_output=True)
