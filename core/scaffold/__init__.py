"""Write the distribution of a new plugin: it installs, passes its own tests and the contract kit from the start."""

from dataclasses import dataclass
from pathlib import Path

from core.errors import Clash, Objection, Refused
from core.extension import API
from core.loading import NAME, RESERVED, bundled
from core.texts import _

TEMPLATES = Path(__file__).parent / "files"


@dataclass(frozen=True)
class Kind:
    """What a kind of plugin counts: the title of the quantity, its unit, an icon and a hue."""

    quantity: str
    quantity_english: str
    unit: str
    unit_english: str
    icon: str
    hue: int


KINDS = {
    "subsidy": Kind("补贴月数", "Months of subsidy", "个月", "months", "wallet", 1),
    "registry": Kind("数量", "Quantity", "件", "items", "list-checks", 6),
    "service": Kind("服务次数", "Visits", "次", "visits", "hand-helping", 3),
    "activity": Kind("参加人次", "Attendances", "人次", "attendances", "hand-coins", 4),
}


def write_distribution(name: str, *, kind: str, title: str, into: Path) -> Path:
    """Write ``huimin-<name>`` below ``into`` and answer its folder; refused for a name that cannot be used."""
    name = name.replace("-", "_")
    if not NAME.match(name) or name in RESERVED or name in bundled():
        reason = _("名称 {name} 不能用：小写字母、数字和下划线，且不与已有的重名", name=name)
        raise Refused([Objection(reason=reason, field="name", code="E_PLUGIN_NAME")])
    folder = into / f"huimin-{name.replace('_', '-')}"
    if folder.exists():
        raise Clash(_("{folder} 已存在，没有改动", folder=folder))
    words = _words(name, title or name, KINDS[kind])
    for source in sorted(TEMPLATES.rglob("*.txt")):
        target = folder / _filled(str(source.relative_to(TEMPLATES)).removesuffix(".txt"), words)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_filled(source.read_text(encoding="utf-8"), words), encoding="utf-8")
    _speak(folder, name, words)
    return folder


def _words(name: str, title: str, kind: Kind) -> dict[str, str]:
    return {
        "NAME": name,
        "HYPHENED": name.replace("_", "-"),
        "PACKAGE": f"huimin_{name}",
        "CLASS": "".join(part.capitalize() for part in name.split("_")),
        "TITLE": title,
        "ENGLISH": name.replace("_", " ").capitalize(),
        "QUANTITY": kind.quantity,
        "QUANTITY_ENGLISH": kind.quantity_english,
        "UNIT": kind.unit,
        "UNIT_ENGLISH": kind.unit_english,
        "ICON": kind.icon,
        "HUE": str(kind.hue),
        "API": f"({API[0]}, {API[1]})",
    }


def _filled(text: str, words: dict[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return text


def _speak(folder: Path, name: str, words: dict[str, str]) -> None:
    """Write the English catalogue and its compiled form."""
    import ast

    from core.catalogues import refresh

    spoken = ast.literal_eval(_filled((TEMPLATES / "english").read_text(encoding="utf-8"), words))
    refresh(folder / f"huimin_{name}", name, spoken)
