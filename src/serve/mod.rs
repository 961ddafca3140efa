//! A preview while writing: watches the sources, reads again what changed, and serves to browsers on this machine what a build would write.
//!
//! The way: `watch` says that something may have changed; `keeper` reads it and decides whether it can be shown; an `edition` makes the pages, each when it is
//! asked for; `answer` finds what an address means, `http` speaks with the browser; `told` is what pages and terminal are told. The scripts that show it in a page
//! lie in `templates/serve` and are added to what is served, never to what is built.
//!
//! Law 6 in its own words: what cannot be shown keeps the last good pages where they are. No file is ever opened by an address: an address finds what an edition
//! makes, or nothing.
#![allow(clippy::disallowed_methods)] // law 1: serve reads the disk and measures how long clients take

mod answer;
mod edition;
mod http;
mod keeper;
mod told;
mod watch;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use jiff::civil::Date;

use crate::base::finding::terminal;
use edition::Edition;
use keeper::Keeper;
use told::Told;
use watch::Watch;

/// Most connections at a time: a browser opens six, and some to have them ready.
const CONNECTIONS: usize = 64;

/// What is served, and how.
pub struct Settings {
    /// The project's folder.
    pub root: PathBuf,
    /// The port on 127.0.0.1; 0 for any that is free.
    pub port: u16,
    /// The audience that `/` leads to; the highest where none is named.
    pub audience: Option<String>,
    /// The day that counts as today, asked whenever the sources are read.
    pub today: Box<dyn Fn() -> Date + Send + Sync>,
    /// How findings are shown in the terminal.
    pub terminal: terminal::Options,
    /// Where to what is said about findings goes.
    pub say: Box<dyn Fn(&str) + Send + Sync>,
}

/// A preview that runs until it is dropped.
pub struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
}

impl Server {
    /// Reads the project and begins to serve it. A project that is broken is served too: its pages say what is wrong.
    ///
    /// # Errors
    /// A port that cannot be had.
    pub fn start(settings: Settings) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, settings.port))?;
        let address = listener.local_addr()?;
        let port = address.port();
        let shared = Arc::new(Shared {
            settings,
            hosts: vec![format!("127.0.0.1:{port}"), format!("localhost:{port}")],
            state: Mutex::default(),
            changed: Condvar::new(),
            stopped: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
            listeners: AtomicUsize::new(0),
            #[cfg(feature = "pdf")]
            typesetter: Mutex::default(),
        });
        let watch = Watch::new(&shared.settings.root);
        let mut keeper = Keeper::new(shared.clone());
        keeper.read(|| true);
        let watched = shared.clone();
        thread::spawn(move || watch.run(&watched.stopped, |quiet| keeper.read(|| quiet.has_come())));
        let served = shared.clone();
        thread::spawn(move || serve(&served, &listener));
        Ok(Server { shared, address })
    }

    /// Where it is served: an address on 127.0.0.1.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        self.shared.changed.notify_all();
        // Whoever waits for the next connection gets one.
        TcpStream::connect(self.address).ok();
    }
}

/// What all threads share.
struct Shared {
    settings: Settings,
    /// By which names browsers may ask.
    hosts: Vec<String>,
    state: Mutex<State>,
    /// Told of every change of the state.
    changed: Condvar,
    stopped: AtomicBool,
    connections: AtomicUsize,
    /// How many pages have ever begun to listen.
    listeners: AtomicUsize,
    /// Kept, so that a document is set again in a fraction of the time.
    #[cfg(feature = "pdf")]
    typesetter: Mutex<crate::render::pdf::Typesetter>,
}

/// What is shown and told.
#[derive(Default)]
struct State {
    /// The last good edition.
    edition: Option<Arc<Edition>>,
    /// The one before, of which all that was asked for could be made.
    before: Option<Arc<Edition>>,
    /// What is wrong with the sources, and what files could not be made.
    findings: keeper::Findings,
    told: Told,
    /// Counts the changes of what is told.
    version: u64,
    /// The edition of which a page was answered last.
    answered: u64,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }
}

/// What a lock guards. A thread that failed while it held it leaves values that are whole: each is set in one step.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Takes connections until it is stopped.
fn serve(shared: &Arc<Shared>, listener: &TcpListener) {
    for stream in listener.incoming() {
        if shared.is_stopped() {
            return;
        }
        // A client that went away before it was taken is no reason to stop.
        let Ok(mut stream) = stream else { continue };
        stream.set_nodelay(true).ok();
        if shared.connections.fetch_add(1, Ordering::SeqCst) >= CONNECTIONS {
            shared.connections.fetch_sub(1, Ordering::SeqCst);
            http::answer(&mut stream, &http::Response::text("503 Service Unavailable", "Too many connections."), false);
            continue;
        }
        let on_thread = shared.clone();
        let started = thread::Builder::new().spawn(move || {
            let counted = Counted(&on_thread.connections);
            answer::connection(&on_thread, &mut stream);
            drop(counted);
        });
        if started.is_err() {
            shared.connections.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

/// One that is counted until it is dropped.
struct Counted<'a>(&'a AtomicUsize);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
