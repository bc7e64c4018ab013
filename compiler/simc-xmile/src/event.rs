//! `<event_poster>`: thresholds of a variable, and the events that fire when it passes them.

use roxmltree::Node;

use crate::code;
use crate::reader::Reader;
use simc_model::definition::{RepeatDef, ThresholdDef};
use simc_model::model::{Action, Direction, Event};

/// The parts of an event that are shown or played, and hold the name of a file.
const SHOWN: [&str; 4] = ["image", "link", "sound", "video"];

impl Reader<'_> {
    /// Reads the thresholds. `min` and `max` are bounds of an editor.
    pub(crate) fn event_poster(&mut self, node: Node<'_, '_>) -> Vec<ThresholdDef> {
        Self::elements(node)
            .filter(|child| child.tag_name().name() == "threshold")
            .filter_map(|child| self.threshold(child))
            .collect()
    }

    /// Reads a threshold. One without an event says nothing.
    fn threshold(&mut self, node: Node<'_, '_>) -> Option<ThresholdDef> {
        let value = self.number_attribute(node, "value");
        let directions = [("increasing", Direction::Increasing), ("decreasing", Direction::Decreasing)];
        let direction = self.choice(node, "direction", &directions);
        let repeats = [("each", RepeatDef::Each), ("once", RepeatDef::Once), ("once_ever", RepeatDef::OnceEver)];
        let repeat = self.choice(node, "repeat", &repeats);
        let interval = match Self::attribute(node, "interval") {
            Some(_) => Some(self.number_attribute(node, "interval")?),
            None => None,
        };
        let mut events = Vec::new();
        for child in Self::elements(node).filter(|child| child.tag_name().name() == "event") {
            events.push(self.event(child)?);
        }
        let span = self.start_span(node);
        let threshold = ThresholdDef { value: value?, direction: direction?, repeat: repeat?, interval, events, span };
        Some(threshold).filter(|threshold| !threshold.events.is_empty())
    }

    /// What an event does, and what it says: all text within it but that of pictures, sounds, films and links, which are for those
    /// who show them.
    fn event(&mut self, node: Node<'_, '_>) -> Option<Event> {
        let actions = [("pause", Action::Pause), ("stop", Action::Stop), ("message", Action::Message)];
        let action = self.choice(node, "sim_action", &actions)?;
        let is_shown = |text: &Node<'_, '_>| {
            let mut within = text.ancestors().take_while(|around| *around != node);
            within.any(|around| SHOWN.contains(&around.tag_name().name()))
        };
        let texts = node.descendants().filter(Node::is_text).filter(|text| !is_shown(text));
        let texts = texts.filter_map(|text| text.text());
        let words: Vec<&str> = texts.flat_map(str::split_whitespace).collect();
        Some(Event { action, message: words.join(" ") })
    }

    /// The value of an attribute that is one of several words; the first of them when it is absent.
    pub(crate) fn choice<T: Copy>(&mut self, node: Node<'_, '_>, attribute: &str, choices: &[(&str, T)]) -> Option<T> {
        let Some(written) = self.attribute_value(node, attribute) else {
            return choices.first().map(|&(_, first)| first);
        };
        let word = written.trimmed().0.to_ascii_lowercase();
        let found = choices.iter().find(|(name, _)| *name == word).map(|&(_, choice)| choice);
        if found.is_none() {
            let names: Vec<String> = choices.iter().map(|(name, _)| format!("`{name}`")).collect();
            let message = format!("`{attribute}` of <{}> is none of {}", self.tag(node), names.join(", "));
            self.error(code::BAD_VALUE, written.whole(), message);
        }
        found
    }
}
