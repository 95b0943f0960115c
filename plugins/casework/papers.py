"""The papers of a case, D01 to D19, as data: the core prints them on the screen and as PDF. Printing is recorded."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from core.api import NotFound, Sheet, _
from plugins.casework import paper_forms, paper_letters
from plugins.casework.reading import case_file
from plugins.casework.types import type_named
from plugins.notices.api import notice_sheet

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.casework.paper_parts import Printing

ROUNDS = {"D09": 1, "D13": 2}
"""Papers that are the sheet of a notice."""


def case_paper(work: "UnitOfWork", number: str, kind: str) -> Sheet:
    """A paper of a case; raises ``NotFound`` for an unknown one, or one the case has nothing for yet.

    A refusal without reasons, rule or remedy is not printed (``E_NO_REASON``).
    """
    from plugins.casework.paper_parts import Printing

    wanted = kind.strip().upper()
    if wanted not in PAPERS and wanted not in ROUNDS:
        raise NotFound(_("没有这种文书"), hint=", ".join(sorted([*PAPERS, *ROUNDS])))
    file = case_file(work, number, pictures=False)
    if wanted in ROUNDS:
        held = [one.id for one in file.notices if one.round == ROUNDS[wanted]]
        if not held:
            raise NotFound(_("还没有公示"))
        return notice_sheet(work, held[-1])
    sheet = PAPERS[wanted](Printing(work, file, type_named(work, file.case.type)))
    work.record_read("casework.paper_printed", f"case:{file.number}", area=file.case.area, paper=wanted)
    return sheet


PAPERS: "Mapping[str, Callable[[Printing], Sheet]]" = {
    "D01": paper_forms.application,
    "D02": paper_forms.declaration,
    "D03": paper_letters.accepted,
    "D04": paper_letters.not_accepted,
    "D05": paper_letters.missing_papers,
    "D06": paper_forms.economic_check,
    "D07": paper_forms.visit,
    "D08": paper_forms.ballot,
    "D10": paper_forms.notice_feedback,
    "D11": paper_forms.township_opinion,
    "D12": paper_forms.spot_check,
    "D14": paper_letters.granted,
    "D15": paper_letters.refused,
    "D16": paper_forms.long_term,
    "D17": paper_forms.reviews,
    "D18": paper_letters.changed,
    "D19": paper_forms.relatives,
}
"""What draws each; the sheets of notices are theirs."""
