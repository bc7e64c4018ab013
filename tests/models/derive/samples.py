"""The larger models: closed forms where there are any, else the recurrence of each stock, and what must balance."""

from fractions import Fraction as F

from table import constant, expected, grid


def line(x, first, last, ys):
    """Evenly spaced points joined by lines, constant outside."""
    at = min(max((x - first) / (last - first) * (len(ys) - 1), 0), len(ys) - 1)
    left = min(int(at), len(ys) - 2)
    return ys[left] + (at - left) * (ys[left + 1] - ys[left])


@expected(rtol=1e-12)
def teacup():
    times = grid(0, 30, F(1, 8))
    cup = [70 + 110 * F(79, 80) ** n for n in range(len(times))]
    return times, {
        "Teacup Temperature": cup,
        "Heat Loss to Room": [(x - 70) / 10 for x in cup],
        "Room Temperature": constant(times, 70),
        "Characteristic Time": constant(times, 10),
    }


@expected(rtol=1e-10)
def sir():
    s, i, r = 9990.0, 10.0, 0.0
    days, rows = range(121), []
    for _ in days:
        rows.append((s, i, r, 0.4 * s * i / 10000, i / 7, 2.8 * s / 10000))
        for _ in range(4):
            infection, recovery = 0.4 * s * i / 10000, i / 7
            s, i, r = s - infection / 4, i + (infection - recovery) / 4, r + recovery / 4
    titles = ["Susceptible", "Infectious", "Recovered", "Infection", "Recovery", "Reproduction Number"]
    return list(days), dict(zip(titles, map(list, zip(*rows)))) | {"Accounted For": constant(days, 10000)}


@expected(rtol=1e-9)
def predator_prey():
    catch = [0, 50, 95, 130, 155, 170, 180, 186, 190, 192, 193]
    starving = [0.94, 0.66, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.07, 0.05]
    hares, lynxes = 50000.0, 1100.0
    years, rows = range(61), []
    for _ in years:
        rows.append((hares, lynxes))
        for _ in range(16):
            caught, dying = line(hares / 1000, 0, 500, catch), line(hares / 1000, 0, 100, starving)
            hares, lynxes = hares + (1.25 * hares - caught * lynxes) / 16, lynxes + (0.25 - dying) * lynxes / 16
    titles = ["Hares", "Lynxes"]
    columns = dict(zip(titles, map(list, zip(*rows))))
    return list(years), columns | {"Hare Density": [x / 1000 for x in columns["Hares"]]}


@expected(rtol=1e-10)
def production():
    weeks = list(range(0, 201, 5))
    # In balance 100 people make the 1000 units that are ordered and shipped; their cost of 16 with the markup is the price of 20.
    balance = {
        "Order Rate Wanted": 1000, "Effect of Price": 1, "Effect of Delay": 1, "Effect of Reputation": 1, "Delivery Delay": 2, "Backlog": 2000, "Order Fulfilment": 1000,
        "Inventory": 4000, "Production": 1000, "Shipments": 1000, "Coverage": 4, "Expected Orders": 1000, "Desired Production": 1000, "Schedule Pressure": 1,
        "Workforce": 100, "Hiring": 1, "Quitting": 1, "Layoffs": 0, "Equipment": 100, "Installation": F(1, 2), "Wear": F(1, 2), "Quality": 1, "Reputation": 1,
        "Price": 20, "Unit Cost": 16, "Desired Price": 20, "Revenue": 20000, "Spending": 16000,
    }
    until_step = {title: [value if t < 20 else None for t in weeks] for title, value in balance.items()}
    return weeks, until_step | {
        "Market Demand": [1000 if t < 20 else 1100 for t in weeks],
        "Orders": [1000 if t < 20 else 1100 if t == 20 else None for t in weeks],
        "Produced": [1000 * t if t <= 20 else None for t in weeks],
        "Cash": [50000 + 4000 * t if t <= 20 else None for t in weeks],
        "Goods Accounted For": constant(weeks, 4000),
        "Orders Accounted For": constant(weeks, 2000),
        "People Accounted For": constant(weeks, 100),
        "Money Accounted For": constant(weeks, 50000),
    }


@expected(rtol=1e-9)
def epidemic_regions():
    people, contacts = (100000.0, 40000.0, 2000.0), (10.0, 10.0, 6.0)
    s, i, r = [99950.0, 40000.0, 2000.0], [50.0, 0.0, 0.0], [0.0, 0.0, 0.0]
    first, second = [0.0] * 3, [0.0] * 3
    days, rows, peak = range(61), [], 0.0
    for step in range(241):
        t = step / 4
        peak = max(peak, sum(i))
        if step % 4 == 0:
            rows.append((*s, *i, *r, sum(i), sum(first) + sum(second), peak))
        lockdown = 1 - (0.5 if t + 0.125 > 30 else 0) + 0.05 * max(min(t, 50) - 40, 0)
        share = [x / n for x, n in zip(i, people)]
        for k in range(3):
            pressure = contacts[k] * lockdown * 0.06 * (0.96 * share[k] + 0.02 * (sum(share) - share[k]))
            infection, recovery = s[k] * pressure, i[k] / 5
            s[k], i[k], r[k] = s[k] - infection / 4, i[k] + (infection - recovery) / 4, r[k] + recovery / 4
            moved, left = first[k] / 2, second[k]
            first[k], second[k] = first[k] + (0.1 * infection - moved) / 4, second[k] + (moved - left) / 4
    places = ("North", "South", "Island")
    titles = [f"{place}.{stock}" for stock in ("Susceptible", "Infectious", "Recovered") for place in places]
    columns = dict(zip([*titles, "All Infectious", "All Patients", "Peak"], map(list, zip(*rows))))
    return list(days), columns | {f"{place}.accounted for": constant(days, n) for place, n in zip(places, people)}
