"""Examine a plugin: names, imports, hooks, templates, texts, tables. Every finding has a code, a line and a mend."""

import ast
import re
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core import loading
from core.errors import NotFound
from core.extension import Plugin
from core.texts import _

DOORS = ("core.api", "core.web", "core.cli", "core.testing")
SWITCHBOARD_DOOR = "core.api"
FORBIDDEN_MARKUP = (
    (re.compile(r"\sstyle\s*=", re.I), "P301", "style="),
    (re.compile(r"<style\b", re.I), "P301", "<style>"),
    # A page that works without the network needs a script of its own: as a file of this county, never in the page.
    (re.compile(r"<script\b(?!\s+src=\"\{\{ link\()", re.I), "P302", "<script>"),
    (re.compile(r"\bon[a-z]+\s*=\s*[\"']", re.I), "P302", "on…="),
    (re.compile(r"#[0-9a-f]{6}\b", re.I), "P303", "#rrggbb"),
    (re.compile(r"\|\s*safe\b"), "P304", "| safe"),
    (re.compile(r"https?://", re.I), "P305", "http://"),
)


@dataclass(frozen=True)
class Finding:
    """One thing that does not keep the contract: code, place, what, and how to mend it."""

    code: str
    file: str
    line: int
    message: str
    fix: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{self.code}  {place}  {self.message}  → {self.fix}"


@dataclass(frozen=True)
class Subject:
    """The plugin under examination: its name, package and folder."""

    name: str
    package: str
    folder: Path
    bundled: bool


def check_plugin(target: str) -> list[Finding]:
    """Examine a plugin by name or by the folder of its distribution; [] when it keeps the contract.

    The part that runs it founds a county of its own in a temporary folder. Raises ``NotFound`` for an unknown name.
    """
    if Path(target).is_dir():
        return _check_folder(Path(target))
    return _examine(_subject(target))


def _check_folder(folder: Path) -> list[Finding]:
    from core.trial import installed_from

    file = folder / "pyproject.toml"
    project: dict[str, Any] = {}
    if file.is_file():
        project = tomllib.loads(file.read_text(encoding="utf-8")).get("project", {})
    entries = project.get("entry-points", {}).get(loading.GROUP, {})
    if not entries:
        fix = _('在 pyproject.toml 里写 [project.entry-points."{group}"]', group=loading.GROUP)
        return [Finding("P001", "pyproject.toml", 0, _("没有插件入口"), fix)]
    with installed_from(folder.resolve(), entries):
        found = [finding for name in entries for finding in _examine(_subject(name))]
        return [*_versions(entries, str(project.get("version", ""))), *found]


def _versions(entries: Iterable[str], version: str) -> Iterator[Finding]:
    """A county sees the version of PLUGIN, an installer that of the distribution: they must be one."""
    for name in entries:
        manifest = loading.find_manifest(name)
        if manifest is not None and manifest.version != version:
            said = _("PLUGIN 的版本是 {own}，发行包的是 {version}", own=manifest.version, version=version)
            yield Finding("P103", "plugin.py", 0, said, _("改成一样"))


def _subject(name: str) -> Subject:
    plugin = loading.find(name)
    if plugin is None:
        raise NotFound(_("没有插件 {name}", name=name))
    import importlib.util

    spec = importlib.util.find_spec(plugin.package)
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise NotFound(_("读不到插件 {name} 的文件", name=name))
    return Subject(name, plugin.package, Path(places[0]), plugin.bundled)


def _examine(subject: Subject) -> list[Finding]:
    findings = [*_imports(subject), *_markup(subject), *_texts(subject)]
    try:
        manifest, module = loading.read_manifest(loading.Known(subject.name, subject.package, subject.bundled))
    except loading.Unfit as error:
        return [*findings, Finding("P101", "plugin.py", 0, error.message, _("改正 PLUGIN 的内容"))]
    findings += _hook_docs(subject, manifest)
    if not module.__doc__:
        findings.append(Finding("P102", "plugin.py", 1, _("没有模块说明"), _("第一行写一句这个插件做什么")))
    return [*findings, *_commands(manifest), *_trial(subject, manifest)]


def _sources(folder: Path, pattern: str) -> Iterator[tuple[str, Path]]:
    for file in sorted(folder.rglob(pattern)):
        if "__pycache__" not in file.parts:
            yield str(file.relative_to(folder)), file


def _imports(subject: Subject) -> Iterator[Finding]:
    allowed = loading.find_manifest(subject.name)
    partners = tuple(f"plugins.{name}.api" for name in (allowed.requires if allowed else ()))
    for shown, file in _sources(subject.folder, "*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"), str(file))
        top = set(map(id, tree.body))
        for node in ast.walk(tree):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            for module in _imported(node):
                if module.split(".")[0] in ("core", "plugins") and not _through_a_door(module, subject, partners):
                    fix = _("只从 core.api、core.web、core.cli、core.testing 和所需插件的 api 引入")
                    yield Finding("P201", shown, node.lineno, _("引入了 {module}", module=module), fix)
                late = module.split(".")[0] in ("core", subject.package.split(".")[0]) and module != SWITCHBOARD_DOOR
                if shown == "plugin.py" and id(node) in top and late:
                    fix = _("plugin.py 顶上只引入 core.api，其余放到钩子里面引入")
                    yield Finding("P202", shown, node.lineno, _("引入了 {module}", module=module), fix)


def _imported(node: ast.Import | ast.ImportFrom) -> Iterable[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if node.level == 0 and node.module:
        if node.module in ("core", "plugins"):
            return [f"{node.module}.{alias.name}" for alias in node.names]
        return [node.module]
    return []


def _through_a_door(module: str, subject: Subject, partners: tuple[str, ...]) -> bool:
    return module in DOORS or loading.inside(subject.package, module) or module.startswith(partners or ("\0",))


def _markup(subject: Subject) -> Iterator[Finding]:
    for shown, file in _sources(subject.folder, "*.html"):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            for pattern, code, what in FORBIDDEN_MARKUP:
                if pattern.search(line):
                    fix = _("用 parts.html 里的部件，颜色用 data-hue")
                    yield Finding(code, shown, number, _("模板里不能有 {what}", what=what), fix)


def _texts(subject: Subject) -> Iterator[Finding]:
    from core.catalogues import missing

    for sentence in missing(subject.folder, subject.name):
        place = str(sentence.file.relative_to(subject.folder))
        fix = _("补到 locale/en/LC_MESSAGES/{name}.po，再运行 huimin plugin texts", name=subject.name)
        yield Finding("P401", place, sentence.line, _("没有英文：{text}", text=sentence.text), fix)


def _hook_docs(subject: Subject, manifest: Plugin) -> Iterator[Finding]:
    if not manifest.hookspecs:
        return
    import importlib

    module = importlib.import_module(manifest.hookspecs)
    for name, function in vars(module).items():
        if hasattr(function, "huimin_spec") and "Since api" not in (function.__doc__ or ""):
            fix = _("写明何时调用、返回什么、不要做什么、一个例子、Since api")
            yield Finding("P501", "hookspecs.py", 0, _("钩子 {hook} 的说明不全", hook=name), fix)


def _commands(manifest: Plugin) -> Iterator[Finding]:
    """Commands whose parameters share a name: the one would take the place of the other without a word."""
    import importlib

    for command in manifest.commands:
        module, _colon, name = command.target.partition(":")
        for path, twice in _named_twice(getattr(importlib.import_module(module), name), command.name):
            message = _("命令 {command} 有两个参数都叫 {name}", command=path, name=twice)
            yield Finding("P701", f"{module}.py", 0, message, _("给每个参数一个自己的名字"))


def _named_twice(command: Any, path: str) -> Iterator[tuple[str, str]]:
    names = [one.name for one in command.params]
    yield from ((path, name) for name in sorted({name for name in names if names.count(name) > 1}))
    for name, inside in getattr(command, "commands", {}).items():
        yield from _named_twice(inside, f"{path} {name}")


def _trial(subject: Subject, manifest: Plugin) -> list[Finding]:
    """Found a county, admit and enable the plugin, build its pages, take its tables back."""
    from core.trial import try_out

    with tempfile.TemporaryDirectory(prefix="huimin-check-") as folder:
        return [
            Finding(code, "plugin.py", 0, message, _("看上面的原因"))
            for code, message in try_out(subject.name, manifest, Path(folder))
        ]
