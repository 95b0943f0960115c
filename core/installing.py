"""Install a plugin's wheel on a county's machine: everything that stands against it is said before anything is done."""

import ast
import importlib
import importlib.util
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from configparser import ConfigParser
from dataclasses import dataclass
from email.parser import HeaderParser
from importlib import metadata
from pathlib import Path
from typing import Any

from core import loading
from core.distribution import python, uv
from core.errors import NotFound, Objection, Refused, refuse
from core.extension import API
from core.packing import digest_of, manifest_of
from core.texts import _, listed

GENERIC = ("core", "plugins")


@dataclass(frozen=True)
class Wheel:
    """What a wheel says of itself, read without running anything of it."""

    file: Path
    distribution: str
    version: str
    entries: Mapping[str, str]
    needs: tuple[str, ...]
    tops: tuple[str, ...]
    api: tuple[int, int] | None
    stands_on: tuple[str, ...]

    @property
    def name(self) -> str:
        """The plugin it brings."""
        return next(iter(self.entries), "")


def read_wheel(file: Path) -> Wheel:
    """Read a wheel; raises ``NotFound`` for no file, ``Refused`` for one that is no wheel."""
    if not file.is_file():
        raise NotFound(_("没有文件 {file}", file=file))
    try:
        with zipfile.ZipFile(file) as archive:
            return _read(file, archive)
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, StopIteration) as error:
        raise refuse(_("{file} 不是 wheel 文件", file=file.name), code="E_WHEEL") from error


def _read(file: Path, archive: zipfile.ZipFile) -> Wheel:
    names = archive.namelist()
    about = next(name for name in names if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)).rpartition("/")[0]
    head = HeaderParser().parsestr(archive.read(f"{about}/METADATA").decode())
    entries = _entries(archive, f"{about}/entry_points.txt")
    package = next(iter(entries.values()), "")
    switchboard = f"{package.replace('.', '/')}/plugin.py"
    told = _switchboard(archive.read(switchboard).decode()) if switchboard in names else {}
    api = told.get("api")
    return Wheel(
        file=file,
        distribution=head["Name"] or "",
        version=head["Version"] or "",
        entries=entries,
        needs=tuple(head.get_all("Requires-Dist") or ()),
        tops=tuple(sorted({name.split("/")[0] for name in names if ".dist-info/" not in name})),
        api=tuple(api) if isinstance(api, tuple | list) and len(api) == 2 else None,
        stands_on=tuple(one for one in told.get("requires", ()) if isinstance(one, str)),
    )


def _entries(archive: zipfile.ZipFile, name: str) -> Mapping[str, str]:
    if name not in archive.namelist():
        return {}
    parser = ConfigParser(delimiters=("=",))
    parser.read_string(archive.read(name).decode())
    if not parser.has_section(loading.GROUP):
        return {}
    return {key: value.partition(":")[0].strip() for key, value in parser.items(loading.GROUP)}


def _switchboard(source: str) -> dict[str, Any]:
    """What PLUGIN says in plain literals; the file is read, not run."""
    told: dict[str, Any] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Plugin":
            for keyword in node.keywords:
                try:
                    told[keyword.arg or ""] = ast.literal_eval(keyword.value)
                except ValueError:
                    continue
    return told


def check_wheel(wheel: Wheel, *, offline: bool = False) -> bool:
    """Say everything that stands against a wheel as one ``Refused``; answers whether a manifest lay beside it."""
    manifest = manifest_of(wheel.file)
    found = [
        *(_against_manifest(wheel, manifest) if manifest.is_file() else ()),
        *_against_names(wheel),
        *_against_contract(wheel),
        *_against_needs(wheel, offline),
    ]
    if found:
        raise Refused(found)
    return manifest.is_file()


def _against_manifest(wheel: Wheel, file: Path) -> Iterator[Objection]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        kept = str(told["sha256"])
    except (ValueError, KeyError, TypeError):
        yield Objection(reason=_("{file} 读不懂", file=file.name), code="E_MANIFEST")
        return
    if kept != digest_of(wheel.file):
        reason = _("{file} 的摘要与清单里的不同：文件被改过或没有拷完整", file=wheel.file.name)
        yield Objection(reason=reason, code="E_WHEEL_HASH", hint=_("向厂商重新要一份"))


def _against_names(wheel: Wheel) -> Iterator[Objection]:
    if len(wheel.entries) != 1:
        yield Objection(reason=_("{file} 不是惠民的插件", file=wheel.file.name), code="E_NO_PLUGIN")
        return
    name = wheel.name
    if not loading.NAME.match(name) or name in loading.RESERVED:
        reason = _("名称 {name} 不能用：小写字母、数字和下划线，且不与核心重名", name=name)
        yield Objection(reason=reason, code="E_PLUGIN_NAME", plugin=name)
    if name in loading.bundled():
        reason = _("{name} 是自带的插件，名称不能再用", name=name)
        yield Objection(reason=reason, code="E_PLUGIN_CLASH", plugin=name)
    for other in loading.offered_by(name):
        if _plain(other) != _plain(wheel.distribution):
            reason = _("{name} 已由 {distribution} 安装", name=name, distribution=other)
            hint = _("先卸载：python -m pip uninstall {distribution}", distribution=other)
            yield Objection(reason=reason, code="E_PLUGIN_CLASH", hint=hint, plugin=name)
    owners = metadata.packages_distributions()
    for top in wheel.tops:
        others = [one for one in owners.get(top, ()) if _plain(one) != _plain(wheel.distribution)]
        if top in GENERIC or others:
            reason = _("会盖掉 {names} 的 {top}", top=top, names=listed(sorted(set(others))) or "huimin")
            yield Objection(reason=reason, code="E_PACKAGE_CLASH", plugin=name)


def _against_contract(wheel: Wheel) -> Iterator[Objection]:
    have = ".".join(map(str, API))
    if wheel.api and (wheel.api[0] != API[0] or wheel.api[1] > API[1]):
        reason = _("为接口 {wanted} 编写，这里是 {have}", wanted=".".join(map(str, wheel.api)), have=have)
        yield Objection(reason=reason, code="E_PLUGIN_API", hint=_("向厂商要适合这个接口的版本"), plugin=wheel.name)
    known = loading.known()
    for other in wheel.stands_on:
        if other not in known:
            reason = _("要用到的插件 {name} 没有安装", name=other)
            yield Objection(reason=reason, code="E_PLUGIN_REQUIRES", plugin=wheel.name)


def _against_needs(wheel: Wheel, offline: bool) -> Iterator[Objection]:
    for need in map(_requirements().Requirement, wheel.needs):
        if need.marker is not None and not need.marker.evaluate({"extra": ""}):
            continue
        try:
            have = metadata.version(need.name)
        except metadata.PackageNotFoundError:
            have = ""
        if have and need.specifier.contains(have, prereleases=True):
            continue
        wanted = f"{need.name}{need.specifier}"
        said = _("缺少依赖 {wanted}", wanted=wanted)
        reason = _("依赖 {wanted} 不合适，这里是 {have}", wanted=wanted, have=have) if have else said
        hint = _("先运行 python -m pip install '{wanted}'", wanted=wanted)
        if offline:
            hint = _("把它的 wheel 也拷来，先运行 python -m pip install --no-index 文件.whl")
        yield Objection(reason=reason, code="E_DEPENDENCY", hint=hint, plugin=wheel.name)


def _requirements() -> Any:
    """The library that reads what a distribution needs; pip brings the same one along."""
    for name in ("packaging.requirements", "pip._vendor.packaging.requirements"):
        if importlib.util.find_spec(name.partition(".")[0]) is not None:
            return importlib.import_module(name)
    raise refuse(_("这里没有 pip，也没有 packaging"), code="E_NO_INSTALLER")


def installer(wheel: Wheel, *, offline: bool = False) -> Sequence[str]:
    """The command that installs a wheel into this environment and touches nothing else."""
    if importlib.util.find_spec("pip") is not None:
        quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-deps", "--force-reinstall"]
        return python("-m", "pip", "install", *quiet, *(["--no-index"] if offline else []), str(wheel.file))
    if found := uv():
        quiet = ["--quiet", "--no-deps", "--reinstall", "--no-config", *(["--offline"] if offline else [])]
        return [found, "pip", "install", "--python", python()[0], *quiet, str(wheel.file)]
    raise refuse(_("这里没有 pip，也没有 uv，装不了"), code="E_NO_INSTALLER")


def install(wheel: Wheel, *, offline: bool = False) -> None:
    """Install a wheel that was checked; raises ``Refused`` with what the installer said."""
    done = subprocess.run([*installer(wheel, offline=offline)], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise refuse(_("没有装上：{reason}", reason=(done.stderr or done.stdout).strip()), code="E_INSTALL")


def _plain(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()
