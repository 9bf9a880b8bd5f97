class Problem(Exception):
    """Something the user can put right; the message says what is wrong and what to do."""


class Cancelled(Problem):
    """The user answered no."""


class Unanswered(Problem):
    """A question was asked, and nobody was there to answer."""
