"""Whether what is worked on now is a demo county: each of its papers says 示例, whoever prints it."""

from contextvars import ContextVar

_sample: ContextVar[bool] = ContextVar("sample", default=False)


def say_sample(demo: bool) -> None:
    """Say whether the county at work is marked as a demo; the host says it whenever work is opened."""
    _sample.set(demo)


def is_sample() -> bool:
    """Whether a paper made now has to say 示例."""
    return _sample.get()
