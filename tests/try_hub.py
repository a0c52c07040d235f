"""Try the course on a JupyterHub: `uv run python tests/try_hub.py --learners 2`.

Starts a real JupyterHub on this machine, reachable from it alone, with passwords that are none and
a server of its own for each learner. All of them come at once: each logs in through the hub's API,
gets a server, opens notebook 02 in a kernel and runs it from top to bottom. What is printed:
seconds until a learner's server is ready, seconds until the notebook is through, memory and
processor time of server and kernel, and what failed. Then what a class of 30 needs, worked out from
it.

JupyterHub comes from PyPI and its proxy from npm (so Node.js must be there), both into a folder
that is gone afterwards; `--keep FOLDER` keeps it for the next time. More learners than the memory
holds are refused. The exit status is 1 if anything failed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
import venv
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import websocket

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = "02_lstm_model.ipynb"
MB = 10**6
#: What a learner takes at most, as far as is known beforehand. The trial finds out.
EXPECTED = 1000 * MB
#: Seconds.
TO_START, TO_RUN = 1200, 3600
#: What the hub, its proxy and the system of a machine take, and what is kept free of the rest.
OVERHEAD, RESERVE = 1500 * MB, 0.2

CONFIG = """\
c = get_config()
# What the course asks of any hub: so this file is tried as well.
load_subconfig("{shipped}")
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub_port}"
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/cookie_secret"
# Started before the hub, which would wait for it for ten seconds and no longer.
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.auth_token = "{token}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
# For this trial alone: anybody is let in, and servers are processes of whoever started the hub.
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/homes/{{username}}"
c.Spawner.cmd = ["{python}", "-m", "jupyterhub.singleuser"]
c.Spawner.args = [*c.Spawner.args, "--allow-root"]
c.Spawner.start_timeout = c.Spawner.http_timeout = {to_start}
c.Spawner.environment = {environment}
c.JupyterHub.services = [{{"name": "trial", "api_token": "{token}"}}]
c.JupyterHub.load_roles = [
    {{
        "name": "trial",
        "scopes": ["admin:users", "admin:servers", "tokens", "access:servers"],
        "services": ["trial"],
    }}
]
"""


@dataclass
class Learner:
    """What a learner met with. Bytes; the peak is of server and kernel together."""

    name: str
    ready: float = float("nan")
    done: float = float("nan")
    server: int = 0
    kernel: int = 0
    peak: int = 0
    resident: int = 0
    processor: float = 0.0
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Hub:
    """A server that runs: its address, what opens it, its process and the folder of its files."""

    url: str
    token: str
    process: subprocess.Popen
    folder: Path

    def ask(self, path: str, method: str = "GET", body: Any = None, token: str = "") -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {token or self.token}"}
        request = urllib.request.Request(f"{self.url}{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=TO_START) as answer:
            return json.loads(answer.read() or "null")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--learners", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="where JupyterHub is, or is to be, installed")
    parser.add_argument("--class-size", type=int, default=30)
    options = parser.parse_args(arguments)
    free = psutil.virtual_memory().available
    if options.learners * EXPECTED + OVERHEAD > free:
        most = max(0, int((free - OVERHEAD) // EXPECTED))
        print(f"{free / 1e9:.1f} GB are free: enough for {most} learners", file=sys.stderr)
        return 1
    with contextlib.ExitStack() as stack:
        tools = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        python, proxy = installed(tools.resolve())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        hub, front = stack.enter_context(running_hub(folder, python, proxy))
        learners = all_at_once(hub, options.learners)
        hub_memory = memory_of([hub.process.pid, front.pid])
    print("\n".join(report(learners, hub_memory, options.class_size)))
    return int(any(learner.failures for learner in learners))


# Setting up --------------------------------------------------------------------------------------


def installed(tools: Path) -> tuple[Path, Path]:
    """Install JupyterHub and its proxy into `tools` unless they are there: (Python, proxy).

    The Python borrows the packages of the one that runs this, so that what is measured is the
    course with its pins.
    """
    scripts = Path(sysconfig.get_path("scripts", "venv", {"base": str(tools / "venv")}))
    python, proxy = scripts / "python", tools / "node_modules/.bin/configurable-http-proxy"
    if not python.exists():
        print("installing JupyterHub ...", flush=True)
        venv.create(tools / "venv")
        base = {"base": str(tools / "venv"), "platbase": str(tools / "venv")}
        lent = Path(sysconfig.get_path("purelib", "venv", base)) / "lent.pth"
        lent.write_text(f"{sysconfig.get_path('purelib')}\n{ROOT}\n", "utf-8")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "jupyterhub"], check=True)
    if not proxy.exists():
        print("installing its proxy ...", flush=True)
        npm = shutil.which("npm")
        if npm is None:
            sys.exit("the hub's proxy needs Node.js and npm, which are not here")
        command = [npm, "install", "--silent", "--prefix", tools, "configurable-http-proxy"]
        subprocess.run(command, check=True)
    return python, proxy


@contextlib.contextmanager
def running_hub(folder: Path, python: Path, proxy: Path) -> Iterator[tuple[Hub, subprocess.Popen]]:
    """A hub, whose files are all in `folder`, and its proxy. Both end with the block."""
    port, hub_port, api_port = free_ports(3)
    token, prefix = secrets.token_hex(16), Path(sys.prefix)
    # The borrowed JupyterLab finds its pages and settings where it was installed.
    environment = {
        "JUPYTERLAB_DIR": str(prefix / "share/jupyter/lab"),
        "JUPYTER_PATH": str(prefix / "share/jupyter"),
        "JUPYTER_CONFIG_PATH": str(prefix / "etc/jupyter"),
        "COURSE_PROGRESS": "0",
    }
    text = CONFIG.format(
        port=port, hub_port=hub_port, api_port=api_port, folder=folder, python=python,
        token=token, environment=environment, to_start=TO_START,
        shipped=ROOT / "docs/hub/jupyterhub_config.py",
    )  # fmt: skip
    config = folder / "jupyterhub_config.py"
    config.write_text(text, "utf-8")
    log = folder / "log.txt"
    # The kernels go through the environment of the hub: no switch of this shell may reach them.
    own = {k: v for k, v in os.environ.items() if not k.startswith(("COURSE_", "PYTEST_"))}
    hub_command = [python, "-m", "jupyterhub", "--config", config]
    proxy_command = [proxy, "--ip=127.0.0.1", f"--port={port}", "--api-ip=127.0.0.1"]
    proxy_command += [f"--api-port={api_port}", f"--default-target=http://127.0.0.1:{hub_port}"]
    own["CONFIGPROXY_AUTH_TOKEN"] = token
    started = []
    with log.open("wb") as written:
        for command in (proxy_command, hub_command):
            started.append(
                subprocess.Popen(
                    command,
                    cwd=folder,
                    env=own,
                    stdout=written,
                    stderr=written,
                    start_new_session=True,
                )
            )
            if command is proxy_command:
                wait_for_port(api_port, started[0])
    front, process = started
    hub = Hub(f"http://127.0.0.1:{port}", token, process, folder)
    try:
        wait_for(hub, log)
        yield hub, front
    finally:
        process.send_signal(signal.SIGINT)  # upon which it ends its servers
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(60)
        for left in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if left.environ().get("JUPYTERHUB_API_URL", "").endswith(f":{hub_port}/hub/api"):
                    left.kill()
        for one in started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(one.pid, signal.SIGKILL)


def wait_for_port(port: int, process: subprocess.Popen) -> None:
    end = time.monotonic() + TO_START
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
            return
        time.sleep(0.2)
    sys.exit("the hub's proxy did not start")


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [probe.getsockname()[1] for probe in probes]


def wait_for(hub: Hub, log: Path, path: str = "/hub/api/") -> None:
    end = time.monotonic() + TO_START
    while time.monotonic() < end and hub.process.poll() is None:
        try:
            hub.ask(path)
            return
        except OSError:
            time.sleep(0.2)
    last = log.read_text("utf-8", "replace").splitlines()[-40:]
    sys.exit("\n".join(["the server did not start:", *last]))


# A class -----------------------------------------------------------------------------------------


def all_at_once(hub: Hub, count: int) -> list[Learner]:
    """Let `count` learners come at the same moment; return what each met with."""
    learners = [Learner(f"learner-{n:02}") for n in range(1, count + 1)]
    over = threading.Event()
    watch = threading.Thread(target=keep_peaks, args=(learners, over))
    watch.start()
    start, everybody = threading.Barrier(count), threading.Barrier(count)
    with ThreadPoolExecutor(count) as pool:
        for finished in [pool.submit(take_part, hub, it, start, everybody) for it in learners]:
            finished.result()
    over.set()
    watch.join()
    return learners


def take_part(
    hub: Hub, learner: Learner, start: threading.Barrier, everybody: threading.Barrier
) -> None:
    """What one learner does. Nobody leaves before all are through, as in a class."""
    start.wait()
    try:
        began = time.monotonic()
        token = logged_in(hub, learner.name)
        learner.ready = time.monotonic() - began
        print(f"{learner.name}: a server after {learner.ready:.0f} s", flush=True)
        began = time.monotonic()
        run_notebook(hub, learner, token)
        learner.done = time.monotonic() - began
    except Exception as error:
        learner.failures.append(f"{type(error).__name__}: {error}")
    measure(learner)
    print(f"{learner.name}: through after {learner.done:.0f} s", *learner.failures, flush=True)
    everybody.wait()


def logged_in(hub: Hub, name: str) -> str:
    """Log in as `name` and wait until the server is ready; return the learner's own token."""
    home = hub.folder / "homes" / name
    shutil.copytree(ROOT / "notebooks", home / "notebooks", ignore=shutil.ignore_patterns(".*"))
    hub.ask(f"/hub/api/users/{name}", "POST")
    token = hub.ask(f"/hub/api/users/{name}/tokens", "POST", {"note": "trial"})["token"]
    hub.ask(f"/hub/api/users/{name}/server", "POST", {}, token)
    end = time.monotonic() + TO_START
    while time.monotonic() < end:
        if hub.ask(f"/hub/api/users/{name}", token=token)["servers"].get("", {}).get("ready"):
            hub.ask(f"/user/{name}/api/status", token=token)
            return token
        time.sleep(0.2)
    raise TimeoutError(f"no server after {TO_START} seconds")


def run_notebook(hub: Hub, learner: Learner, token: str) -> None:
    """Open the notebook through the learner's server, and run its cells in a kernel of its own."""
    failure = run_through(hub, f"/user/{learner.name}/api", f"notebooks/{NOTEBOOK}", token)
    if failure:
        learner.failures.append(failure)


def run_through(server: Hub, api: str, path: str, token: str) -> str:
    """Open the notebook at `path` and run its code; return what failed, if anything.

    `api` is where the server has its interface. The kernel is left running.
    """
    notebook = server.ask(f"{api}/contents/{path}", token=token)["content"]
    wanted = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
    kernel = server.ask(f"{api}/sessions", "POST", wanted, token)["kernel"]["id"]
    session = uuid.uuid4().hex
    address = f"{server.url.replace('http', 'ws', 1)}{api}/kernels/{kernel}/channels"
    channel = websocket.create_connection(
        f"{address}?session_id={session}", header=[f"Authorization: token {token}"], timeout=TO_RUN
    )
    with contextlib.closing(channel):
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        for number, cell in enumerate(cells, start=1):
            if error := executed(channel, session, "".join(cell["source"])):
                return f"code cell {number}: {error}"
    return ""


def executed(channel: websocket.WebSocket, session: str, source: str) -> str:
    """Run `source` over the channel; return the error that it ended with, if any."""
    message = uuid.uuid4().hex
    header = {"msg_id": message, "msg_type": "execute_request", "session": session}
    header |= {"username": "learner", "version": "5.3"}
    content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False}
    content |= {"user_expressions": {}, "stop_on_error": True}
    request = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
    channel.send(json.dumps(request | {"channel": "shell", "buffers": []}))
    replied, idle, error = False, False, ""
    while not (replied and idle):
        received = channel.recv()
        if not isinstance(received, str):  # a widget's picture
            continue
        answer = json.loads(received)
        kind, content = answer["header"]["msg_type"], answer["content"]
        if kind == "status" and content["execution_state"] in ("restarting", "dead"):
            raise RuntimeError("the kernel died")
        if answer["parent_header"].get("msg_id") != message:
            continue
        if kind == "execute_reply":
            replied = True
            if content["status"] != "ok":
                error = f"{content.get('ename')}: {content.get('evalue')}"
        idle |= kind == "status" and content["execution_state"] == "idle"
    return error


# Memory ------------------------------------------------------------------------------------------


def processes_of(names: Sequence[str]) -> dict[str, tuple[list, list]]:
    """The processes of each learner: name -> (server, kernels)."""
    found: dict[str, tuple[list, list]] = {name: ([], []) for name in names}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            server, kernels = found.get(process.environ().get("JUPYTERHUB_USER"), ([], []))
            is_kernel = any("ipykernel" in word for word in process.cmdline())
            (kernels if is_kernel else server).append(process)
    return found


def share(process: psutil.Process) -> int:
    """Bytes that the process has to itself, and its part of what it shares with others."""
    full = process.memory_full_info()
    return getattr(full, "pss", full.uss)


def measure(learner: Learner) -> None:
    """Write down what server and kernel hold now, and what they have computed."""
    server, kernels = processes_of([learner.name])[learner.name]
    with contextlib.suppress(psutil.Error):
        learner.server = sum(map(share, server))
        learner.kernel = sum(map(share, kernels))
        learner.resident = sum(process.memory_info().rss for process in server + kernels)
        times = [process.cpu_times() for process in server + kernels]
        learner.processor = sum(time.user + time.system for time in times)


def keep_peaks(learners: Sequence[Learner], over: threading.Event) -> None:
    """Look every few seconds, until `over`, how much each learner holds."""
    while not over.wait(5):
        found = processes_of([learner.name for learner in learners])
        for learner in learners:
            server, kernels = found[learner.name]
            with contextlib.suppress(psutil.Error):
                held = sum(map(share, server + kernels))
                learner.peak = max(learner.peak, held)


def memory_of(pids: Sequence[int]) -> int:
    total = 0
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            total += share(psutil.Process(pid))
    return total


# The report --------------------------------------------------------------------------------------


def report(learners: Sequence[Learner], hub_memory: int, class_size: int) -> Iterator[str]:
    """The table of what each met with, and what a class of that size needs."""
    cores = psutil.cpu_count() or 1
    total = psutil.virtual_memory().total
    yield f"{len(learners)} learners at once on {cores} processors and {total / 2**30:.0f} GiB"
    yield "learner      ready (s)  notebook (s)  server  kernel  peak  resident (MB)  processor (s)"
    for it in learners:
        yield (
            f"{it.name:<12} {it.ready:9.1f}  {it.done:12.1f}  {it.server / MB:6.0f}  "
            f"{it.kernel / MB:6.0f}  {it.peak / MB:4.0f}  {it.resident / MB:13.0f}  "
            f"{it.processor:13.1f}"
        )
        yield from (f"    {failure}" for failure in it.failures)
    failed = sum(bool(it.failures) for it in learners)
    yield f"failures: {failed} of {len(learners)};  hub and proxy: {hub_memory / MB:.0f} MB"
    yield from needs(class_size, max(it.peak for it in learners),
                     max(it.resident for it in learners),
                     median(it.processor for it in learners))  # fmt: skip


def needs(learners: int, peak: float, resident: float, processor: float) -> Iterator[str]:
    """What `learners` need, each of whom took at most `peak` bytes and `processor` seconds.

    Memory: all peaks at once, what hub and system take, and a fifth of it free. Processors: that
    all run the notebook within three times what it takes one alone.
    """
    everything = learners * peak + OVERHEAD
    memory = everything / (1 - RESERVE)
    cores = learners / 3
    yield f"a class of {learners}:"
    yield (
        f"    memory: ({learners} x {peak / 1e9:.2f} GB + {OVERHEAD / 1e9:g} GB) "
        f"/ {1 - RESERVE:g} = {memory / 1e9:.0f} GB"
    )
    yield f"    a limit of {1.5 * resident / 1e9:.1f} GB each: 1.5 x the largest resident"
    yield (
        f"    processors: {cores:.0f}, if everybody may wait three times as long for a notebook "
        f"of {processor:.0f} s, all at once"
    )


if __name__ == "__main__":
    sys.exit(main())
