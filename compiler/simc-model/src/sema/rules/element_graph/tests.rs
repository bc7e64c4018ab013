use super::*;

#[test]
fn work_is_taken_as_long_as_there_is_enough() {
    let mut work = Work::whole();
    assert_eq!(work.take(MAX_WORK + 1), None);
    assert_eq!(work.take(MAX_WORK - 1), Some(()));
    assert_eq!([work.take(2), work.take(1), work.take(1)], [None, Some(()), None]);
    assert_eq!(work.take(0), Some(()));
}
