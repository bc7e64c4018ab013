//! Where an artifact comes from: the files that were read, and their digests.

use sha2::{Digest, Sha256};
use simc_artifact::ReadFile;
use simc_model::source::{FileId, Sources};

/// SHA-256 of the text. Of several files, that of their digests, texts first.
pub(super) fn digest(sources: &Sources) -> [u8; 32] {
    let digests: Vec<[u8; 32]> = contents(sources).map(|(_, bytes)| Sha256::digest(bytes).into()).collect();
    match digests.as_slice() {
        [one] => *one,
        several => Sha256::digest(several.concat()).into(),
    }
}

/// The files of a model that was read from several, texts first. Names do not tell where on a machine they were.
pub(super) fn list(sources: &Sources, root: FileId) -> Vec<ReadFile> {
    let model = sources.file(root).name.as_str();
    let folder = &model[..folder_len(model)];
    let file = |(name, bytes): (&str, &[u8])| ReadFile {
        name: relative(name, folder).to_owned(),
        digest: Sha256::digest(bytes).into(),
    };
    if contents(sources).count() < 2 { Vec::new() } else { contents(sources).map(file).collect() }
}

fn contents(sources: &Sources) -> impl Iterator<Item = (&str, &[u8])> {
    let texts = sources.iter().map(|(_, file)| (file.name.as_str(), file.text.as_bytes()));
    texts.chain(sources.data().iter().map(|file| (file.name.as_str(), file.bytes.as_slice())))
}

/// A path as seen from a folder; of one that lies elsewhere only its last part.
fn relative<'p>(path: &'p str, folder: &str) -> &'p str {
    let is_part = |part: &str| !matches!(part, "" | "..") && !part.ends_with(':');
    let is_plain = |rest: &&str| rest.split(['/', '\\']).all(is_part);
    path.strip_prefix(folder).filter(is_plain).unwrap_or(&path[folder_len(path)..])
}

/// Bytes of the part of a path that names its folder.
fn folder_len(path: &str) -> usize {
    path.rfind(['/', '\\']).map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn names_are_paths_from_the_folder_of_the_model() {
        assert_eq!(relative("m/data/a.csv", "m/"), "data/a.csv");
        assert_eq!(relative("a.csv", ""), "a.csv");
        assert_eq!(relative("../a.csv", ""), "a.csv");
        assert_eq!(relative("/home/me/a.csv", ""), "a.csv");
        assert_eq!(relative("/home/you/a.csv", "/home/me/"), "a.csv");
        assert_eq!(relative("c:\\data\\a.csv", ""), "a.csv");
    }
}
