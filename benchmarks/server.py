"""The product behind two gunicorn workers on 127.0.0.1, in a folder of its own, and visitors."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parent.parent
HOST = "127.0.0.1"
WORKERS = 2
CONNECTIONS = 16
SECONDS = 4
#: At most so many requests of the client that stands in for wrk.
MOST = 4_000
#: The patient of the ibd-colitis figures, as the page's form sends it.
FIELDS = {
    "age": "44",
    "age_unit": "years",
    "sex": "female",
    "weight_kg": "66",
    "weight_kg_unit": "kg",
    "height_cm_unit": "cm",
    "dialysis": "none",
    "kidney_input": "creatinine",
    "serum_creatinine": "84",
    "serum_creatinine_unit": "umol/L",
    "regimen": "ibd-colitis",
    "venous_access": "central",
    "anc": "0.9",
    "anc_unit": "10^9/L",
    "platelets": "140",
    "platelets_unit": "10^9/L",
    "haemoglobin": "101",
    "haemoglobin_unit": "g/L",
    "no_weekend_draws": "yes",
}
LUA = """
wrk.method, wrk.body = {method}, {body}
{headers}
function done(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.timeout
  io.write(string.format('\\nFIGURES [%d, %d, %d, %d]\\n', summary.requests, summary.duration,
    failed, latency:percentile(99)))
end
"""


@dataclass(frozen=True)
class Ask:
    """One kind of request."""

    path: str
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def method(self) -> str:
        return "POST" if self.body else "GET"


@dataclass(frozen=True)
class Load:
    """What a load test saw: requests a second, and the 99th percentile in ms."""

    rate: float
    p99: float


@contextmanager
def served() -> Iterator[int]:
    """The port of a running server, its database and static files made anew."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {key: text for key, text in os.environ.items() if key != "DATABASE_URL"}
        environment |= {
            "DJANGO_SETTINGS_MODULE": "benchmarks.web_settings",
            "BENCHMARK_FOLDER": folder,
        }
        for command in (["migrate"], ["load_shipped_content"], ["collectstatic", "--no-input"]):
            subprocess.run(
                [sys.executable, "manage.py", *command, "--verbosity", "0"],
                cwd=ROOT,
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        with socket.socket() as free:
            free.bind((HOST, 0))
            port = free.getsockname()[1]
        command = ["gunicorn", "--bind", f"{HOST}:{port}", "--workers", str(WORKERS)]
        server = subprocess.Popen(
            [sys.executable, "-m", *command, "--log-level", "error", "config.wsgi"],
            cwd=ROOT,
            env=environment,
        )
        try:
            _wait(port)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def answer(port: int, ask: Ask) -> tuple[http.client.HTTPResponse, bytes]:
    """One request and its whole answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    connection.request(ask.method, ask.path, ask.body or None, ask.headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def form(port: int, path: str, **headers: str) -> Ask:
    """The patient posted as the page would, with the token the page gave."""
    response, body = answer(port, Ask("/"))
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', body)
    assert token
    cookie = (response.headers["Set-Cookie"] or "").partition(";")[0]
    fields = {**FIELDS, "csrfmiddlewaretoken": token[1].decode()}
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    return Ask(path, urlencode(fields), kind | headers)


def load(port: int, ask: Ask) -> Load:
    """Sixteen connections for a few seconds; every answer must be a good one."""
    response, _ = answer(port, ask)
    if response.status != 200:
        raise SystemExit(f"{ask.path} answers {response.status}")
    return _wrk(port, ask) if shutil.which("wrk") else _threads(port, ask)


def _wrk(port: int, ask: Ask) -> Load:
    headers = "\n".join(
        f"wrk.headers[{json.dumps(name)}] = {json.dumps(text)}"
        for name, text in ask.headers.items()
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        method, body = json.dumps(ask.method), json.dumps(ask.body)
        script.write(LUA.format(method=method, body=body, headers=headers))
        script.flush()
        client = ("wrk", "-t2", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s")
        run = subprocess.run(
            [*client, script.name, f"http://{HOST}:{port}{ask.path}"],
            capture_output=True,
            text=True,
            check=True,
            timeout=SECONDS + 60,
        )
    figures = re.search(r"FIGURES (\[.*\])", run.stdout)
    assert figures, run.stdout
    requests, microseconds, failed, p99 = json.loads(figures[1])
    if failed:
        raise SystemExit(f"{failed} of {requests} answers of {ask.path} failed")
    return Load(requests / (microseconds / 1e6), p99 / 1000)


def _threads(port: int, ask: Ask) -> Load:
    """Without wrk: as many threads, slower than wrk by the same share for every page."""
    times: list[float] = []
    end = time.perf_counter() + SECONDS

    def visit() -> None:
        while time.perf_counter() < end and len(times) < MOST:
            begin = time.perf_counter()
            response, _ = answer(port, ask)
            if response.status != 200:
                raise SystemExit(f"{ask.path} answers {response.status}")
            times.append(time.perf_counter() - begin)

    begin = time.perf_counter()
    threads = [threading.Thread(target=visit) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = len(times) / (time.perf_counter() - begin)
    return Load(rate, statistics.quantiles(times, n=100)[98] * 1000)
