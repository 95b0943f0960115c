"""The rules of dibao as pure functions: the same facts and the same policies give the same answer and digest."""
