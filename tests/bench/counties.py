"""More than one county in a bench, and one that is put back as it was before every round."""

import shutil

from core.testing import County


def another(county, home):
    """A second county, as empty as the first one was."""
    return County(county.template.copy(home), county.clock, template=county.template)


def twin(county, home):
    """A county with all that another one holds."""
    county.close()
    shutil.copytree(county.home, home)
    return County(home, county.clock, people=dict(county.people))


def database_of(county):
    """The file of a county's database."""
    return county.home / "data" / f"{county.code}.db"


def put_back(county, kept):
    """Put the database back as it was in ``kept``, a copy of its file, and open the county again."""
    county.close()
    file = database_of(county)
    for leftover in file.parent.glob(f"{file.name}*"):
        leftover.unlink()
    shutil.copyfile(kept, file)
    county.reload()
