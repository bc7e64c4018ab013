//! Tests of the resolution, on models in a few lines: see [`fixture`].

mod fixture;

mod arrays;
mod calls;
mod clamps;
mod constants;
mod conveyors;
mod cycles;
mod data;
mod draws;
mod equations;
mod limits;
mod modules;
mod moving;
mod names;
mod orders;
mod random;
mod random_arrays;
mod reducers;
mod scale;
mod slices;
mod starts;
mod states;
mod stocks;
mod times;
mod units;
mod verify;
mod verify_edges;
