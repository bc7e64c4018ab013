use super::*;

#[test]
fn memories_of_conveyors_and_queues_are_called_what_they_hold() {
    let of = |is_queue| what_of(&model::Transport::unknown(VarId(0), is_queue));
    assert_eq!([of(false), of(true)], ["slats", "batches"]);
}
