//! A static server for this machine alone.

mod resolve;
pub(crate) mod watch;

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use anyhow::{Context, Result, anyhow};
use tiny_http::{Header, Method, Request, Response};

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
    http: tiny_http::Server,
    root: PathBuf,
    generation: AtomicU64,
    reloading: bool,
}

impl Server {
    /// Serves this folder; with `reloading`, pages reload themselves at [`Server::reload`].
    ///
    /// # Errors
    /// Those of the network.
    pub(crate) fn start(port: Port, root: &Path, reloading: bool) -> Result<Self> {
        let address = format!("http://{}/", port.0.local_addr()?);
        let http = tiny_http::Server::from_listener(port.0, None).map_err(|error| anyhow!("cannot serve: {error}"))?;
        let shared = Arc::new(Shared { http, root: root.to_owned(), generation: AtomicU64::new(0), reloading });
        for _ in 0..4 {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                while let Ok(request) = shared.http.recv() {
                    // A browser that went away is no concern of ours.
                    let _gone = shared.answer(request);
                }
            });
        }
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

impl Shared {
    fn answer(&self, request: Request) -> std::io::Result<()> {
        if !matches!(request.method(), Method::Get | Method::Head) {
            return request.respond(plain(405, "only GET and HEAD are known here\n"));
        }
        if self.reloading && request.url() == GENERATION {
            let generation = self.generation.load(Ordering::Relaxed);
            return request.respond(plain(200, &generation.to_string()));
        }
        let file = resolve::file(&self.root, request.url());
        let Some((path, Ok(mut content))) = file.map(|path| (path.clone(), fs::read(path))) else {
            return request.respond(plain(404, "there is no such file\n"));
        };
        if self.reloading && path.extension().is_some_and(|extension| extension == "html") {
            content.extend_from_slice(RELOAD.as_bytes());
        }
        request.respond(common(Response::from_data(content), &resolve::media_type(&path)))
    }
}

fn plain(status: u16, text: &str) -> Response<std::io::Cursor<Vec<u8>>> {
    let response = Response::from_data(text.as_bytes()).with_status_code(status);
    common(response, "text/plain; charset=utf-8")
}

fn common<R: std::io::Read>(response: Response<R>, media_type: &str) -> Response<R> {
    [
        ("Content-Type", media_type),
        // A frame sandboxed to `allow-scripts` has no origin, and modules are fetched by CORS.
        ("Access-Control-Allow-Origin", "*"),
        ("Cache-Control", "no-cache"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    .into_iter()
    .filter_map(|(name, value)| Header::from_bytes(name, value).ok())
    .fold(response, Response::with_header)
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
