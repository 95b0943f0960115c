"""The coded fields of a person: sex, marital status, ethnicity, education, political status, relation to the head.

Handbook: identity and household, section 4. A list knows its codes, the words of hukou books and the words people
type instead, and names the nearest word when it knows neither.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from core.errors import Objection, Refused
from core.texts import _, mark
from core.values import half_width


@dataclass(frozen=True)
class CodeList:
    """One coded field: ``names`` by code as the standard writes them, ``aliases`` by the words people type."""

    field: str
    title: str
    names: Mapping[str, str]
    aliases: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def words(self) -> dict[str, str]:
        """Every accepted word and code, with the code it stands for."""
        return {**{name: code for code, name in self.names.items()}, **self.aliases, **{c: c for c in self.names}}

    def code_of(self, text: str) -> str:
        """The code for a word or a code; refused (``E_WORD``) with the nearest word when it is neither."""
        code = self.find(text)
        if code is None:
            raise Refused([self.objection_to(text)])
        return code

    def find(self, text: str) -> str | None:
        """The code for a word or a code; None when it is neither."""
        word = half_width(text)
        code = self.words.get(word)
        if code is None and word.isascii() and word.isdigit():
            # Excel drops the leading zero of 02 and adds nothing that helps.
            width = len(next(iter(self.names)))
            code = self.words.get(word.zfill(width))
        return code

    def find_many(self, texts: Sequence[str]) -> tuple[list[str], list[int]]:
        """A column of words as codes, and the rows that are neither word nor code; "" stays ""."""
        known: dict[str, str | None] = {text: self.find(text) if text else "" for text in set(texts)}
        codes = [known[text] for text in texts]
        return [code or "" for code in codes], [row for row, code in enumerate(codes) if code is None]

    def objection_to(self, text: str) -> Objection:
        """The objection to an unknown word; ``hint`` is the nearest right one."""
        near = self.nearest(text)
        if near is None:
            words = _("{title}“{word}”不认识，请按模板中的说法填写", title=_(self.title), word=text[:20])
        else:
            words = _("{title}“{word}”不认识，是不是“{near}”", title=_(self.title), word=text[:20], near=near)
        return Objection(reason=words, field=self.field, code="E_WORD", hint=near)

    def nearest(self, text: str) -> str | None:
        """The accepted word most like this one; None when nothing is."""
        words = [word for word in self.words if not word.isascii()]
        found = get_close_matches(half_width(text), words, n=1, cutoff=0.4)
        return found[0] if found else None

    def name(self, code: str | int) -> str:
        """The word for a code in the reader's language; the code itself when it is unknown."""
        text = str(code)
        return _(self.names[text]) if text in self.names else text


SEX = CodeList(
    "sex",
    mark("性别"),
    {"0": mark("未知的性别"), "1": mark("男"), "2": mark("女"), "9": mark("未说明的性别")},
    {"男性": "1", "女性": "2", "未知": "0", "未说明": "9", "不详": "0", "M": "1", "F": "2"},
)
"""GB/T 2261.1-2003."""

MARITAL_STATUS = CodeList(
    "marital_status",
    mark("婚姻状况"),
    {
        "10": mark("未婚"), "20": mark("已婚"), "21": mark("初婚"), "22": mark("再婚"), "23": mark("复婚"),
        "30": mark("丧偶"), "40": mark("离婚"), "90": mark("未说明的婚姻状况"),
    },
    {"离异": "40", "有配偶": "20", "未说明": "90"},
)  # fmt: skip
"""GB/T 2261.2-2003."""

EDUCATION = CodeList(
    "education",
    mark("文化程度"),
    {
        "10": mark("研究生教育"), "20": mark("大学本科教育"), "30": mark("大学专科教育"), "40": mark("中等职业教育"),
        "60": mark("普通高级中学教育"), "70": mark("初级中学教育"), "80": mark("小学教育"), "90": mark("其他学历"),
    },
    {
        "研究生": "10", "硕士": "10", "博士": "10", "本科": "20", "大学本科": "20", "大学": "20", "专科": "30",
        "大专": "30", "中专": "40", "技校": "40", "职高": "40", "高中": "60", "初中": "70", "小学": "80",
        "文盲": "90", "半文盲": "90", "无": "90", "其他": "90",
    },
)  # fmt: skip
"""GB/T 4658-2006."""

POLITICAL_STATUS = CodeList(
    "political_status",
    mark("政治面貌"),
    {
        "01": mark("中共党员"), "02": mark("中共预备党员"), "03": mark("共青团员"), "04": mark("民革党员"),
        "05": mark("民盟盟员"), "06": mark("民建会员"), "07": mark("民进会员"), "08": mark("农工党党员"),
        "09": mark("致公党党员"), "10": mark("九三学社社员"), "11": mark("台盟盟员"), "12": mark("无党派人士"),
        "13": mark("群众"),
    },
    {"党员": "01", "预备党员": "02", "团员": "03", "无党派民主人士": "12"},
)  # fmt: skip
"""GB/T 4762-1984."""

_ETHNIC = (
    mark("汉族"), mark("蒙古族"), mark("回族"), mark("藏族"), mark("维吾尔族"), mark("苗族"), mark("彝族"),
    mark("壮族"), mark("布依族"), mark("朝鲜族"), mark("满族"), mark("侗族"), mark("瑶族"), mark("白族"),
    mark("土家族"), mark("哈尼族"), mark("哈萨克族"), mark("傣族"), mark("黎族"), mark("傈僳族"), mark("佤族"),
    mark("畲族"), mark("高山族"), mark("拉祜族"), mark("水族"), mark("东乡族"), mark("纳西族"), mark("景颇族"),
    mark("柯尔克孜族"), mark("土族"), mark("达斡尔族"), mark("仫佬族"), mark("羌族"), mark("布朗族"), mark("撒拉族"),
    mark("毛南族"), mark("仡佬族"), mark("锡伯族"), mark("阿昌族"), mark("普米族"), mark("塔吉克族"), mark("怒族"),
    mark("乌孜别克族"), mark("俄罗斯族"), mark("鄂温克族"), mark("德昂族"), mark("保安族"), mark("裕固族"),
    mark("京族"), mark("塔塔尔族"), mark("独龙族"), mark("鄂伦春族"), mark("赫哲族"), mark("门巴族"), mark("珞巴族"),
    mark("基诺族"),
)  # fmt: skip

ETHNICITY = CodeList(
    "ethnicity",
    mark("民族"),
    {f"{at:02d}": name for at, name in enumerate(_ETHNIC, 1)} | {"97": mark("其他"), "98": mark("外国血统中国籍人士")},
    {name.removesuffix("族"): f"{at:02d}" for at, name in enumerate(_ETHNIC, 1)}
    | {"外国血统": "98", "毛难族": "36", "崩龙族": "46"},
)
"""GB/T 3304-1991; with or without 族."""

RELATION = CodeList(
    "relation",
    mark("与户主关系"),
    {
        "01": mark("本人"), "02": mark("户主"), "10": mark("配偶"), "11": mark("夫"), "12": mark("妻"),
        "20": mark("儿子"), "21": mark("独生子"), "22": mark("长子"), "23": mark("次子"), "24": mark("三子"),
        "25": mark("四子"), "26": mark("五子"), "27": mark("养子或继子"), "28": mark("女婿"), "29": mark("其他儿子"),
        "30": mark("女儿"), "31": mark("独生女"), "32": mark("长女"), "33": mark("次女"), "34": mark("三女"),
        "35": mark("四女"), "36": mark("五女"), "37": mark("养女或继女"), "38": mark("儿媳"), "39": mark("其他女儿"),
        "40": mark("孙子、孙女或外孙子、外孙女"), "41": mark("孙子"), "42": mark("孙女"), "43": mark("外孙子"),
        "44": mark("外孙女"), "45": mark("孙媳妇或外孙媳妇"), "46": mark("孙女婿或外孙女婿"),
        "47": mark("曾孙子或曾外孙子"), "48": mark("曾孙女或曾外孙女"), "49": mark("其他孙子、孙女或外孙子、外孙女"),
        "50": mark("父母"), "51": mark("父亲"), "52": mark("母亲"), "53": mark("公公"), "54": mark("婆婆"),
        "55": mark("岳父"), "56": mark("岳母"), "57": mark("继父或养父"), "58": mark("继母或养母"),
        "59": mark("其他父母关系"),
        "60": mark("祖父母或外祖父母"), "61": mark("祖父"), "62": mark("祖母"), "63": mark("外祖父"),
        "64": mark("外祖母"), "65": mark("配偶的祖父母或外祖父母"), "66": mark("曾祖父"), "67": mark("曾祖母"),
        "68": mark("配偶的曾祖父母或外曾祖父母"), "69": mark("其他祖父母或外祖父母关系"),
        "70": mark("兄弟姐妹"), "71": mark("兄"), "72": mark("嫂"), "73": mark("弟"), "74": mark("弟媳"),
        "75": mark("姐姐"), "76": mark("姐夫"), "77": mark("妹妹"), "78": mark("妹夫"), "79": mark("其他兄弟姐妹"),
        "80": mark("其他"), "81": mark("伯父"), "82": mark("伯母"), "83": mark("叔父"), "84": mark("婶母"),
        "85": mark("舅父"), "86": mark("舅母"), "87": mark("姨父"), "88": mark("姨母"), "89": mark("姑父"),
        "90": mark("姑母"), "91": mark("堂兄弟、堂姐妹"), "92": mark("表兄弟、表姐妹"), "93": mark("侄子"),
        "94": mark("侄女"), "95": mark("外甥"), "96": mark("外甥女"), "97": mark("其他亲属"), "98": mark("保姆"),
        "99": mark("非亲属"),
    },
    {
        "丈夫": "11", "妻子": "12", "子": "20", "独子": "21", "大儿子": "22", "二子": "23", "二儿子": "23",
        "三儿子": "24", "养子": "27", "继子": "27", "女": "30", "独女": "31", "大女儿": "32", "二女": "33",
        "二女儿": "33", "三女儿": "34", "养女": "37", "继女": "37", "儿媳妇": "38", "媳妇": "38", "孙": "41",
        "外孙": "43", "孙媳": "45", "孙媳妇": "45", "外孙媳妇": "45", "孙女婿": "46", "外孙女婿": "46",
        "曾孙": "47", "曾孙子": "47", "曾外孙子": "47", "曾孙女": "48", "曾外孙女": "48", "父": "51", "爸爸": "51",
        "母": "52", "妈妈": "52", "继父": "57", "养父": "57", "继母": "58", "养母": "58", "爷爷": "61", "奶奶": "62",
        "外公": "63", "姥爷": "63", "外婆": "64", "姥姥": "64", "祖父母": "60", "外祖父母": "60", "哥": "71",
        "哥哥": "71", "嫂子": "72", "嫂嫂": "72", "弟弟": "73", "弟妹": "74", "弟媳妇": "74", "姐": "75", "妹": "77",
        "伯伯": "81", "叔叔": "83", "婶婶": "84", "舅舅": "85", "舅妈": "86", "姨夫": "87", "姨妈": "88",
        "姑夫": "89", "姑姑": "90", "堂兄": "91", "堂弟": "91", "堂姐": "91", "堂妹": "91", "堂兄弟": "91",
        "堂姐妹": "91", "表兄": "92", "表弟": "92", "表姐": "92", "表妹": "92", "表兄弟": "92", "表姐妹": "92",
        "侄儿": "93", "外甥子": "95", "其他亲戚": "97", "亲属": "97", "非亲": "99", "无亲属关系": "99",
    },
)  # fmt: skip
"""GB/T 4761-2008, named as in hukou books."""

HEAD = "02"
"""The relation code of the head of the household."""

LISTS = {one.field: one for one in (SEX, MARITAL_STATUS, EDUCATION, POLITICAL_STATUS, ETHNICITY, RELATION)}
"""Every coded field by its name."""
