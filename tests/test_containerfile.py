"""The container file, as far as it can be checked without an engine: what it copies, installs, runs and asks."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from lib.settings import ROOT, Settings
from tests.server import serving

FILE, IGNORED = ROOT / "Containerfile", ROOT / ".dockerignore"
KNOWN = {"FROM", "ENV", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}


def instructions() -> list[tuple[str, str]]:
    """Every instruction of the file with its argument; comments left out, continued lines joined."""
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in joined.splitlines() if line.strip())]


def said(name: str) -> list[str]:
    """The arguments of all instructions of that name."""
    return [argument for found, argument in instructions() if found == name]


def environment() -> dict[str, str]:
    """What the container's processes find in their environment."""
    return dict(pair.split("=", 1) for argument in said("ENV") for pair in shlex.split(argument))


def copied() -> list[str]:
    """The files of the repository that the container gets, as git tracks them."""
    sources = [source for argument in said("COPY") for source in argument.split()[:-1]]
    listed = subprocess.run(["git", "ls-files", *sources], cwd=ROOT, check=True, capture_output=True, text=True)
    return listed.stdout.splitlines()


def probe() -> list[str]:
    """The command by which the engine asks whether the server is well."""
    (argument,) = said("HEALTHCHECK")
    return json.loads(argument.partition("CMD ")[2])


def test_every_instruction_is_one_that_is_checked_here() -> None:
    assert {name for name, _ in instructions()} == KNOWN
    assert instructions()[0] == ("FROM", f"docker.io/library/python:{sys.version_info[0]}.{sys.version_info[1]}-slim")


def test_what_is_copied_stands_in_the_repository_and_no_ignore_hides_it() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    let_in = {line[1:] for line in IGNORED.read_text().splitlines() if line.startswith("!")}
    for argument in said("COPY"):
        source, target = argument.split()
        assert (ROOT / source).exists()
        assert any(name == source or name.startswith(f"{source}/") for name in tracked)
        assert target in ("./", source), "each thing keeps its place"
        assert source in let_in
    assert len(let_in) == len(said("COPY")), "nothing else is sent to the engine"
    assert "*" in IGNORED.read_text().splitlines()


def test_exactly_the_pinned_requirements_of_the_app_are_installed() -> None:
    (install,) = [json.loads(argument) for argument in said("RUN") if "pip" in argument]
    assert install[:2] == ["pip", "install"]
    assert install[install.index("-r") + 1 :] == ["requirements.txt"]
    assert "dev" not in " ".join(name for argument in said("COPY") for name in argument.split())
    wanted = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line and line[0] != "#"]
    assert all("==" in line for line in wanted), "every version is pinned"
    order = [name for name, _ in instructions()]
    assert order.index("RUN") < [argument for _, argument in instructions()].index("lib lib"), "cached before the code"


def test_the_server_runs_as_a_user_that_may_write_its_var_folder_alone() -> None:
    (user,) = said("USER")
    assert user.isdigit() and int(user) > 0, "a number, so that an engine can tell that it is not root"
    (made,) = [json.loads(argument) for argument in said("RUN") if "useradd" in argument]
    assert made[made.index("--uid") + 1] == user
    assert made[made.index("--home-dir") + 1] == environment()["BOARDROOM_VAR"]
    assert said("VOLUME") == [environment()["BOARDROOM_VAR"]]
    assert not any("chown" in argument for argument in said("COPY"))
    names = [name for name, _ in instructions()]
    assert names.index("USER") > max(place for place, name in enumerate(names) if name == "RUN")


def test_environment_and_port_are_settings_and_hold_no_secret() -> None:
    given = environment()
    ours = {name.removeprefix("BOARDROOM_").lower() for name in given if name.startswith("BOARDROOM_")}
    assert ours <= set(Settings.model_fields)
    assert given["BOARDROOM_HOST"] == "0.0.0.0", "the engine's network comes from another address than the loopback"
    assert said("EXPOSE") == [given["BOARDROOM_PORT"]]
    assert f":{given['BOARDROOM_PORT']}/healthz" in probe()[-1]
    assert not any(word in name for name in given for word in ("SECRET", "PASSWORD", "STATE_URL"))


def test_commands_are_lists_so_that_signals_reach_the_server() -> None:
    (command,) = said("CMD")
    assert json.loads(command)[:2] == ["python", "-m"]
    assert find_spec(json.loads(command)[2]) is not None
    assert all(isinstance(json.loads(argument), list) for argument in said("RUN"))


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A folder with what the container gets and nothing else."""
    for name in copied():
        (tmp_path / "app" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / "app" / name)
    return tmp_path / "app"


def test_the_copied_files_alone_serve_and_answer_the_probe(app: Path, tmp_path: Path, demo_var: Path) -> None:
    var = tmp_path / "var"
    var.mkdir()
    (var / "warehouse").symlink_to(demo_var / "warehouse")
    before = {path for path in app.rglob("*")}
    given = {name: value for name, value in environment().items() if name not in ("BOARDROOM_VAR", "BOARDROOM_PORT")}
    (command,) = said("CMD")
    with serving(var, json.loads(command)[1:], app, **given) as server:
        assert server.get("/healthz").status == 200
        port = server.base.rpartition(":")[2]
        ask = [sys.executable, *(part.replace(environment()["BOARDROOM_PORT"], port) for part in probe()[1:])]
        assert subprocess.run(ask, check=False, capture_output=True).returncode == 0
        drawn = server.visit("company_metrics")
        assert any("Sign in" in element for element in drawn), drawn
    assert subprocess.run(ask, check=False, capture_output=True).returncode != 0, "a server that is gone is not well"
    assert {path for path in app.rglob("*")} == before, "nothing is written beside the code"
