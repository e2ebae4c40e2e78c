//! An explanation for a person.

use super::{Case, Finding};
use crate::say::Say;
use roundtrip_explain::contrast::Contrast;
use roundtrip_explain::flows::{Passage, StepRow, Told};
use roundtrip_explain::message::{Message, Value, packet};
use roundtrip_explain::reading::{Conversation, Purpose};
use roundtrip_explain::{Cause, Cure, Outcome, Verdict, words};
use roundtrip_sim::{ActionId, NodeId, SimTime};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

pub(super) fn write(out: &mut impl Write, case: &Case<'_>, say: &Say, findings: &[Finding<'_>]) -> io::Result<()> {
    let title = case.lab.title.get(say.language());
    if !title.is_empty() {
        writeln!(out, "{title}\n")?;
    }
    if findings.is_empty() {
        return writeln!(out, "{}", say.text("no-conversations", &[]));
    }
    let tell = Telling { case, say };
    // At a glance first.
    let width = findings.iter().map(|(verdict, _)| verdict.conversation.name.width()).max().unwrap_or(0);
    for (verdict, _) in findings {
        let name = padded(&verdict.conversation.name, width);
        writeln!(out, "{} {name}  {}", words::outcome_sign(verdict.outcome), tell.message(&verdict.summary()))?;
    }
    for (verdict, cures) in findings {
        writeln!(out)?;
        tell.verdict(out, verdict, cures.as_deref())?;
    }
    // What is true of a cause everywhere is said once, however many conversations it stops.
    let mut causes: Vec<Cause> = findings.iter().map(|(verdict, _)| verdict.cause).filter(|cause| *cause != Cause::Healthy).collect();
    causes.sort_unstable();
    causes.dedup();
    if !causes.is_empty() {
        writeln!(out, "\n{}", say.text("explain-causes", &[]))?;
    }
    causes.into_iter().try_for_each(|cause| tell.cause(out, cause))
}

/// Says a case.
struct Telling<'a> {
    case: &'a Case<'a>,
    say: &'a Say,
}

impl Telling<'_> {
    fn message(&self, message: &Message) -> String {
        self.say.tell(self.case.lab, message)
    }

    fn device(&self, node: NodeId) -> String {
        self.say.device(self.case.lab, self.case.name(node))
    }

    fn heading(&self, out: &mut impl Write, id: &str, args: &[(&'static str, &str)]) -> io::Result<()> {
        writeln!(out, "\n  {}", self.say.text(id, args))
    }

    fn verdict(&self, out: &mut impl Write, verdict: &Verdict, cures: Option<&[Cure]>) -> io::Result<()> {
        let conversation = &verdict.conversation;
        let begins = self.say.text("explain-begins", &[("seconds", &seconds(conversation.begins))]);
        writeln!(out, "{} {}: {}, {begins}", words::outcome_sign(verdict.outcome), conversation.name, self.about(conversation))?;
        writeln!(out, "  {}", self.message(&verdict.summary()))?;
        writeln!(out, "  {} [{}]", self.message(&verdict.sentence), verdict.cause.id())?;
        self.lights(out, verdict)?;
        self.chain(out, verdict)?;
        self.beliefs(out, verdict)?;
        if let Some(contrast) = &verdict.contrast {
            self.contrast(out, verdict, contrast)?;
        }
        self.cures(out, verdict, cures)
    }

    /// What there is to say about a cause in general.
    fn cause(&self, out: &mut impl Write, cause: Cause) -> io::Result<()> {
        writeln!(out, "\n{}: {}", cause.id(), self.say.text(cause.name_id(), &[]))?;
        writeln!(out, "  {}", self.say.text(cause.about_id(), &[]))?;
        writeln!(out, "  {}", self.say.text("explain-source", &[("source", &self.say.text(cause.source_id(), &[]))]))
    }

    /// What it is: `Web page, PC1 → PC2 (192.168.2.10:80)`.
    fn about(&self, conversation: &Conversation) -> String {
        let port = match conversation.purpose {
            Purpose::Tcp { port } | Purpose::Udp { port } => format!(":{port}"),
            Purpose::Ping | Purpose::Traceroute => String::new(),
        };
        let address = format!("{}{port}", conversation.to);
        let to = conversation.target.map_or_else(|| address.clone(), |node| format!("{} ({address})", self.device(node)));
        let from = self.device(conversation.from);
        format!("{}, {from} → {to}", self.message(&words::purpose(conversation.purpose)))
    }

    fn lights(&self, out: &mut impl Write, verdict: &Verdict) -> io::Result<()> {
        let name = |node| self.case.name(node).to_owned();
        let lights = verdict.lights.iter().map(|light| {
            let state = self.message(&words::light(&light.state, name));
            format!("{} {} {state}", self.message(&words::stage(light.stage)), words::sign(&light.state))
        });
        writeln!(out, "  {}", lights.collect::<Vec<_>>().join("   "))
    }

    fn chain(&self, out: &mut impl Write, verdict: &Verdict) -> io::Result<()> {
        if !verdict.chain.is_empty() {
            let id = match verdict.cause {
                Cause::AsymmetricHarmless => "explain-harmless",
                _ if verdict.outcome == Outcome::Healthy => "explain-works",
                _ => "explain-why",
            };
            self.heading(out, id, &[])?;
            for (place, link) in verdict.chain.iter().enumerate() {
                let arrow = if place == 0 || verdict.outcome == Outcome::Healthy { " " } else { "←" };
                writeln!(out, "  {arrow} {}", self.message(&link.message))?;
            }
        }
        if !verdict.asides.is_empty() {
            self.heading(out, "explain-asides", &[])?;
            for link in &verdict.asides {
                writeln!(out, "    {}", self.message(&link.message))?;
            }
        }
        Ok(())
    }

    fn beliefs(&self, out: &mut impl Write, verdict: &Verdict) -> io::Result<()> {
        let Some(beliefs) = verdict.beliefs.as_ref().filter(|beliefs| beliefs.disagree) else { return Ok(()) };
        self.heading(out, "explain-beliefs", &[("seconds", &seconds(beliefs.at))])?;
        let rows: Vec<String> = beliefs.rows.iter().map(|row| format!("{} {}", self.device(row.node), row.state)).collect();
        writeln!(out, "    {}  ({})", rows.join(" ≠ "), self.say.text("explain-disagree", &[]))
    }

    fn conversation(&self, action: ActionId) -> &str {
        self.case.explanation.of(action).map_or("?", |verdict| verdict.conversation.name.as_str())
    }

    /// The two flows side by side.
    fn contrast(&self, out: &mut impl Write, verdict: &Verdict, contrast: &Contrast) -> io::Result<()> {
        let other = self.conversation(contrast.other);
        self.heading(out, "explain-contrast", &[("other", other)])?;
        writeln!(out, "    {}", self.message(&contrast.message))?;
        let rows = contrast.flows.rows.iter().map(|row| ["".to_owned(), self.passage(&row.lives), self.passage(&row.dies)]);
        let head = ["".to_owned(), other.to_owned(), verdict.conversation.name.clone()];
        columns(out, std::iter::once(head).chain(rows).collect())?;
        if contrast.flows.steps.is_empty() {
            return Ok(());
        }
        self.heading(out, "explain-steps", &[("node", &self.device(contrast.node))])?;
        let told = |told: Option<&Told>| told.map_or_else(|| "–".to_owned(), |told| self.message(&told.message));
        let step = |row: &StepRow| [if row.same { "=" } else { "≠" }.to_owned(), told(row.lives.as_ref()), told(row.dies.as_ref())];
        columns(out, contrast.flows.steps.iter().map(step).collect())
    }

    /// A packet with its way and whether it arrived.
    fn passage(&self, passage: &Passage) -> String {
        let names = passage.way.iter().map(|node| self.case.name(*node).to_owned()).collect();
        let told = Message::new("passage").with("packet", packet(passage.label)).with("way", Value::Way(names));
        format!("{} {}", if passage.arrived { "✓" } else { "✕" }, self.message(&told))
    }

    fn cures(&self, out: &mut impl Write, verdict: &Verdict, cures: Option<&[Cure]>) -> io::Result<()> {
        let Some(cures) = cures.filter(|cures| !cures.is_empty() || !verdict.outcome.works()) else { return Ok(()) };
        self.heading(out, "explain-cures", &[])?;
        if cures.is_empty() {
            return writeln!(out, "    {}", self.say.text("explain-no-cure", &[]));
        }
        for (place, cure) in (1..).zip(cures) {
            writeln!(out, "  {place:>2}. {}", self.message(&cure.message))?;
            for (id, names) in [("explain-also-mends", &cure.mends), ("explain-breaks", &cure.breaks)] {
                if !names.is_empty() {
                    writeln!(out, "      {}", self.say.text(id, &[("conversations", &names.join(", "))]))?;
                }
            }
        }
        Ok(())
    }
}

fn seconds(time: SimTime) -> String {
    format!("{:.3}", time.as_secs_f64())
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Rows of a sign and two columns, the second of them ragged.
fn columns(out: &mut impl Write, rows: Vec<[String; 3]>) -> io::Result<()> {
    let width = rows.iter().map(|[_, left, _]| left.width()).max().unwrap_or(0);
    for [sign, left, right] in rows {
        writeln!(out, "  {} {} │ {right}", padded(&sign, 1), padded(&left, width))?;
    }
    Ok(())
}
