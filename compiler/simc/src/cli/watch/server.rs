//! A server for one page, on this machine alone. It answers one request a connection.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::Shown;
use crate::cli::failure::Failure;

/// Bytes of a request; browsers send far fewer.
const MAX_REQUEST: usize = 16 << 10;
/// Clients that are answered at once.
const MAX_CONNECTIONS: usize = 256;
/// How long a client may take to ask, and to take the answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// A server that has its port.
pub(super) struct Server {
    listener: TcpListener,
    port: u16,
}

impl Server {
    /// Takes the port.
    pub(super) fn bind(port: u16) -> Result<Self, Failure> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address).and_then(|listener| Ok((listener.local_addr()?.port(), listener)));
        let (port, listener) = listener
            .map_err(|error| Failure::Message(format!("port {port} cannot be used: {error}; --port names another")))?;
        Ok(Self { listener, port })
    }

    /// Where the page is.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Answers for ever, each client by itself: browsers keep connections open on which they ask nothing. A client that breaks off is none of
    /// ours, and one too many is let go; it asks again.
    pub(super) fn serve(&self, shown: &Mutex<Shown>) {
        let open = AtomicUsize::new(0);
        thread::scope(|scope| {
            for stream in self.listener.incoming().flatten() {
                if open.load(Ordering::Relaxed) >= MAX_CONNECTIONS {
                    continue;
                }
                open.fetch_add(1, Ordering::Relaxed);
                let open = &open;
                let answer = move || {
                    let _ = self.answer(stream, shown);
                    open.fetch_sub(1, Ordering::Relaxed);
                };
                if thread::Builder::new().name("client".to_owned()).spawn_scoped(scope, answer).is_err() {
                    open.fetch_sub(1, Ordering::Relaxed);
                }
            }
        });
    }

    fn answer(&self, mut stream: TcpStream, shown: &Mutex<Shown>) -> std::io::Result<()> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let request = read_head(&mut stream)?;
        let Shown { version, html } = shown.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone();
        let (status, kind, body) = match self.path_of(&request) {
            Some("/") => ("200 OK", "text/html; charset=utf-8", html),
            Some("/version") => ("200 OK", "text/plain", Arc::new(version.to_string())),
            Some(_) => ("404 Not Found", "text/plain", Arc::new("there is one page, at /\n".to_owned())),
            None => ("400 Bad Request", "text/plain", Arc::new("this is no request for the page\n".to_owned())),
        };
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body.as_bytes())?;
        stream.flush()
    }

    /// The path that is asked for. A name that somebody has made to lead to this machine is refused: other pages would read the model.
    fn path_of<'a>(&self, request: &'a str) -> Option<&'a str> {
        let mut lines = request.split("\r\n");
        let mut words = lines.next()?.split(' ');
        let (Some("GET"), Some(target), Some(_)) = (words.next(), words.next(), words.next()) else { return None };
        let host = lines.find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("host").then(|| value.trim())
        })?;
        let is_own = ["127.0.0.1", "localhost"].iter().any(|name| host == format!("{name}:{}", self.port));
        is_own.then(|| target.split('?').next().unwrap_or(target))
    }
}

/// The request up to the empty line.
fn read_head(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    let mut part = [0; 1024];
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE && bytes.len() < MAX_REQUEST && !bytes.windows(4).any(|four| four == b"\r\n\r\n") {
        match stream.read(&mut part)? {
            0 => break,
            n => bytes.extend_from_slice(&part[..n]),
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
