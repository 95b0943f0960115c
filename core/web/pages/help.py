"""Help: one plain page for each screen, in the reader's language, with the phone number of somebody to ask."""

from litestar import Router, get
from litestar.params import FromQuery
from litestar.response import Template

from core.texts import _
from core.web import MEMBERS, page


@get("/help", sync_to_thread=True, guards=[MEMBERS])
def show(at: FromQuery[str] = "/") -> Template:
    """The help of one screen, and the list of all."""
    known = topics()
    chosen = topic_of(at.partition("?")[0])
    title, sentences = known[chosen]
    return page(
        "help.html", heading=title, sentences=sentences, back=chosen, topics=[(at, one[0]) for at, one in known.items()]
    )


def topics() -> dict[str, tuple[str, list[str]]]:
    """What each screen's help says: title and sentences, by the beginning of its address."""
    return {
        "/": (
            _("工作台"),
            [
                _("上面是各项业务的主要数字，点标题看背后的清单。"),
                _("“待我办理”把各项业务等你的事按期限排在一起，超期的在最前。"),
                _("按 / 可以随时查人查户：姓名、拼音首字母、身份证号后四位、户号都行。"),
            ],
        ),
        "/households": (
            _("户籍登记"),
            [
                _("列表只显示你负责区域的户。条件写在网址里，可以发给同事。"),
                _("户页面右边的面板来自各项业务，停用一项业务，它的面板就消失，数据还在。"),
                _("查看完整身份证号要选事由，显示 30 秒，并记入审计。"),
                _("导入 Excel 分两步：先检查，看清有几行要改，再导入。下载的表里错处标红。"),
            ],
        ),
        "/plugins": (
            _("插件"),
            [
                _("插件就是一项业务。启用后菜单、页面、报表和后台任务立即出现，停用后立即消失，数据不删。"),
                _("没有准入的插件要先由系统管理员在命令行准入。"),
                _("插件出错只影响它自己那一块，这里会写明原因。"),
            ],
        ),
        "/settings": (
            _("设置"),
            [
                _("这里改的是县里的配置文件，手工写的注释会保留。保存前会先说清改什么。"),
                _("金额、年龄、期限这类由文件规定的数字不在这里，在“政策参数”。"),
            ],
        ),
        "/policy": (
            _("政策参数"),
            [
                _("每个参数都有生效日期和文号。新值从生效日期起计算，以前的月份仍按旧值。"),
                _("标“待核实”的是手册给的默认值，请按本县文件设置。"),
            ],
        ),
        "/accounts": (
            _("账号与角色"),
            [
                _("新建账号会给出一次性登录码，只显示一次，请当面交给本人。没有默认密码。"),
                _("角色可以只管一个乡镇或村，可以有起止日期；代理要写明代谁、到哪天。"),
                _("有些角色不能由同一人担任，系统会拒绝并说明。"),
            ],
        ),
        "/audit": (
            _("审计"),
            [
                _("每次办理和每次查看完整号码都有记录，一条接一条，改动任何一条都会被校验发现。"),
                _("打印锚点后请存到别人拿不到数据库的地方，日后可以对照。"),
            ],
        ),
        "/reports": (
            _("报表与导出"),
            [_("填好条件出报表，可以下载 Excel、CSV，或打印成 A4。三处数字相同。")],
        ),
        "/doctor": (
            _("体检"),
            [
                _("体检问核心和每个插件是否正常；有问题的一行写明怎么办，没有问题就只有一句话。"),
                _("命令行的 huimin doctor 查的是同样的内容，有问题时退出码是 1，可以每天自动运行。"),
            ],
        ),
        "/jobs": (
            _("后台任务"),
            [_("任务出错会自动再试，几次不成就停下。看清原因，处理后点“重试”。")],
        ),
        "/profile": (
            _("我的"),
            [
                _("在这里换语言、开大字版、改密码、设动态码、发令牌。"),
                _("丢了手机，请安全管理员重置动态码。"),
            ],
        ),
    }


def topic_of(path: str) -> str:
    """The screen whose help fits an address."""
    known = topics()
    return max((one for one in known if path == one or path.startswith(one.rstrip("/") + "/")), key=len, default="/")


router = Router("/", route_handlers=[show])
