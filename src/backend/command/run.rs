//! Runs a program within its limits.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::Limits;

/// Says why there is no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// deckc itself could not go on.
    Machine(io::Error),
    /// The program could not be started.
    NotStarted(io::Error),
    /// It did not end in time.
    TooSlow,
    /// It wrote too much.
    TooLong,
    /// It ended with another status than 0; what it said on standard error.
    Exit(ExitStatus, String),
}

enum Event {
    Answer(Result<Vec<u8>, Failure>),
    Errors(Vec<u8>),
}

/// Runs the command in `folder` with `request` as its standard input and returns what it wrote to its standard output.
pub(super) fn run(
    command: &[String],
    folder: Option<&Path>,
    request: File,
    limits: Limits,
) -> Result<Vec<u8>, Failure> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(Failure::NotStarted(io::Error::new(io::ErrorKind::InvalidInput, "the command is empty")));
    };
    // Sources from standard input have no folder.
    let folder = folder.filter(|folder| folder.is_dir());
    let mut process = Command::new(located(program, folder));
    if let Some(folder) = folder {
        process.current_dir(folder);
    }
    process.args(arguments).stdin(Stdio::from(request)).stdout(Stdio::piped()).stderr(Stdio::piped());
    // A group of its own, so that what the program has started can be stopped with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut process, 0);
    let deadline = Instant::now() + limits.time.min(Limits::LONGEST);
    let mut running = Running { child: process.spawn().map_err(Failure::NotStarted)?, ended: false };
    let answer = running.read(limits, deadline)?;
    let status = running.wait(deadline)?;
    let (answer, errors) = answer;
    if status.success() {
        Ok(answer)
    } else {
        Err(Failure::Exit(status, String::from_utf8_lossy(&errors).into_owned()))
    }
}

/// Returns the path of a program: one with a folder in it is relative to the working folder, on every platform.
fn located(program: &str, folder: Option<&Path>) -> PathBuf {
    match folder {
        Some(folder) if Path::new(program).components().count() > 1 => folder.join(program),
        Some(_) | None => PathBuf::from(program),
    }
}

/// Is a program that does not outlive us, however we leave.
struct Running {
    child: Child,
    /// Whether its end was seen, after which its number may belong to another program.
    ended: bool,
}

impl Running {
    /// Reads both outputs to their ends, side by side, so that neither pipe can fill up.
    fn read(&mut self, limits: Limits, deadline: Instant) -> Result<(Vec<u8>, Vec<u8>), Failure> {
        let (sender, events) = channel();
        if let Some(stdout) = self.child.stdout.take() {
            let sender = sender.clone();
            spawn(sender, move || Event::Answer(read_answer(stdout, limits.answer)))?;
        }
        if let Some(stderr) = self.child.stderr.take() {
            spawn(sender, move || Event::Errors(read_errors(stderr, limits.errors)))?;
        }
        let (mut answer, mut errors) = (None, None);
        while answer.is_none() || errors.is_none() {
            match next(&events, deadline)? {
                Event::Answer(read) => answer = Some(read?),
                Event::Errors(read) => errors = Some(read),
            }
        }
        Ok((answer.unwrap_or_default(), errors.unwrap_or_default()))
    }

    /// Waits for the end of the program, which may come after the end of its outputs.
    fn wait(&mut self, deadline: Instant) -> Result<ExitStatus, Failure> {
        let mut pause = Duration::from_millis(1);
        loop {
            if let Some(status) = self.child.try_wait().map_err(Failure::Machine)? {
                self.ended = true;
                return Ok(status);
            }
            if Instant::now() >= deadline {
                return Err(Failure::TooSlow);
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        #[cfg(unix)]
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw) {
            // What the program has started goes with it; that it is gone already is no mistake.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs `read` on a thread of its own. The thread ends with the pipe, and nobody waits for it longer than the deadline.
fn spawn(sender: Sender<Event>, read: impl FnOnce() -> Event + Send + 'static) -> Result<(), Failure> {
    let body = move || {
        // Nobody listens any more when the deadline has passed.
        let _ = sender.send(read());
    };
    thread::Builder::new().name("backend".into()).spawn(body).map(drop).map_err(Failure::Machine)
}

fn next(events: &Receiver<Event>, deadline: Instant) -> Result<Event, Failure> {
    let left = deadline.saturating_duration_since(Instant::now());
    events.recv_timeout(left).map_err(|error| match error {
        RecvTimeoutError::Timeout => Failure::TooSlow,
        RecvTimeoutError::Disconnected => {
            Failure::Machine(io::Error::other("a thread that reads from a program has ended early"))
        }
    })
}

fn read_answer(mut pipe: impl Read, limit: usize) -> Result<Vec<u8>, Failure> {
    let mut answer = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    pipe.by_ref().take(most).read_to_end(&mut answer).map_err(Failure::Machine)?;
    if answer.len() > limit { Err(Failure::TooLong) } else { Ok(answer) }
}

/// Reads to the end and keeps the beginning.
fn read_errors(mut pipe: impl Read, limit: usize) -> Vec<u8> {
    let mut kept = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX);
    // What cannot be read is not shown; the exit status says what matters.
    let _ = pipe.by_ref().take(most).read_to_end(&mut kept);
    let _ = io::copy(&mut pipe, &mut io::sink());
    kept
}
