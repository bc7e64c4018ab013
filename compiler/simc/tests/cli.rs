//! The command line as scripts see it: exit statuses, files, streams and messages of the built program.

#[path = "cli/bad_artifacts.rs"]
mod bad_artifacts;
#[path = "cli/bad_models.rs"]
mod bad_models;
#[path = "cli/files.rs"]
mod files;
#[path = "cli/messages.rs"]
mod messages;
#[path = "cli/results.rs"]
mod results;
#[path = "cli/sandbox.rs"]
mod sandbox;
