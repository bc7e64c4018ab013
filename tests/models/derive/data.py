"""Values from tables: what stands in the table, interpolated by hand where times lie between; and the workbook that a model reads."""

import zipfile

from fractions import Fraction as F

from table import FOLDER, constant, expected, grid


@expected()
def data_series():
    times = grid(-1, 5, 1)
    # The integral of a rate that rises from 0 at 0 to 4 at 2, falls to 0 at 4, and is 0 elsewhere.
    level = [0, 0, 1, 4, 7, 8, 8]
    given = [5, 5, F(11, 2), 6, F(13, 2), 7, 7]
    return times, {
        "demand[North]": [10, 10, 15, 20, 30, 40, 40],
        "demand[South]": [1, 1, F(3, 2), 2, F(5, 2), 3, 3],
        "input": given,
        "partly[North]": constant(times, 7),
        "partly[South]": [0, 0, 2, 4, 6, 8, 8],
        "twice": [2 * value for value in given],
        "level": level,
        "rate": [0, 0, 2, 4, 2, 0, 0],
    }


@expected()
def data_constants():
    times = [0, 1, 2]
    people = [10, 15, F(45, 2)]
    groups = {
        f"groups[{region},{cohort}]": constant(times, 10 * (9 * at + cohort))
        for at, region in enumerate(("North", "South"))
        for cohort in range(1, 10)
    }
    return times, {
        "people": people,
        "births": [value / 2 for value in map(F, people)],
        "birth rate": constant(times, F(1, 2)),
        "weight[North]": constant(times, 1),
        "weight[South]": constant(times, 9),
        "share[North]": constant(times, F(1, 4)),
        "share[South]": constant(times, F(3, 4)),
        "formula": constant(times, 3),
        "effect": [0, 20, 40],
        "inner.deep": constant(times, F(5, 2)),
    } | groups


def write_workbook():
    """The workbook of `data_workbooks`: two worksheets, a shared text and a formula with its value."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    sheets = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in ((1, "Notes"), (2, "Rates")))
    links = "".join(
        f'<Relationship Id="r{n}" Type="{relations}/{kind}" Target="{target}"/>'
        for n, kind, target in (
            (1, "worksheet", "worksheets/sheet1.xml"),
            (2, "worksheet", "worksheets/sheet2.xml"),
            (3, "sharedStrings", "sharedStrings.xml"),
        )
    )
    cells = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>weight[South]</t></is></c></row>'
        '<row r="2"><c r="A2"><v>0.25</v></c><c r="B2"><f>3*2</f><v>6</v></c></row>'
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}</Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}"><si><t>birth rate</t></si></sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData/></worksheet>',
        "xl/worksheets/sheet2.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(FOLDER / "data_workbooks" / "rates.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)


@expected()
def data_workbooks():
    write_workbook()
    times = [0, 1, 2]
    return times, {
        "people": [16, 20, 25],
        "births": [4, 5, F(25, 4)],
        "birth rate": constant(times, F(1, 4)),
        "weight[North]": constant(times, 1),
        "weight[South]": constant(times, 6),
        "visitors": [100, 150, 200],
    }


@expected()
def vensim_data():
    times = grid(0, 4, F(1, 2))
    missing = -(2**109)
    held = [10, 10, 20, 20, 40, 40, 40, 40, 30]
    wide = [1 + t / 2 for t in times]
    curves = {"north": [min(1 + (t + 1) / 2, 3) for t in times], "south": [min(4 + (t + 1), 8) for t in times]}
    cells = {("north", 1): 1, ("north", 2): 2, ("south", 1): 3, ("south", 2): 4}
    return times, {
        "sales": [10, 15, 20, 30, 40, F(75, 2), 35, F(65, 2), 30],
        "gap": [1, F(3, 2), 2, 3, 4, 5, 6, 7, 8],
        "held": held,
        "ahead": [10, 20, 20, 40, 40, 30, 30, 30, 30],
        "raw": [10, missing, 20, missing, 40, missing, missing, missing, 30],
        "is missing": [0, 1, 0, 1, 0, 1, 1, 1, 0],
        "by region[north]": [t + 1 for t in times],
        "by region[south]": [10 * (t + 1) for t in times],
        "held by region[north]": [1, 1, 2, 2, 3, 3, 3, 3, 5],
        "held by region[south]": [10, 10, 20, 20, 30, 30, 30, 30, 50],
        "wide[north]": wide,
        "wide[south]": [4 + t for t in times],
        "total": [11 * (t + 1) + w for t, w in zip(times, wide)],
        **{f"rates[{region},m{member}]": constant(times, rate) for (region, member), rate in cells.items()},
        **{f"turned[m{member},{region}]": constant(times, rate) for (region, member), rate in cells.items()},
        "one rate": constant(times, 4),
        **{f"on curve[{region}]": curve for region, curve in curves.items()},
        "stock": [sum(held[:n], 0) / F(2) for n in range(len(times))],
        "partly[north]": [t + 2 for t in times],
        "partly[south]": constant(times, -5),
        "at time": [10, missing, 20, missing, 40, missing, missing, missing, 30],
        "next value": [20, 40, 40, 30, 30, 30, 30, missing, missing],
        "span": constant(times, 4),
        "shifted": [2, 3, 4, 5, 6, 7, 8, 8, 8],
        "mean of points": constant(times, 20),
    }
