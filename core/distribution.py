"""A plugin's distribution as it lies in a folder, and the programs that work on it: an interpreter, a builder."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core import loading
from core.errors import NotFound, refuse
from core.texts import _


@dataclass(frozen=True)
class Distribution:
    """What ``pyproject.toml`` says: the distribution's name and version, its one plugin and that plugin's package."""

    folder: Path
    title: str
    version: str
    name: str
    package: str
    builder: str
    needs: tuple[str, ...]

    @property
    def entries(self) -> Mapping[str, str]:
        """Its entry points in the group of plugins."""
        return {self.name: self.package}


def read_distribution(folder: Path) -> Distribution:
    """Read a folder's ``pyproject.toml``; raises ``NotFound`` without one, ``Refused`` for none or many plugins."""
    file = folder / "pyproject.toml"
    if not file.is_file():
        raise NotFound(
            _("{folder} 里没有 pyproject.toml，不是插件的目录", folder=folder), hint=_("用 huimin plugin new 写一个")
        )
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise refuse(_("{file} 读不懂：{reason}", file=file, reason=error), code="P001") from error
    project, build = told.get("project", {}), told.get("build-system", {})
    entries = project.get("entry-points", {}).get(loading.GROUP, {})
    if len(entries) != 1:
        hint = _('在 pyproject.toml 里写 [project.entry-points."{group}"]', group=loading.GROUP)
        raise refuse(_("一个发行包要有一个插件入口，这里有 {count} 个", count=len(entries)), code="P001", hint=hint)
    name, target = next(iter(entries.items()))
    return Distribution(
        folder=folder.resolve(),
        title=project.get("name", ""),
        version=project.get("version", ""),
        name=name,
        package=target.partition(":")[0],
        builder=build.get("build-backend", ""),
        needs=tuple(build.get("requires", ())),
    )


@contextmanager
def seen(one: Distribution) -> Iterator[dict[str, str]]:
    """Make the plugin visible, without installing it, to this process and to those started with what is given."""
    from core.trial import installed_from

    with installed_from(one.folder, one.entries) as paths:
        before = os.environ.get("PYTHONPATH", "")
        yield {**os.environ, "PYTHONPATH": os.pathsep.join([*paths, *([before] if before else [])])}


def python(*words: str) -> list[str]:
    """A command line for this interpreter."""
    return [sys.executable, *words]


def uv() -> str | None:
    """The ``uv`` of this environment, of the checkout or of the system; None when there is none."""
    beside = [Path(sys.executable).parent, Path(__file__).parent.parent / ".tools" / "bin"]
    found = (shutil.which("uv", path=str(folder)) for folder in beside)
    return next((one for one in found if one), None) or shutil.which("uv")


def run_tests(one: Distribution, words: Sequence[str] = (), *, aside: bool = False) -> int:
    """Run the distribution's tests in a process of their own; answers pytest's exit code.

    ``aside`` prints on stderr, where no pipe picks it up.
    """
    if importlib.util.find_spec("pytest") is None:
        raise refuse(_("这里没有 pytest"), code="E_NO_PYTEST", hint=_("先运行 python -m pip install 'huimin[testing]'"))
    with seen(one) as environment:
        settings = ["--rootdir", str(one.folder), "-c", str(one.folder / "pyproject.toml")]
        program = python("-m", "pytest", *settings, *words)
        to = sys.__stderr__ if aside else None
        return subprocess.run(program, cwd=one.folder, env=environment, stdout=to, check=False).returncode  # noqa: S603


def build_wheel(one: Distribution, into: Path) -> Path:
    """Build the wheel without asking any index; raises ``Refused`` when the builder is not here or fails.

    The backend that ``pyproject.toml`` names is used as it is installed; ``uv`` brings one of its own.
    """
    module = one.builder.partition(":")[0].partition(".")[0]
    if module and importlib.util.find_spec(module) is not None:
        call = f"from {one.builder.replace(':', '.')} import build_wheel as build; build(__import__('sys').argv[1])"
        program = python("-c", call, str(into))
    elif module == "uv_build" and (found := uv()):
        quiet = ["--quiet", "--offline", "--no-create-gitignore"]
        program = [found, "build", "--wheel", *quiet, "--out-dir", str(into), str(one.folder)]
    else:
        hint = _("先运行 python -m pip install {names}", names=" ".join(f"'{need}'" for need in one.needs or ("uv",)))
        raise refuse(_("没有打包工具 {name}", name=one.builder or "build-backend"), code="E_NO_BUILDER", hint=hint)
    done = subprocess.run(program, cwd=one.folder, capture_output=True, text=True, check=False)  # noqa: S603
    made = sorted(into.glob("*.whl"))
    if done.returncode or not made:
        raise refuse(_("打包没有成功：{reason}", reason=(done.stderr or done.stdout).strip()), code="E_BUILD")
    return made[-1]
