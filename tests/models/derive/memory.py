"""PREVIOUS, INIT and the start of a run."""

from table import expected


@expected()
def previous():
    return list(range(9)), {
        "before": [0, 0, 1, 2, 3, 4, 5, 6, 7],
        "before with start": [-5, 0, 1, 2, 3, 4, 5, 6, 7],
        "powers": [2, 4, 8, 16, 32, 64, 128, 256, 512],
        "factorial": [1, 1, 2, 6, 24, 120, 720, 5040, 40320],
        "fibonacci": [1, 2, 3, 5, 8, 13, 21, 34, 55],
        "behind": [1, 1, 2, 3, 5, 8, 13, 21, 34],
        "triangular": [0, 1, 3, 6, 10, 15, 21, 28, 36],
        "last triangular": [0, 0, 1, 3, 6, 10, 15, 21, 28],
        "change": [0, 1, 2, 3, 4, 5, 6, 7, 8],
        "wave": [0, 3, 6, 2, 5, 1, 4, 0, 3],
        "greatest so far": [0, 3, 6, 6, 6, 6, 6, 6, 6],
        "two before": [-2, -1, 0, 1, 2, 3, 4, 5, 6],
        "toggle": [0, 1, 0, 1, 0, 1, 0, 1, 0],
        "started by another": [40, 0, 1, 2, 3, 4, 5, 6, 7],
    }


@expected()
def init():
    return [3, 4, 5, 6], {
        "first time": [3] * 4,
        "S": [4, 6, 8, 10],
        "first stock": [4] * 4,
        "index": [100, 150, 200, 250],
        "of both": [13] * 4,
        "of a flow": [6] * 4,
        "twice": [6, 8, 10, 12],
        "since": [0, 1, 2, 3],
    }


@expected()
def chained_initials():
    still = {
        "B": 3 + 5 + 7, "C": 5, "D": 7, "E": 26, "F": 20, "G": 3, "H": 9, "I": 6, "J": 44,
        "K": 17,  # a delay in balance gives its input: 6 + 11
        "L": 0.5,  # the trend that it was started with
    }
    return [2, 3, 4], {"A": [3, 4, 5], "twice A": [6, 8, 10]} | {title: [value] * 3 for title, value in still.items()}
