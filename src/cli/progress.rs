//! A progress line, only on a terminal and only for work over a second.

use std::io::IsTerminal as _;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::{Common, Messages};

/// Shows what goes on until it is dropped.
pub(super) struct Progress {
    bar: ProgressBar,
    waiting: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins; nothing is shown in the first second.
    pub(super) fn start(common: &Common, what: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let wanted =
            !common.quiet && common.message_format == Messages::Human && std::io::stderr().is_terminal();
        if !wanted {
            return Progress { bar, waiting: None };
        }
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        bar.set_message(what);
        let (stop, stopped) = channel();
        let shown = bar.clone();
        let waiter = std::thread::spawn(move || {
            if stopped.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(Duration::from_millis(120));
            }
        });
        Progress { bar, waiting: Some((stop, waiter)) }
    }

    /// Says what goes on now.
    pub(super) fn now(&self, what: impl Into<std::borrow::Cow<'static, str>>) {
        self.bar.set_message(what);
    }

    /// Ends it and clears the line.
    pub(super) fn end(&mut self) {
        if let Some((stop, waiter)) = self.waiting.take() {
            drop(stop);
            // The thread only waits and draws; if it panicked there is nothing left to clear.
            let _ = waiter.join();
        }
        self.bar.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}
