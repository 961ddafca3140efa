//! A preview of a project, asked over real sockets.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use annexa::base::finding::terminal;
use annexa::serve::{Server, Settings};
use serde_json::Value;

use super::{Project, TODAY};

/// So long a test waits for what should come at once.
const DEADLINE: Duration = Duration::from_secs(60);

/// A preview that runs as long as this lives.
pub struct Preview {
    server: Server,
    said: Arc<Mutex<String>>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The status code; 0 where the connection was closed without a word.
    pub status: u16,
    /// The head, as it came.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as a build would write it: without the script that only a preview adds.
    pub fn built(&self) -> Vec<u8> {
        let script = b"\n<script src=\"/.annexa/preview.js\"";
        let at = self.body.windows(script.len()).rposition(|window| window == script);
        self.body[..at.unwrap_or(self.body.len())].to_vec()
    }
}

impl Preview {
    /// Of a project, with any port.
    pub fn of(project: &Project) -> Self {
        Preview::for_audience(project, None)
    }

    /// Of a project, for an audience first.
    pub fn for_audience(project: &Project, audience: Option<&str>) -> Self {
        let said: Arc<Mutex<String>> = Arc::default();
        let heard = said.clone();
        let settings = Settings {
            root: project.root().to_owned(),
            port: 0,
            audience: audience.map(str::to_owned),
            today: Box::new(|| TODAY.parse().unwrap()),
            terminal: terminal::Options::default(),
            say: Box::new(move |words| heard.lock().unwrap().push_str(words)),
        };
        Preview { server: Server::start(settings).unwrap(), said }
    }

    /// The name by which it goes.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.server.address().port())
    }

    /// What the terminal says.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// A connection to it.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.server.address()).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream
    }

    /// Sends bytes and reads the answer.
    pub fn send(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request).ok();
        let mut bytes = Vec::new();
        // What refuses a long request may end the connection before all of it was sent.
        stream.read_to_end(&mut bytes).ok();
        let at = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(bytes.len());
        let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
        let status = head.get(9..12).and_then(|code| code.parse().ok()).unwrap_or(0);
        Answer { status, body: bytes.get(at + 4..).unwrap_or_default().to_vec(), head }
    }

    /// Asks for an address.
    pub fn get(&self, target: &str) -> Answer {
        self.send(format!("GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host()).as_bytes())
    }

    /// What pages are told now.
    pub fn told(&self) -> Value {
        Listener::of(self).next()
    }

    /// Asks for an address until the answer is as it should be.
    #[track_caller]
    pub fn wait_for(&self, target: &str, is_right: impl Fn(&Answer) -> bool) -> Answer {
        let begun = Instant::now();
        loop {
            let answer = self.get(target);
            if is_right(&answer) {
                return answer;
            }
            assert!(
                begun.elapsed() < DEADLINE,
                "{target} still says:\n{}\n{}\nand pages are told {}",
                answer.head,
                answer.text(),
                self.told()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Hears what pages are told until it is as it should be.
    #[track_caller]
    pub fn wait_told(&self, is_right: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        let mut listener = Listener::of(self);
        loop {
            let told = listener.next();
            if is_right(&told) {
                return told;
            }
            assert!(begun.elapsed() < DEADLINE, "pages are still told {told}");
        }
    }
}

/// A page that listens for news.
pub struct Listener {
    stream: TcpStream,
    read: String,
}

impl Listener {
    /// Begins to listen.
    pub fn of(preview: &Preview) -> Self {
        let mut stream = preview.connect();
        write!(stream, "GET /.annexa/events HTTP/1.1\r\nHost: {}\r\n\r\n", preview.host()).unwrap();
        Listener { stream, read: String::new() }
    }

    /// The next news.
    #[track_caller]
    pub fn next(&mut self) -> Value {
        let mut chunk = [0; 65536];
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < DEADLINE, "there are no news");
            let begins = self.read.find("data: ");
            if let Some((begins, ends)) = begins.and_then(|at| Some((at + 6, at + self.read[at..].find("\n\n")?))) {
                let news = serde_json::from_str(&self.read[begins..ends]).unwrap();
                self.read.drain(..ends + 2);
                return news;
            }
            let count = self.stream.read(&mut chunk).unwrap();
            assert!(count > 0, "the preview ended: {}", self.read);
            self.read.push_str(&String::from_utf8_lossy(&chunk[..count]));
        }
    }
}
