//! Cells by row and column.

use crate::Fault;
use crate::bounds::{self, MAX_CELLS};

/// What a cell holds. An empty one is not there at all.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A number; in a text also one that is not finite.
    Number(f64),
    /// Anything that is no number, without the blanks around it.
    Text(String),
    /// An error value such as `#N/A`.
    Error(String),
    /// A date or a time of day.
    Date,
    /// A formula whose result is not in the file.
    Uncomputed,
}

/// How places of a sheet are reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Rows and columns are numbered: a text.
    Text,
    /// Columns have letters: a workbook.
    Workbook,
}

/// Which way the values of a variable run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Orientation {
    /// Down a column; headings are in the first row.
    #[default]
    Vertical,
    /// Along a row; headings are in the first column.
    Horizontal,
}

/// The cells of one sheet. Rows and columns count from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    kind: Kind,
    /// By row, then column; no position occurs twice.
    cells: Vec<((u32, u32), Cell)>,
}

/// A column, or in a horizontal sheet a row: a heading and what is after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line<'s> {
    /// The cell at its head, if there is one.
    pub heading: Option<&'s Cell>,
    /// Where the head is: row and column.
    pub place: (u32, u32),
    /// The cells that are not empty, each with its distance from the heading, which is at least 1 and ascends.
    pub cells: Vec<(u32, &'s Cell)>,
}

impl Sheet {
    /// Sorts cells; of two at the same place the later one holds.
    pub(crate) fn new(kind: Kind, mut cells: Vec<((u32, u32), Cell)>) -> Result<Self, Fault> {
        if cells.len() > MAX_CELLS {
            return Err(bounds::too_many_cells());
        }
        if !cells.is_sorted_by(|(a, _), (b, _)| a < b) {
            cells.reverse();
            cells.sort_by_key(|(place, _)| *place);
            cells.dedup_by_key(|(place, _)| *place);
        }
        Ok(Self { kind, cells })
    }

    /// The cell at a row and a column, unless it is empty.
    pub fn cell(&self, row: u32, column: u32) -> Option<&Cell> {
        let found = self.cells.binary_search_by_key(&(row, column), |(place, _)| *place).ok()?;
        Some(&self.cells[found].1)
    }

    /// How many cells hold anything.
    pub fn n_cells(&self) -> usize {
        self.cells.len()
    }

    /// All cells that hold anything, by row, then column.
    pub fn cells(&self) -> impl Iterator<Item = ((u32, u32), &Cell)> {
        self.cells.iter().map(|(place, cell)| (*place, cell))
    }

    /// Whether no cell holds anything.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The place of a cell as a user finds it: `cell B3`, or `row 3, column 2` of a text.
    pub fn show_place(&self, (row, column): (u32, u32)) -> String {
        match self.kind {
            Kind::Text => format!("row {}, column {}", u64::from(row) + 1, u64::from(column) + 1),
            Kind::Workbook => format!("cell {}{}", column_name(column), u64::from(row) + 1),
        }
    }

    /// All lines that hold anything, in order. Headings are in the first row, or column, that is not empty.
    pub fn lines(&self, orientation: Orientation) -> Vec<Line<'_>> {
        let turn = |(row, column): (u32, u32)| match orientation {
            Orientation::Vertical => (row, column),
            Orientation::Horizontal => (column, row),
        };
        let Some(first) = self.cells.iter().map(|(place, _)| turn(*place).0).min() else { return Vec::new() };
        let mut by_line: Vec<(u32, u32, &Cell)> = self
            .cells
            .iter()
            .map(|(place, cell)| {
                let (along, across) = turn(*place);
                (across, along - first, cell)
            })
            .collect();
        by_line.sort_by_key(|&(across, along, _)| (across, along));
        let lines = by_line.chunk_by(|a, b| a.0 == b.0);
        lines
            .map(|cells| {
                let (head, rest) = cells.split_at(usize::from(cells[0].1 == 0));
                Line {
                    heading: head.first().map(|head| head.2),
                    place: turn((first, cells[0].0)),
                    cells: rest.iter().map(|&(_, along, cell)| (along, cell)).collect(),
                }
            })
            .collect()
    }
}

impl Line<'_> {
    /// Row and column of the cell at a distance from the heading.
    pub fn place_of(&self, distance: u32, orientation: Orientation) -> (u32, u32) {
        let (row, column) = self.place;
        match orientation {
            Orientation::Vertical => (row + distance, column),
            Orientation::Horizontal => (row, column + distance),
        }
    }
}

/// The letters of a column, counted from 0: `A`, `Z`, `AA`.
pub fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}
