"""What docs/hub tells a JupyterHub, and the arithmetic of the trial that its numbers come from."""

import re
from pathlib import Path

import psutil
import pytest
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from ruamel.yaml import YAML
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader
from try_binder import row
from try_hub import Learner, main, needs, report

ROOT = Path(__file__).resolve().parent.parent
HUB = ROOT / "docs/hub"
PAGE = (ROOT / "docs/hub.md").read_text("utf-8")


def loaded(name: str) -> Config:
    """The configuration as JupyterHub, which reads it in the same way, has it."""
    return PyFileConfigLoader(name, path=str(HUB)).load_config()


def yaml(name: str) -> dict:
    return YAML(typ="safe").load((HUB / name).read_text("utf-8"))


def test_all_hubs_give_a_learner_the_same():
    spawner = loaded("jupyterhub_config.py").Spawner
    small, large = yaml("tljh-config.yaml"), yaml("z2jh-values.yaml")["singleuser"]
    assert small["limits"] == {"memory": spawner.mem_limit, "cpu": spawner.cpu_limit}
    assert large["memory"] == {"limit": spawner.mem_limit, "guarantee": spawner.mem_guarantee}
    assert large["cpu"] == {"limit": spawner.cpu_limit, "guarantee": spawner.cpu_guarantee}
    assert large["defaultUrl"] == spawner.default_url
    assert large["startTimeout"] == spawner.start_timeout


def test_all_hubs_stop_what_is_idle_and_kernels_first():
    arguments = dict(
        argument.removeprefix("--").split("=")
        for argument in loaded("jupyterhub_config.py").Spawner.args
    )
    files = yaml("z2jh-values.yaml")["singleuser"]["extraFiles"]
    culling = files["kernels"]["data"]["MappingKernelManager"]
    assert set(culling) <= set(AsyncMappingKernelManager.class_trait_names())
    for name in ("cull_idle_timeout", "cull_interval"):
        assert int(arguments[f"MappingKernelManager.{name}"]) == culling[name]
    assert arguments["MappingKernelManager.cull_connected"] == str(culling["cull_connected"])
    assert culling["cull_busy"] is False
    servers = yaml("tljh-config.yaml")["services"]["cull"], yaml("z2jh-values.yaml")["cull"]
    for server in servers:
        assert server["enabled"] is True
        assert server["timeout"] > culling["cull_idle_timeout"]


def test_a_whole_class_may_come_at_once():
    hub = loaded("jupyterhub_config.py").JupyterHub
    assert hub.concurrent_spawn_limit >= 30
    assert yaml("z2jh-values.yaml")["hub"]["concurrentSpawnLimit"] == hub.concurrent_spawn_limit


def in_gib(text: str) -> float:
    return float(text.removesuffix("G"))


def test_the_limits_hold_what_was_measured():
    """The page's table has the largest of the trial; a limit below it would kill kernels."""
    rows = re.findall(r"^\| \d+ \|.*\| (\d+) MB \| (\d+) MB \|$", PAGE, flags=re.MULTILINE)
    assert rows
    held, resident = (max(map(int, column)) * 10**6 for column in zip(*rows, strict=True))
    spawner = loaded("jupyterhub_config.py").Spawner
    limit, guarantee = (in_gib(it) * 2**30 for it in (spawner.mem_limit, spawner.mem_guarantee))
    assert 1.4 * resident < limit
    assert held < guarantee < limit


def test_the_arithmetic_of_the_page_is_that_of_the_trial():
    rows = re.findall(r"^\| \d+ \|.*\| (\d+) MB \| \d+ MB \|$", PAGE, flags=re.MULTILINE)
    (said,) = re.findall(r"^\(30 × ([\d.]+) GB .* = (\d+) GB$", PAGE, flags=re.MULTILINE)
    peak = int(rows[-1]) * 10**6
    assert said[0] == f"{peak / 1e9:.2f}"
    assert f"= {said[1]} GB" in list(needs(30, peak, 10**9, 90))[1]


def test_the_page_names_every_file_of_its_folder():
    names = {path.name for path in HUB.iterdir() if path.is_file()}
    assert len(names) >= 3
    assert {name for name in names if f"(hub/{name})" not in PAGE} == set()


# The trial ---------------------------------------------------------------------------------------


def test_what_a_class_needs_is_worked_out_from_the_largest_learner():
    head, memory, limit, processors = needs(30, peak=0.8e9, resident=1.0e9, processor=60)
    assert head == "a class of 30:"
    assert "(30 x 0.80 GB + 1.5 GB) / 0.8 = 32 GB" in memory
    assert "a limit of 1.5 GB each" in limit
    assert "processors: 10" in processors


def test_a_failure_is_told_below_its_learner_and_counted():
    fine = Learner("learner-01", 3.0, 60.0, 10**8, 7 * 10**8, 8 * 10**8, 9 * 10**8, 50.0)
    bad = Learner("learner-02", failures=["code cell 3: NameError: name 'X' is not defined"])
    lines = list(report([fine, bad], 10**8, 30))
    assert lines[2].split() == ["learner-01", "3.0", "60.0", "100", "700", "800", "900", "50.0"]
    assert lines[4].strip() == bad.failures[0]
    assert lines[5] == "failures: 1 of 2;  hub and proxy: 100 MB"


def test_open_notebooks_are_held_against_what_a_learner_is_given():
    assert row(1, None, 400 * 10**6, 900 * 10**6).split(maxsplit=4) == [
        *("1", "no", "400", "900"),
        "2 GB, 1 GB",
    ]
    assert row(2, 20, 400 * 10**6, 1200 * 10**6).split(maxsplit=4)[1:] == [
        *("yes", "400", "1200"),
        "2 GB",
    ]
    assert row(3, None, 10**9, 3 * 10**9).endswith("neither")


def test_more_learners_than_memory_holds_are_refused(monkeypatch: pytest.MonkeyPatch, capsys):
    class Little:
        available = 4 * 10**9

    monkeypatch.setattr(psutil, "virtual_memory", Little)
    assert main(["--learners", "3"]) == 1
    assert capsys.readouterr().err == "4.0 GB are free: enough for 2 learners\n"
