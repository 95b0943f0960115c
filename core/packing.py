"""Pack a plugin for a county: the check, the tests, the wheel, and beside it what a county wants to know of it."""

import ast
import hashlib
import importlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core import loading
from core.checking import Finding, check_plugin
from core.distribution import Distribution, build_wheel, run_tests, seen
from core.errors import Objection, Refused, refuse
from core.extension import API
from core.status import version
from core.texts import _

FORMAT = 1
MANIFEST, REPORT = ".plugin.json", ".check.txt"
_ADDRESS = re.compile(r"https?://[^\s\"'<>{}]+")


@dataclass(frozen=True)
class Packed:
    """What was written: the wheel, its manifest, the report of the check."""

    wheel: Path
    manifest: Path
    report: Path
    told: Mapping[str, Any]


def manifest_of(wheel: Path) -> Path:
    """Where the manifest of a wheel lies: beside it."""
    return wheel.with_name(wheel.stem + MANIFEST)


def digest_of(file: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def pack(one: Distribution, into: Path) -> Packed:
    """Check, test and build; raises ``Refused`` with every finding, or when a test fails. Nothing is written then."""
    findings = check_plugin(str(one.folder))
    if findings:
        raise Refused([Objection(reason=str(found), code=found.code, plugin=one.name) for found in findings])
    if not any((one.folder / "tests").glob("test_*.py")):
        raise refuse(_("没有测试：tests/ 里一个 test_*.py 也没有"), code="E_NO_TESTS")
    if run_tests(one, ["-q"], aside=True):
        raise refuse(_("测试没有全部通过，没有打包"), code="E_TESTS", hint=_("用 huimin plugin test 看是哪一个"))
    told = describe(one)
    with tempfile.TemporaryDirectory(prefix="huimin-pack-") as scratch:
        built = build_wheel(one, Path(scratch))
        told |= {"wheel": built.name, "sha256": digest_of(built)}
        into.mkdir(parents=True, exist_ok=True)
        wheel = Path(shutil.copy(built, into / built.name))
    manifest, report = manifest_of(wheel), wheel.with_name(wheel.stem + REPORT)
    manifest.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    report.write_text(_report(one, told, findings), encoding="utf-8")
    return Packed(wheel, manifest, report, told)


def describe(one: Distribution) -> dict[str, Any]:
    """What a county wants to know before it takes a plugin: what it stands on, brings, keeps and asks for."""
    with seen(one):
        known = loading.find(one.name)
        if known is None or known.package != one.package:
            raise refuse(_("没有插件 {name}", name=one.name), code="P001")
        manifest, module = loading.read_manifest(known)
        granted = module.register_permissions() if hasattr(module, "register_permissions") else ()
        return {
            "format": FORMAT,
            "distribution": one.title,
            "version": one.version,
            "name": one.name,
            "package": one.package,
            "title": manifest.title,
            "api": {"from": ".".join(map(str, manifest.api)), "below": f"{manifest.api[0] + 1}.0"},
            "made_with": {"huimin": version(), "api": ".".join(map(str, API))},
            "requires": list(manifest.requires),
            "tables": _tables(manifest.models),
            "rights": sorted(right.name for right in granted),
            "hooks": sorted(name for name in dir(module) if hasattr(getattr(module, name), "huimin_impl")),
            "commands": sorted(command.name for command in manifest.commands),
            "outside_hosts": sorted(set(_hosts(one.folder / one.package))),
        }


def _tables(models: str | None) -> list[str]:
    from core.tables import Table

    if models is None:
        return []
    importlib.import_module(models)
    mappers = Table._sa_registry.mappers  # noqa: SLF001 - SQLModel's registry has no public door
    return sorted(
        mapper.local_table.name for mapper in mappers if loading.inside(models, mapper.class_.__module__)
    )  # fmt: skip


def _hosts(folder: Path) -> Iterator[str]:
    """Hosts that the source names in its texts; comments and docstrings call nobody."""
    for file in sorted(folder.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"), str(file))
        spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken:
                yield from (urlsplit(found).netloc for found in _ADDRESS.findall(node.value))


def _report(one: Distribution, told: Mapping[str, Any], findings: Sequence[Finding]) -> str:
    lines = [
        _("{name} {version}（{title}）", name=one.title, version=one.version, title=told["title"]),
        _("检查：{count} 处不合约定", count=len(findings)),
        _("测试：全部通过"),
        _("用到的外部地址：{hosts}", hosts=", ".join(told["outside_hosts"]) or _("没有")),
        f"sha256  {told['sha256']}  {told['wheel']}",
    ]
    return "\n".join(lines) + "\n"
