"""Measure what a learner on Binder takes: `uv run python tests/try_binder.py [notebook ...]`.

Starts a JupyterLab of its own, as on Binder, and runs one notebook after the other in it, each in a
kernel that stays (01, 02 and 03, if none is named). What is printed: the memory of the server and
all its kernels with one, two and three notebooks open, against the 2 GB that Binder gives at most
and the 1 GB that many hubs give. First as JupyterLab comes, then with the culling of
binder/jupyter_server_config.json, where an idle kernel is gone before the next notebook is opened.
To save your time, idle means `--idle` seconds here, in place of the file's ten minutes.

Memory is counted in parts where processes share it (PSS, Linux), which is what a container of all
of them is charged, as long as no other process has the same files open: let nothing else run from
this environment.

With `--limit MB` each notebook is run by itself instead, in a JupyterLab that gets so much and not
a byte more, as in a container, and it is told whether it comes to its end. What was read from files
counts there too, but the system takes it back where memory is short. This takes Linux, root, and
control groups that may be made.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
import websocket
from try_hub import MB, ROOT, Hub, free_ports, run_through, share, wait_for

GIVEN = {"2 GB": 2 * 10**9, "1 GB": 10**9}
CULLING = json.loads((ROOT / "binder/jupyter_server_config.json").read_text("utf-8"))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("notebooks", nargs="*", help="numbers, such as 01 02 03")
    parser.add_argument("--idle", type=int, default=20, help="seconds until a kernel is culled")
    parser.add_argument("--limit", type=int, metavar="MB", help="of a notebook and its server")
    options = parser.parse_args(arguments)
    numbers = options.notebooks or ["01", "02", "03"]
    names = [next((ROOT / "notebooks").glob(f"{number}_*.ipynb")).name for number in numbers]
    if options.limit:
        failures = [run_within(options.limit * MB, name) for name in names]
        return int(any(failures))
    print("open notebooks  culling  server and kernels (MB)  highest (MB)  fits into", flush=True)
    failed = False
    for idle in (None, options.idle):
        with running_lab(idle) as server:
            print(row(0, idle, *[memory_of(server)] * 2), flush=True)
            for count, name in enumerate(names, start=1):
                if idle:
                    wait_until_culled(server, idle)
                with highest(server) as peak:
                    failure = run_through(server, "/api", name, server.token)
                failed |= bool(failure)
                print(row(count, idle, memory_of(server), peak[0]), failure, flush=True)
    return int(failed)


def row(count: int, idle: int | None, held: int, highest: int) -> str:
    fits = ", ".join(name for name, given in GIVEN.items() if highest < given) or "neither"
    culling = "yes" if idle else "no"
    return f"{count:14}  {culling:>7}  {held / MB:23.0f}  {highest / MB:12.0f}  {fits}"


def run_within(limit: int, name: str) -> bool:
    """Run one notebook with `limit` bytes for its kernel and its server; return whether it failed.

    Raises:
        OSError: no control group can be made here.
    """
    with control_group(limit) as joined, running_lab(None, within=joined) as server:
        start = time.monotonic()
        with highest(server) as peak:
            try:
                failure = run_through(server, "/api", name, server.token)
            except (OSError, RuntimeError, websocket.WebSocketException) as problem:
                failure = f"did not come to its end: {problem}"
    seconds = time.monotonic() - start
    print(f"{name} within {limit / MB:.0f} MB: highest {peak[0] / MB:.0f} MB, {seconds:.0f} s",
          failure, flush=True)  # fmt: skip
    return bool(failure)


@contextlib.contextmanager
def control_group(limit: int) -> Iterator[Path]:
    """The file into which a process writes its number to have `limit` bytes and no swap."""
    root = Path("/sys/fs/cgroup")
    first = (root / "memory").is_dir()  # version 1 has a folder for each resource
    settings = {"memory.max": limit, "memory.swap.max": 0}
    if first:
        settings = {"memory.limit_in_bytes": limit, "memory.memsw.limit_in_bytes": limit}
    group = (root / "memory" if first else root) / f"course-{os.getpid()}"
    group.mkdir()
    try:
        for setting, value in settings.items():
            if (group / setting).exists():  # no swap is counted on some systems
                (group / setting).write_text(str(value))
        # What an earlier process has read would be on its bill, and not on that of the group.
        os.sync()
        Path("/proc/sys/vm/drop_caches").write_text("1")
        yield group / "cgroup.procs"
    finally:
        group.rmdir()


@contextlib.contextmanager
def running_lab(idle: int | None, within: Path | None = None) -> Iterator[Hub]:
    """JupyterLab over a copy of the notebooks.

    Args:
        idle: seconds until the shipped culling ends a kernel; None for none.
        within: of a control group, as from `control_group`, that it is to be in.
    """
    settings = []
    if idle:
        values = CULLING["MappingKernelManager"]
        values |= {"cull_idle_timeout": idle, "cull_interval": max(1, idle // 4)}
        settings = [f"--MappingKernelManager.{name}={value}" for name, value in values.items()]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        shutil.copytree(ROOT / "notebooks", folder / "lab", ignore=shutil.ignore_patterns(".*"))
        (port,) = free_ports(1)
        token = secrets.token_hex(16)
        own = {k: v for k, v in os.environ.items() if not k.startswith(("COURSE_", "PYTEST_"))}
        own |= {"COURSE_PROGRESS_FILE": "", "JUPYTER_RUNTIME_DIR": str(folder / "runtime")}
        own |= {"JUPYTER_CONFIG_DIR": str(folder / "config"), "IPYTHONDIR": str(folder / "ipython")}
        log = folder / "log.txt"
        command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
        command += ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", *settings]
        command += [f"--ServerApp.root_dir={folder / 'lab'}", f"--IdentityProvider.token={token}"]
        if within:
            command = ["sh", "-c", f'echo $$ > "{within}" && exec "$@"', "sh", *command]
        with log.open("wb") as written:
            process = subprocess.Popen(
                command, env=own, stdout=written, stderr=written, start_new_session=True
            )
        server = Hub(f"http://127.0.0.1:{port}", token, process, folder)
        try:
            wait_for(server, log, "/api/status")
            yield server
        finally:
            process.terminate()  # upon which it ends its kernels
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(60)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def wait_until_culled(server: Hub, idle: int) -> None:
    end = time.monotonic() + 20 * idle
    while server.ask("/api/kernels") and time.monotonic() < end:
        time.sleep(1)
    if server.ask("/api/kernels"):
        raise TimeoutError(f"a kernel idle for {20 * idle} seconds has not been culled")


def memory_of(server: Hub) -> int:
    """Bytes that the server and its kernels hold."""
    held = 0
    with contextlib.suppress(psutil.Error):
        parent = psutil.Process(server.process.pid)
        for process in [parent, *parent.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                held += share(process)
    return held


@contextlib.contextmanager
def highest(server: Hub) -> Iterator[list[int]]:
    """What `memory_of` was at most within the block, looked at twice a second."""
    found, over = [0], threading.Event()

    def look() -> None:
        while True:
            found[0] = max(found[0], memory_of(server))
            if over.wait(0.5):
                return

    watch = threading.Thread(target=look)
    watch.start()
    try:
        yield found
    finally:
        over.set()
        watch.join()


if __name__ == "__main__":
    sys.exit(main())
