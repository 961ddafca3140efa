//! `annexa serve`: a preview in the browser that follows what is written.

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::channel;

use clap::Args;
use jiff::civil::Date;

use super::voice::Voice;
use super::{CouldNotRun, Ended, load, names, today};
use crate::read::project;
use crate::serve::{Server, Settings};

/// The port, unless another is asked for.
const PORT: u16 = 4000;
/// How many ports are tried, where none is asked for.
const TRIED: u16 = 20;

#[derive(Args)]
pub(super) struct Arguments {
    /// The project's folder, which holds annexa.yaml
    #[arg(default_value = ".", value_name = "DIR")]
    project: PathBuf,
    /// The port on this machine (default: 4000, or the next that is free)
    #[arg(long, value_name = "N")]
    port: Option<u16>,
    /// Whose pages to show first: a classification, or `auditor` who sees everything (the default); the pages lead to the others
    #[arg(long, value_name = "NAME")]
    audience: Option<String>,
    /// Open it in the browser
    #[arg(long)]
    open: bool,
    /// The date that counts as today (default: SOURCE_DATE_EPOCH, else the clock, also after midnight)
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    let folder = &arguments.project;
    if !folder.is_dir() {
        return Err(CouldNotRun(format!("there is no folder `{}`; name the folder that holds {}", folder.display(), project::PATH)));
    }
    // What the environment says is looked at once, so that it cannot be wrong later.
    let first = today::today(arguments.today)?;
    if let Some(name) = &arguments.audience {
        let (sources, _) = load::sources(folder)?;
        if let Some(project) = project::read(&sources, &mut Vec::new()) {
            names::audience(name, &project, &[])?;
        }
    }
    let (stop, stopped) = channel();
    ctrlc::set_handler(move || _ = stop.send(()))?;
    let server = start(arguments, first, voice)?;
    let address = format!("http://{}/", server.address());
    voice.say(&format!("Serving {} at {address}; Ctrl-C ends it.\n", folder.display()))?;
    // A machine without a browser can serve one that looks in by a tunnel.
    if arguments.open
        && let Err(error) = open::that_detached(&address)
    {
        voice.say_error(&format!("No browser could be opened ({error}); open the address in one.\n"));
    }
    stopped.recv().ok();
    voice.tell("\n");
    Ok(Ended::Well)
}

/// Serves at the port that was asked for, else at the first that is free.
fn start(arguments: &Arguments, first: Date, voice: Voice) -> Result<Server, CouldNotRun> {
    let asked = arguments.today;
    let settings = |port| Settings {
        root: arguments.project.clone(),
        port,
        audience: arguments.audience.clone(),
        today: Box::new(move || today::today(asked).unwrap_or(first)),
        terminal: voice.options(&io::stderr()),
        say: Box::new(move |text| voice.say_error(text)),
    };
    let ports = arguments.port.map_or(PORT..=PORT + TRIED, |port| port..=port);
    for port in ports {
        match Server::start(settings(port)) {
            Ok(server) => return Ok(server),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            Err(error) => return Err(CouldNotRun(format!("port {port} cannot be had: {error}; name another one with --port"))),
        }
    }
    Err(CouldNotRun(match arguments.port {
        Some(port) => {
            format!("port {port} is in use, perhaps by another `annexa serve`; name another one, or none, and a free one is taken")
        }
        None => format!("the ports {PORT} to {} are all in use; name another one with --port", PORT + TRIED),
    }))
}
