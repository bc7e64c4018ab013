"""Conveyors and queues: every number by hand."""

from fractions import Fraction as F

from table import expected, grid


@expected()
def conveyor_chain():
    return range(6), {
        "belt[A]": [0, 3, 3, 6, 3, 3],
        "belt[B]": [0, 0, 3, 3, 6, 3],
        "belt[C]": [0, 0, 0, 0, 0, 6],
        "entering[A]": [3, 3, 6, 3, 3, 3],
        "entering[B]": [0, 3, 0, 6, 3, 3],
        "entering[C]": [0, 0, 0, 0, 6, 3],
        "leaving[A]": [0, 3, 3, 6, 3, 3],
        "leaving[B]": [0, 0, 0, 3, 6, 3],
        "leaving[C]": [0, 0, 0, 0, 0, 6],
    }


@expected()
def conveyor():
    return grid(0, F("1.5"), F("0.25")), {
        "belt": [40, 55, 70, 85, 100, 100, 100],
        "arriving": [100] * 7,
        "departing": [40, 40, 40, 40, 100, 100, 100],
        "twice": [80, 80, 80, 80, 200, 200, 200],
        "total": [40, 55, 70, 85, 100, 100, 100],
        "slats": [4] * 7,
        "at exit": [10, 10, 10, 10, 25, 25, 25],
        "beyond": [0] * 7,
        "greatest": [10, 25, 25, 25, 25, 25, 25],
        "least": [10, 10, 10, 10, 25, 25, 25],
        "average": [10, 13.75, 17.5, 21.25, 25, 25, 25],
        "transit": [1] * 7,
        "departed": [0, 10, 20, 30, 40, 65, 90],
    }


@expected()
def conveyor_leak():
    return grid(0, F("1.25"), F("0.25")), {
        "belt": [90.625, 90.625, 90.625, 90.625, 90.625, 75.625],
        "arriving": [100, 100, 0, 100, 40, 40],
        "departing": [75, 75, 0, 75, 75, 75],
        "loss": [25, 25, 0, 25, 25, 21.25],
        "lost": [0, 6.25, 12.5, 12.5, 18.75, 25],
    }


@expected()
def conveyor_arrays():
    return grid(0, F("1.5"), F("0.5")), {
        "plant.belt[short]": [0, 1, 1, 1],
        "plant.belt[long]": [0, 1, 2, 2],
        "plant.departing[short]": [0, 2, 2, 2],
        "plant.departing[long]": [0, 0, 2, 2],
        "all": [0, 2, 3, 3],
        "second slat": [0, 1, 1, 1],
        "on long": [0, 1, 2, 2],
    }


@expected()
def queue_and_conveyor():
    return grid(0, F("2.5"), F("0.5")), {
        "waiting": [0, 0, 0.5, 1, 1, 1.5],
        "arriving": [2] * 6,
        "boarding": [2, 1, 1, 2, 1, 1],
        "belt": [0, 1, 1.5, 1, 1.5, 1.5],
        "departing": [0, 0, 2, 1, 1, 2],
        "batches": [0, 0, 1, 1, 1, 2],
        "room": [1.5] * 6,
    }


@expected()
def macro_event():
    times = grid(0, 4, 1)
    return times, {"slow": [t / 2 for t in times], "fast": times}


@expected()
def conveyor_source():
    return grid(0, 1, F("0.25")), {
        "healthy": [80, 63, 42.875, 21.4375, 0],
        "finishing": [28, 49, 64.3125, 75.03125, 0],
        "falling ill": [40, 31.5, 21.4375, 10.71875, 0],
        "sick": [0, 10, 16.875, 18.484375, 13.2421875],
        "recovering": [0, 4, 15, 31.6875, 52.96875],
    }


@expected()
def conveyor_options():
    once = lambda at, value: [value if t == at else 0 for t in range(6)]
    return list(range(6)), {
        "held": [2, 2, 2, 2, 4, 4],
        "fading": [12, 2, 0, 0, 0, 0],
        "fading out": [4, 1, 0, 0, 0, 0],
        "faded": [6, 1, 0, 0, 0, 0],
        "zoned": [0, 8, 6, 4, 4, 0],
        "zoned out": once(4, 4),
        "zoned loss": [0, 2, 2, 0, 0, 0],
        "whole": [0, 3, 3, 0, 0, 0],
        "whole out": once(2, 2),
        "whole loss": once(2, 1),
        "twice": [0, 8, 5, 0, 0, 0],
        "twice out": once(2, 2),
        "quarter": [0, 1, 1, 0, 0, 0],
        "half": [0, 2, 2, 0, 0, 0],
        "left out": once(2, 2),
        "left first": once(1, 4),
        "left second": once(2, 2),
        "came out": once(2, 0),
        "came first": once(1, 4),
        "came second": once(2, 4),
        "even": [0, 8, 6, 4, 2, 0],
        "even out": [0, 2, 2, 2, 2, 0],
        "drawn": [0, 8, 2, 0, 0, 0],
        "drawn out": [0, 6, 2, 0, 0, 0],
        "like": [10, 8, 4, 0, 0, 0],
        "like out": [6, 4, 4, 0, 0, 0],
    }


@expected()
def queue_options():
    return list(range(6)), {
        "whole": [0, 0, 2, 0, 0, 0],
        "whole on": [3, 0, 2, 0, 0, 0],
        "whole off": [0, 0, 3, 0, 2, 0],
        "whole belt": [0, 3, 3, 2, 2, 0],
        "one": [0, 1, 2, 2, 2, 2],
        "one on": [0, 0, 1, 1, 1, 1],
        "all": [0, 1, 2, 0, 0, 0],
        "all on": [0, 0, 3, 1, 1, 1],
        "full": [0] * 6,
        "full on": [1] * 6,
        "spilt": [1] * 6,
        "full off": [0, 1, 1, 1, 1, 1],
        "at the front": [0, 1, 1, 0, 0, 0],
        "batches": [0, 1, 2, 0, 0, 0],
        "second": [0, 0, 1, 1, 1, 1],
    }


@expected()
def conveyor_changes():
    return list(range(8)), {
        "longer out": [0, 0, 1, 2, 0, 0, 3, 4],
        "longer": [0, 1, 3, 5, 7, 12, 18, 22],
        "longer time": [2, 2, 2, 4, 4, 4, 4, 4],
        "shorter out": [0, 0, 0, 0, 4, 6, 5, 6],
        "shorter": [0, 1, 3, 6, 10, 11, 11, 13],
        "zone": [0, 8, 14, 11, 8, 0, 0, 0],
        "zone out": [0, 0, 0, 3, 6, 0, 0, 0],
        "zone loss": [0, 0, 3, 0, 2, 0, 0, 0],
        "wait": [0, 8, 8, 0, 0, 0, 0, 0],
        "wait out": [0, 0, 6, 0, 0, 0, 0, 0],
        "wait loss": [0, 0, 2, 0, 0, 0, 0, 0],
        "behind": [0, 0, 0, 2, 0, 0, 0, 0],
        "stand": [0, 8, 8, 6, 0, 0, 0, 0],
        "stand out": [0, 0, 0, 4, 0, 0, 0, 0],
        "stand loss": [0, 0, 2, 2, 0, 0, 0, 0],
        "pair": [0, 16, 14, 12, 7, 0, 0, 0],
        "pair out": [0, 0, 0, 0, 2, 0, 0, 0],
        "pair first": [0, 2, 2, 2, 2, 0, 0, 0],
        "pair second": [0, 0, 0, 3, 3, 0, 0, 0],
        "spread": [0, 8, F(21, 4), 3, F(5, 4), 0, 0, 0],
        "spread out": [0, F(7, 4), F(3, 2), F(5, 4), 1, 0, 0, 0],
        "spread loss": [0, 1, F(3, 4), F(1, 2), F(1, 4), 0, 0, 0],
        "begun": [5, 1, 0, 0, 0, 0, 0, 0],
        "lanes[a]": [6, 3, 2, 0, 0, 0, 0, 0],
        "lanes[c]": [10, 7, 6, 0, 0, 0, 0, 0],
    }


@expected()
def queue_multiplier():
    times = list(range(7))
    waiting, slats, gone = F(0), [F(0), F(0)], F(0)
    columns = {name: [] for name in ("waiting", "boarding", "belt", "leaving", "gone", "balance")}
    for _ in times:
        room = 10 - sum(slats) + slats[0]
        boarding = min(waiting + 3, room / 2)
        for name, value in zip(columns, (waiting, boarding, sum(slats), slats[0], gone, 0)):
            columns[name].append(value)
        waiting, gone, slats = waiting + 3 - boarding, gone + slats[0], [slats[1], 2 * boarding]
    return times, columns | {
        "line[a]": [10, 8, 6, 0, 0, 0, 0],
        "on[a]": [2, 2, 6, 0, 0, 0, 0],
        "lane[a]": [0, 1, 1, 0, 0, 0, 0],
        "line[b]": [10, 6, 2, 0, 0, 0, 0],
        "on[b]": [4, 4, 2, 0, 0, 0, 0],
        "lane[b]": [0, 1, 1, 0, 0, 0, 0],
    }
