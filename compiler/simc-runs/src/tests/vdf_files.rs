//! Files as Vensim lays them out, made here: a run has a stock, an array over two dimensions, a constant and a helper.

/// Which form a file has.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Form {
    Single,
    Double,
}

/// Saved times.
pub(super) const TIMES: [f64; 3] = [0.0, 0.5, 1.0];

const MARK: u32 = 0xbf4c_37a1;

/// The bytes of a run.
pub(super) fn a_run(form: Form) -> Vec<u8> {
    let is_double = form == Form::Double;
    let stride: usize = if is_double { 22 } else { 16 };
    let first: usize = if is_double { 0x43 } else { 0x2b };
    let reference = |record: usize| (first + record * stride + 1) as u32;

    let names = ["Time", "Stock", "rate", "Region", "North", "South", "Age", "young", "old", "limit", "#helper#"];
    let (name_bytes, keys) = name_table(&names, is_double);
    // Two shapes: of a scalar, and of Region by Age.
    let scalar = 5usize;
    let size_words = if is_double { 2 } else { 1 };
    let shape_words = 1 + 16 * size_words + 9;
    let array = scalar + shape_words + 1;
    let mut shapes = vec![MARK, 0, 0, 135, 0];
    shapes.extend(shape(1, &[], &[], size_words));
    shapes.push(0);
    shapes.extend(shape(4, &[2, 2], &[reference(3), reference(6)], size_words));

    // Name, shape, position, class.
    let records: [(usize, usize, u32, u32); 11] = [
        (0, scalar, 0, 0x0f),
        (1, scalar, 1, 0x08),
        (2, array, 2, 0x11),
        (3, 0, 0, 0x84),
        (4, 0, 0, 0x83),
        (5, 0, 1, 0x83),
        (6, 0, 0, 0x84),
        (7, 0, 0, 0x83),
        (8, 0, 1, 0x83),
        (9, scalar, 6, 0x17),
        (10, scalar, 7, 0x11),
    ];
    let mut record_words = vec![0; first];
    record_words[0] = MARK;
    for (name, shape, position, class) in records {
        let mut record = vec![0; stride];
        record[0] = keys[name];
        record[4] = shape as u32;
        record[if is_double { 10 } else { 9 }] = position;
        record[stride - 1] = class;
        record_words.extend(record);
    }
    let dimensions = vec![
        MARK,
        0,
        0,
        500,
        1,
        reference(3),
        2,
        0,
        reference(4),
        reference(5),
        reference(6),
        2,
        0,
        reference(7),
        reference(8),
        0,
    ];

    let mut file = vec![0u8; if is_double { 0x144 } else { 0xa8 }];
    file[..4].copy_from_slice(b"\x7f\xf7\x17\x52");
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    file.extend(words(&[MARK, 2, 2, 500]));
    file.extend(words(&record_words));
    file.extend(words(&[MARK]));
    file.extend(name_bytes);
    file.extend(words(&shapes));
    file.extend(words(&[MARK, 1, 1, 500]));
    file.extend(words(&dimensions));
    file.extend(words(&[MARK, 1, 1, 100]));
    file.extend(words(&[MARK, 1, 1, 500]));

    let number =
        |value: f64| if is_double { value.to_le_bytes().to_vec() } else { (value as f32).to_le_bytes().to_vec() };
    // At each position: the values, with those times left out that hold the value before, or a constant.
    let values: [&[Option<f64>]; 8] = [
        &[Some(0.0), Some(0.5), Some(1.0)],
        &[Some(100.0), Some(101.5), Some(103.25)],
        &[Some(1.0), None, None],
        &[Some(2.0), None, Some(2.5)],
        &[Some(3.0), Some(3.5), None],
        &[Some(4.0), None, None],
        &[],
        &[Some(9.0), None, None],
    ];
    let last = file.len();
    for values in values {
        file.extend(number(values.iter().flatten().last().copied().unwrap_or(7.25)));
    }
    let end = file.len();
    let width = if is_double { 8 } else { 4 };
    let mut blocks = Vec::new();
    let offsets = end;
    for values in values {
        let at = offsets + 8 * width + blocks.len();
        if values.is_empty() {
            file.extend(number(7.25));
            continue;
        }
        file.extend(&(at as u64).to_le_bytes()[..width]);
        let bitmap = values.iter().enumerate().map(|(at, value)| u8::from(value.is_some()) << at).sum::<u8>();
        blocks.extend((values.iter().flatten().count() as u16).to_le_bytes());
        blocks.push(bitmap);
        blocks.extend(values.iter().flatten().flat_map(|&value| number(value)));
    }
    file.extend(blocks);
    let mut set = |at: usize, value: usize| file[at..at + 4].copy_from_slice(&(value as u32).to_le_bytes());
    let at = if is_double { [0x64, 0x6c, 0x74, 0xa0] } else { [0x58, 0x5c, 0x60, 0x7c] };
    for (at, value) in at.into_iter().zip([last, end, offsets, TIMES.len()]) {
        set(at, value);
    }
    file
}

/// Names as bytes from the third word of their section on, and their keys.
fn name_table(names: &[&str], is_double: bool) -> (Vec<u8>, Vec<u32>) {
    // Lengths and a constant, and what comes before the length of the first name.
    let mut bytes = vec![0; if is_double { 16 } else { 18 }];
    let mut keys = Vec::new();
    for name in names {
        let length = name.len().next_multiple_of(4) + if is_double { 0 } else { 2 };
        if is_double {
            bytes.extend((length as u32).to_le_bytes());
        } else {
            bytes.extend((length as u16).to_le_bytes());
        }
        keys.push(((bytes.len() - 20) / 4 + 7) as u32);
        bytes.extend(name.as_bytes());
        bytes.resize(bytes.len() + length - name.len(), 0);
        if is_double {
            bytes.extend([0; 4]);
        }
    }
    bytes.extend(vec![0; bytes.len().next_multiple_of(4) - bytes.len()]);
    (bytes, keys)
}

/// The words of a shape.
fn shape(n_elements: u32, sizes: &[u32], dimensions: &[u32], size_words: usize) -> Vec<u32> {
    let mut words = vec![0; 1 + 16 * size_words + 9];
    words[0] = n_elements;
    for (at, &size) in sizes.iter().enumerate() {
        words[1 + at * size_words] = size;
        words[1 + (8 + at) * size_words] = sizes[at + 1..].iter().product();
    }
    let dimensions_at = 1 + 16 * size_words;
    words[dimensions_at..dimensions_at + dimensions.len()].copy_from_slice(dimensions);
    words[dimensions_at + 8] = dimensions.len() as u32;
    words
}
