//! Starts `lds-check lsp` for linker scripts.
use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

struct LdsCheck;

impl zed::Extension for LdsCheck {
    fn new() -> Self {
        LdsCheck
    }

    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let command = worktree
            .which("lds-check")
            .ok_or("lds-check is not in PATH")?;
        Ok(Command { command, args: vec!["lsp".into()], env: vec![] })
    }
}

zed::register_extension!(LdsCheck);
