//! The command `annexa`.

fn main() -> std::process::ExitCode {
    annexa::cli::run()
}
