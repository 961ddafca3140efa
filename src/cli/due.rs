//! `annexa due --within 60d`: what falls due, and what is overdue.

use clap::{Args, ValueEnum};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::load::{self, ProjectArguments};
use super::progress::Progress;
use super::voice::Voice;
use super::{CouldNotRun, Ended, names};
use crate::link::report::{self, Due};
use crate::render::export::ics;

#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// How far ahead to look, in days, weeks, months or years, as in 60d, 8w, 3m, 1y; what is overdue is always listed
    #[arg(long, value_name = "TIME", default_value = "60d", value_parser = within)]
    within: jiff::Span,
    /// Only what this role has to do
    #[arg(long, value_name = "ROLE")]
    owner: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON object
    Json,
    /// A calendar (RFC 5545)
    Ics,
}

fn within(text: &str) -> Result<jiff::Span, String> {
    let bad = || "write a number and d, w, m or y, as in 60d".to_owned();
    let unit = text.chars().last().ok_or_else(bad)?;
    let count = text.strip_suffix(unit).and_then(|count| count.parse::<u16>().ok()).map(i64::from).ok_or_else(bad)?;
    match unit {
        'd' => Ok(count.days()),
        'w' => Ok(count.weeks()),
        'm' => Ok(count.months()),
        'y' if count <= 9_999 => Ok(count.years()),
        _ => Err(bad()),
    }
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    let loaded = load::load(&arguments.project, &mut Progress::new(voice))?;
    let Some(manual) = &loaded.manual else {
        voice.show(&loaded.findings, &loaded.sources, loaded.language());
        return Ok(Ended::WithErrors);
    };
    let owner = arguments.owner.as_deref().map(|name| names::role(name, manual)).transpose()?;
    let until = manual.today.saturating_add(arguments.within);
    let mut due = report::calendar(manual);
    due.retain(|duty| duty.date <= until && (owner.is_none() || duty.owner == owner));
    match arguments.format {
        Format::Human if due.is_empty() => {
            voice.tell(&format!("Nothing falls due from {} to {until}, and nothing is overdue.\n", manual.today));
        }
        Format::Human => voice.say(&human(&due, manual.today, until))?,
        Format::Json => voice.say(&format!("{:#}\n", as_json(&due, manual.today, until)))?,
        Format::Ics => voice.say(&ics::write(manual, &due))?,
    }
    Ok(Ended::Well)
}

fn human(due: &[Due], today: Date, until: Date) -> String {
    let widest = |text: &dyn Fn(&Due) -> usize| due.iter().map(text).max().unwrap_or(0);
    let about = widest(&|duty| duty.about.to_string().chars().count());
    let what = widest(&|duty| duty.what.english().chars().count());
    let owner = widest(&|duty| duty.owner.as_ref().map_or(0, |owner| owner.as_str().len()));
    let mut out = String::new();
    for duty in due {
        let mark = if duty.overdue { "overdue" } else { "" };
        let by = duty.owner.as_ref().map_or("", |owner| owner.as_str());
        let line = format!("{}  {mark:7}  {:what$}  {:about$}  {by:owner$}  {}", duty.date, duty.what, duty.about.to_string(), duty.title);
        out.push_str(line.trim_end());
        out.push('\n');
    }
    let overdue = due.iter().filter(|duty| duty.overdue).count();
    let ahead = due.len() - overdue;
    out.push_str(&format!("\n{overdue} overdue on {today}, {ahead} due until {until}\n"));
    out
}

fn as_json(due: &[Due], today: Date, until: Date) -> Value {
    let duty = |duty: &Due| {
        json!({
            "date": duty.date.to_string(),
            "overdue": duty.overdue,
            "kind": duty.what.english(),
            "about": duty.about.to_string(),
            "title": duty.title.as_ref(),
            "owner": duty.owner.as_ref().map(|owner| owner.as_str()),
        })
    };
    json!({ "format": 1, "today": today.to_string(), "until": until.to_string(), "due": due.iter().map(duty).collect::<Vec<_>>() })
}
