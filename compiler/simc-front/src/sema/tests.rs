//! Tests of the resolution, on models in a few lines: see [`fixture`].

mod fixture;

mod circles;
mod clamps;
mod constants;
mod equations;
mod modules;
mod names;
mod orders;
mod random;
mod scale;
mod states;
mod stocks;
mod times;
