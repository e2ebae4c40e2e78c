//! A static server for this machine alone.

mod resolve;
pub(crate) mod watch;

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use anyhow::{Context, Result};

/// Where the search for a free port begins, and how many are tried.
const FIRST: u16 = 8080;
const TRIES: u16 = 20;

/// Where an open page asks whether it is still the newest.
const GENERATION: &str = "/.xtask/generation";

/// What a served page is given to reload itself by, when sources are watched.
const RELOAD: &str = r#"<script>(async () => {
  const ask = async () => (await fetch("/.xtask/generation", { cache: "no-store" })).text();
  const first = await ask();
  setInterval(async () => {
    try { if ((await ask()) !== first) location.reload(); } catch { /* the server is away */ }
  }, 700);
})();</script>"#;

/// A port of 127.0.0.1 that is ours.
pub(crate) struct Port(TcpListener);

impl Port {
    /// Takes this port, or, if none is asked for, the first free one from 8080.
    ///
    /// # Errors
    /// That it is taken.
    pub(crate) fn reserve(wanted: Option<u16>) -> Result<Self> {
        let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        match wanted {
            Some(port) => bind(port).with_context(|| format!("cannot have port {port}; --port 0 takes any free one")),
            None => (FIRST..FIRST.saturating_add(TRIES)).chain([0]).find_map(|port| bind(port).ok()).context("no port is free"),
        }
        .map(Self)
    }
}

/// A server, which runs on threads of its own until the program ends.
pub(crate) struct Server {
    address: String,
    shared: Arc<Shared>,
}

struct Shared {
    root: PathBuf,
    generation: AtomicU64,
    reloading: bool,
}

/// The longest head of a request that is read, in bytes.
const LONGEST_HEAD: u64 = 64 * 1024;

/// How long a browser may keep a connection open without asking for anything.
const PATIENCE: Duration = Duration::from_secs(30);

impl Server {
    /// Serves this folder; with `reloading`, pages reload themselves at [`Server::reload`].
    ///
    /// Every connection has a thread of its own and one answer: a pool of threads would let a request wait behind connections
    /// that browsers open in advance and do not use.
    ///
    /// # Errors
    /// Those of the network.
    pub(crate) fn start(port: Port, root: &Path, reloading: bool) -> Result<Self> {
        let address = format!("http://{}/", port.0.local_addr()?);
        let shared = Arc::new(Shared { root: root.to_owned(), generation: AtomicU64::new(0), reloading });
        let mine = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in port.0.incoming().flatten() {
                let shared = Arc::clone(&mine);
                // A browser that went away is no concern of ours.
                thread::spawn(move || shared.serve(stream).unwrap_or(()));
            }
        });
        Ok(Self { address, shared })
    }

    /// The address to open, with a slash at its end.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Makes open pages load again.
    pub(crate) fn reload(&self) {
        self.shared.generation.fetch_add(1, Ordering::Relaxed);
    }
}

/// What is sent back.
struct Answer {
    status: &'static str,
    media_type: String,
    content: Vec<u8>,
}

impl Answer {
    fn plain(status: &'static str, text: &str) -> Self {
        Self { status, media_type: "text/plain; charset=utf-8".to_owned(), content: text.as_bytes().to_vec() }
    }
}

impl Shared {
    /// Reads one request (RFC 9112 section 3) and answers it.
    fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut head = BufReader::new(stream.try_clone()?).take(LONGEST_HEAD);
        let mut request = String::new();
        head.read_line(&mut request)?;
        if request.is_empty() {
            return Ok(());
        }
        let mut line = String::new();
        while head.read_line(&mut line)? > 0 && !line.trim_end().is_empty() {
            line.clear();
        }
        let mut words = request.split_whitespace();
        let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let answer = self.answer(method, target);
        let mut out = stream;
        write!(
            out,
            "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\
             Access-Control-Allow-Origin: *\r\nCache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
            answer.status,
            answer.media_type,
            answer.content.len()
        )?;
        if method != "HEAD" {
            out.write_all(&answer.content)?;
        }
        out.flush()
    }

    /// `Access-Control-Allow-Origin` stands with every answer: a frame sandboxed to `allow-scripts` has no origin, and modules are fetched
    /// by CORS.
    fn answer(&self, method: &str, target: &str) -> Answer {
        if !matches!(method, "GET" | "HEAD") {
            return Answer::plain("405 Method Not Allowed", "only GET and HEAD are known here\n");
        }
        if self.reloading && target == GENERATION {
            return Answer::plain("200 OK", &self.generation.load(Ordering::Relaxed).to_string());
        }
        let file = resolve::file(&self.root, target);
        let Some((path, Ok(mut content))) = file.map(|path| (path.clone(), fs::read(path))) else {
            return Answer::plain("404 Not Found", "there is no such file\n");
        };
        if self.reloading && path.extension().is_some_and(|extension| extension == "html") {
            content.extend_from_slice(RELOAD.as_bytes());
        }
        Answer { status: "200 OK", media_type: resolve::media_type(&path), content }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        net::TcpStream,
    };

    use super::*;
    use crate::testing::Scratch;

    fn ask(server: &Server, request: &str) -> String {
        let host = server.address().trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "{request} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn served(reloading: bool) -> (Server, Scratch) {
        let scratch = Scratch::with(&[("site/index.html", "<p>page"), ("site/static/a b.wasm", "\0asm"), ("outside", "secret")]);
        let port = Port::reserve(Some(0)).unwrap();
        let server = Server::start(port, &scratch.path().join("site"), reloading).unwrap();
        (server, scratch)
    }

    #[test]
    fn files_are_served_with_their_types_and_open_to_frames() {
        let (server, _scratch) = served(false);
        let page = ask(&server, "GET /?lang=ja");
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        assert!(page.contains("Content-Type: text/html; charset=utf-8"), "{page}");
        assert!(page.contains("Access-Control-Allow-Origin: *"), "{page}");
        assert!(page.ends_with("<p>page"), "{page}");
        let wasm = ask(&server, "GET /static/a%20b.wasm");
        assert!(wasm.contains("Content-Type: application/wasm\r\n"), "{wasm}");
        assert!(ask(&server, "HEAD /").starts_with("HTTP/1.1 200"));
    }

    #[test]
    fn nothing_outside_is_served() {
        let (server, _scratch) = served(false);
        for path in [
            "/../outside",
            "/%2e%2e/outside",
            "/static/..%2f..%2foutside",
            "/static/..%5c..%5coutside",
            "//etc/passwd",
            "/absent",
            GENERATION,
        ] {
            let answer = ask(&server, &format!("GET {path}"));
            assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        }
        assert!(ask(&server, "POST /").starts_with("HTTP/1.1 405"));
    }

    #[test]
    fn open_pages_learn_of_a_new_build() {
        let (server, _scratch) = served(true);
        assert!(ask(&server, "GET /").contains(GENERATION));
        assert!(ask(&server, &format!("GET {GENERATION}")).ends_with("\r\n0"));
        server.reload();
        assert!(ask(&server, &format!("GET {GENERATION}")).ends_with("\r\n1"));
    }

    #[test]
    fn a_taken_port_is_said_or_passed_over() {
        let taken = Port::reserve(Some(0)).unwrap();
        let number = taken.0.local_addr().unwrap().port();
        assert!(Port::reserve(Some(number)).is_err());
        let found = [Port::reserve(None).unwrap(), Port::reserve(None).unwrap()];
        let [first, second] = found.each_ref().map(|port| port.0.local_addr().unwrap());
        assert!(first.ip().is_loopback() && first != second);
    }
}
