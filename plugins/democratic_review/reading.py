"""JSON files that are handed to a command."""

import json
from pathlib import Path
from typing import Any

from core.api import NotFound, _, refuse


def read_json(file: Path) -> Any:
    """What a JSON file holds; raises ``NotFound`` or ``Refused``."""
    if not file.is_file():
        raise NotFound(_("找不到文件 {file}", file=file))
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, UnicodeDecodeError) as error:
        raise refuse(_("文件不是 JSON：{file}", file=file.name), field="file", code="E_FILE") from error


def read_object(file: Path) -> dict[str, Any]:
    """The object a JSON file holds; refused when it holds anything else."""
    found = read_json(file)
    if not isinstance(found, dict):
        raise refuse(_("文件要写成一个 JSON 对象"), field="file", code="E_FILE")
    return found
