"""Is this machine ready for the course? `uv run python -m helpers.preflight` says so.

It looks at what has gone wrong on other people's machines and prints a line for each: `ok`, or what
is wrong and what to do about it. The exit status is 0 if all is well, and 1 if anything is not.
Most of the half-minute it takes goes into loading TensorFlow and training a small model.

Each check is a function of what it looks at, and returns what it saw, or raises `Wrong`. What the
course runs on is imported within the checks: where a package is missing, that is what they report.
"""

from __future__ import annotations

import contextlib
import errno
import importlib.metadata
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

__all__ = ["CHECKS", "Check", "Wrong", "main"]

COURSE = "lstm-or-mlp"
GB = 10**9
#: A notebook's kernel holds up to 0.88 GB and JupyterLab 0.09; the rest is the browser's.
NEEDED_MEMORY = 1.2 * GB
#: For the notebooks as they are saved, progress, and what a browser and Python put aside.
NEEDED_DISK = 0.3 * GB
#: Where JupyterLab looks for a port, one after the other.
PORTS = range(8888, 8939)
#: Seconds that training, and that starting a kernel, may take before they count as stuck.
TIMEOUT = 180

AGAIN = "In the course's folder type: uv sync --reinstall"

#: What is trained: by the course's own loop, which compiles it, so that the compiler is tried too.
TRAINING = """
import helpers
from helpers.training import fit
import keras
import numpy as np
x = np.linspace(-1, 1, 32)[:, None]
keras.utils.set_random_seed(0)
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(loss="mse", optimizer=keras.optimizers.SGD(0.1))
history = fit(model, x, 2 * x, epochs=50, batch_size=8)
first, last = history.history["loss"][0], history.history["loss"][-1]
print("loss", first, last)
"""


class Wrong(Exception):
    """What is wrong, and what to do about it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.remedy = remedy


class Check(NamedTuple):
    """What is looked at, and the function that does; it returns what it saw or raises `Wrong`."""

    name: str
    look: Callable[[], str]


def python(version: tuple[int, ...] = tuple(sys.version_info[:3]), allowed: str = "") -> str:
    """Is the Python `version` one that the course runs on?

    `allowed` is a specifier such as ">=3.11,<3.14"; by default the one the course is installed
    with.
    """
    from packaging.specifiers import SpecifierSet

    allowed = allowed or _distribution().metadata["Requires-Python"]
    text = ".".join(map(str, version))
    if not SpecifierSet(allowed).contains(text):
        raise Wrong(
            f"{text}, and the course needs {allowed}",
            "Start with `uv run`, which finds a Python that fits, or install one that does.",
        )
    return text


def packages(
    required: Iterable[str] | None = None,
    version: Callable[[str], str] = importlib.metadata.version,
) -> str:
    """Is every package here in the version that the course pins?

    The pins come with the installed course, as what it requires.
    """
    from packaging.requirements import Requirement

    pins = map(Requirement, _distribution().requires or () if required is None else required)
    needed = [pin for pin in pins if pin.marker is None or pin.marker.evaluate({"extra": ""})]
    off = []
    for pin in needed:
        try:
            found = version(pin.name)
        except importlib.metadata.PackageNotFoundError:
            off.append(f"{pin.name} is missing")
        else:
            if not pin.specifier.contains(found, prereleases=True):
                off.append(f"{pin.name} is {found} in place of {pin.specifier}".replace("==", ""))
    if off:
        more = f", and {len(off) - 3} more" if len(off) > 3 else ""
        raise Wrong(", ".join(off[:3]) + more, AGAIN)
    return f"{len(needed)} as pinned"


def memory(available: float | None = None) -> str:
    """Is there memory for JupyterLab, one notebook and a browser? `available` is in bytes."""
    available = _available_memory() if available is None else available
    if available < NEEDED_MEMORY:
        raise Wrong(
            f"{available / GB:.1f} GB free, and a notebook needs {NEEDED_MEMORY / GB:g}",
            "Close other programs, and keep one notebook open at a time. "
            "On a server, ask for more, or shut down the kernels that run.",
        )
    return f"{available / GB:.1f} GB free"


def disk(folders: Iterable[Path] | None = None, free: Callable[[Path], int] | None = None) -> str:
    """Is there room where the course is, at home and for temporary files?"""
    free = free or (lambda folder: shutil.disk_usage(folder).free)
    folders = _own_folders() if folders is None else folders
    room, where = min((free(folder), str(folder)) for folder in folders)
    if room < NEEDED_DISK:
        raise Wrong(
            f"{room / GB:.2f} GB free in {where}, and the course needs {NEEDED_DISK / GB:g}",
            "Make room there. `uv cache clean` frees what uv has kept of its downloads.",
        )
    return f"{room / GB:.0f} GB free" if room >= GB else f"{room / GB:.1f} GB free"


def writable(folders: Iterable[Path] | None = None) -> str:
    """Can the notebooks be saved, progress be kept and Jupyter store its settings?"""
    for folder in _own_folders() if folders is None else folders:
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise Wrong(
                f"nothing can be written into {folder} ({error.strerror or error})",
                "Put the course into a folder of your own. If it is your home folder that cannot "
                "be written to, let HOME (on Windows USERPROFILE) name one that can.",
            ) from error
    return "home, the course and temporary files"


def training(code: str = TRAINING, timeout: float = TIMEOUT) -> str:
    """Does a model train? In a process of its own, which a wrong processor would end at once."""
    command = [sys.executable, "-c", code]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired as error:
        raise Wrong(
            f"a short training was not done after {timeout:g} seconds",
            "Is the machine busy, or short of memory? Close other programs and try again.",
        ) from error
    if ran.returncode < 0:
        raise Wrong(
            f"the training was ended by signal {-ran.returncode}",
            "Signal 9 means too little memory, signal 4 a processor that TensorFlow does not "
            "know: then use another machine, or Binder.",
        )
    if ran.returncode != 0:
        last = (ran.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise Wrong(f"the training failed: {textwrap.shorten(last, 200)}", AGAIN)
    _, first, last = ran.stdout.split()[-3:]
    if not float(last) < float(first) / 2:
        raise Wrong(
            f"the loss went from {float(first):.3g} to {float(last):.3g}, and it ought to fall",
            f"Something computes wrongly here. {AGAIN}",
        )
    return "a small model learns"


def kernel(name: str = "python3", timeout: float = TIMEOUT) -> str:
    """Does a notebook's kernel start, answer, and belong to the Python that has the course?"""
    from jupyter_client.kernelspec import NoSuchKernel
    from jupyter_client.manager import start_new_kernel

    said = []

    def hear(message: Mapping) -> None:
        if message["msg_type"] == "stream" and message["content"]["name"] == "stdout":
            said.append(message["content"]["text"])

    try:
        manager, client = start_new_kernel(
            kernel_name=name, startup_timeout=timeout, stderr=subprocess.DEVNULL
        )
    except NoSuchKernel as error:
        raise Wrong(f"Jupyter has no kernel named {name}", AGAIN) from error
    except RuntimeError as error:
        raise Wrong(
            f"the kernel did not start: {textwrap.shorten(str(error), 160)}",
            "A firewall or a virus scanner may forbid programs to talk on this machine: "
            f"allow Python to. Else: {AGAIN[0].lower()}{AGAIN[1:]}",
        ) from error
    try:
        code = "import sys, helpers; print(sys.prefix)"
        reply = client.execute_interactive(code, timeout=timeout, output_hook=hear)["content"]
    except TimeoutError as error:
        raise Wrong(
            f"the kernel started and did not answer within {timeout:g} seconds",
            "Is the machine busy? Close other programs and try again.",
        ) from error
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    if reply["status"] != "ok":
        raise Wrong(f"the kernel answered {reply['ename']}: {reply['evalue']}", AGAIN)
    found = "".join(said).strip()
    if Path(found).resolve() != Path(sys.prefix).resolve():
        raise Wrong(
            f"the kernel runs in {found}, where another Python is",
            f"`jupyter kernelspec remove {name}` takes away the one that stands in front.",
        )
    return "starts and answers"


def port(ports: Iterable[int] = PORTS, is_free: Callable[[int], bool] | None = None) -> str:
    """Is a port free where JupyterLab looks for one?"""
    is_free, ports = is_free or _is_free, list(ports)
    found = next((number for number in ports if is_free(number)), None)
    if found is None:
        raise Wrong(
            f"none of the ports {ports[0]} to {ports[-1]} is free",
            "Shut down what runs there (`jupyter server list` names it), or begin at another: "
            "add --port=9999 to the command that starts JupyterLab.",
        )
    if found == ports[0]:
        return f"{found} is free"
    return f"{ports[0]} is taken, perhaps by another JupyterLab; yours will take {found}"


CHECKS = (
    Check("Python", python),
    Check("packages", packages),
    Check("memory", memory),
    Check("disk", disk),
    Check("writable", writable),
    Check("training", training),
    Check("kernel", kernel),
    Check("port", port),
)


def main(checks: Iterable[Check] = CHECKS) -> int:
    """Print a line for each check as it is done; return 0 if all is well, else 1."""
    wrong = 0
    for check in checks:
        print(f"{check.name:<9} ", end="", flush=True)
        try:
            print(f"ok     {check.look()}", flush=True)
        except Exception as error:
            wrong += 1
            remedy = getattr(error, "remedy", AGAIN)
            what = error if isinstance(error, Wrong) else f"{type(error).__name__}: {error}"
            print(f"WRONG  {what}. {remedy}", flush=True)
    if wrong:
        print(f"Not ready: {wrong} of these {'is' if wrong == 1 else 'are'} wrong. Mend it, "
              "and run this again.")  # fmt: skip
    else:
        print("This machine is ready.")
    return int(wrong > 0)


def _distribution() -> importlib.metadata.Distribution:
    try:
        return importlib.metadata.distribution(COURSE)
    except importlib.metadata.PackageNotFoundError as error:
        raise Wrong(
            "the course itself is not installed in this Python",
            "Start with `uv run`, or install it: python -m pip install -e .",
        ) from error


def _available_memory() -> float:
    """Bytes that a program may still take: of the machine, or of the share that a server gives."""
    import psutil

    shares = [float(psutil.virtual_memory().available)]
    if os.environ.get("MEM_LIMIT", "").isdigit():  # set by JupyterHub and Binder
        shares.append(float(os.environ["MEM_LIMIT"]))
    with contextlib.suppress(OSError, ValueError):  # what Linux allows a container
        group = Path("/sys/fs/cgroup")
        limit = float((group / "memory.max").read_text())  # "max" if there is none
        usage = float((group / "memory.current").read_text())
        counts = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        shares.append(limit - usage + float(counts["inactive_file"]))  # which it would give back
    return max(min(shares), 0.0)


def _own_folders() -> list[Path]:
    """Where the course writes: at home, in its own folder, and where temporary files go."""
    course = Path.cwd()
    notebooks = course / "notebooks"
    return [Path.home(), notebooks if notebooks.is_dir() else course, Path(tempfile.gettempdir())]


def _is_free(number: int) -> bool:
    """Whether a server could listen at this port, under each address that `localhost` has."""
    try:
        found = socket.getaddrinfo("localhost", number, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Wrong(
            "this machine does not know the name localhost",
            "The file that lists host names (hosts) lacks the line: 127.0.0.1 localhost",
        ) from error
    for family, kind, protocol, _, address in found:
        try:
            with socket.socket(family, kind, protocol) as probe:
                if os.name == "posix":  # as servers do: one that has just ended is no obstacle
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
    return True


if __name__ == "__main__":
    sys.exit(main())
