"""The same work in this process, in several, or on a Dask cluster.

An executor calls a function with a task and with the tools of the process that does it. Tools are what a
process needs for all its tasks, such as a loaded register: each process makes its own, once, and keeps them
as long as the executor is open.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

Tools_co = TypeVar("Tools_co", covariant=True)
Task = TypeVar("Task")
Result = TypeVar("Result")


class Executor(Protocol[Tools_co]):
    """Does tasks in some processes; the results do not depend on which these are."""

    def imap(self, function: Callable[[Tools_co, Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Yield the result of each task, in the order of the tasks.

        Raise NotReadOrWritten if the processes cannot go on.
        """
        ...
