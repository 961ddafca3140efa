use super::*;

const KILLED: u32 = 4_000_000_000;

/// A folder with an output `dist` of one file, `old`, and a staged one of one file, `new`.
struct Case {
    temp: tempfile::TempDir,
    destination: Destination,
}

impl Case {
    fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        fs::create_dir(temp.path().join("isms")).unwrap();
        let destination = Destination::find(&temp.path().join("dist"), &temp.path().join("isms")).unwrap();
        let case = Case { temp, destination };
        Case::output(&case.destination.out, "old");
        Case::output(&case.staged(), "new");
        case
    }

    fn output(folder: &Path, file: &str) {
        fs::create_dir(folder).unwrap();
        fs::write(folder.join(file), file).unwrap();
    }

    fn staged(&self) -> PathBuf {
        self.destination.staging(KILLED)
    }

    /// What the next run finds after it has mended.
    fn mended(&self) -> Vec<String> {
        mend(&self.destination, true, 1).unwrap();
        self.names()
    }

    fn names(&self) -> Vec<String> {
        let entries = walkdir::WalkDir::new(self.temp.path()).sort_by_file_name().into_iter();
        let files = entries.map(Result::unwrap).filter(|entry| entry.file_type().is_file());
        files.map(|entry| entry.path().strip_prefix(self.temp.path()).unwrap().to_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn killed_while_the_new_output_was_written_or_just_after() {
    let case = Case::new();
    assert_eq!(case.mended(), ["dist/old"]);
}

#[test]
fn killed_between_the_two_renames() {
    let case = Case::new();
    set_aside(&case.destination, KILLED).unwrap();
    assert_eq!(case.mended(), ["dist/old"]);
}

#[test]
fn killed_between_the_two_renames_and_then_somebody_made_the_folder() {
    let case = Case::new();
    set_aside(&case.destination, KILLED).unwrap();
    fs::create_dir(&case.destination.out).unwrap();
    assert_eq!(case.mended(), ["dist/old"]);
}

#[test]
fn killed_after_the_two_renames() {
    let case = Case::new();
    set_aside(&case.destination, KILLED).unwrap();
    move_in(&case.destination, &case.staged()).unwrap();
    assert_eq!(case.mended(), ["dist/new"]);
}

#[test]
fn killed_while_it_mended() {
    let case = Case::new();
    set_aside(&case.destination, KILLED).unwrap();
    fs::rename(case.destination.old(KILLED), &case.destination.out).unwrap();
    assert_eq!(case.mended(), ["dist/old"]);
}

#[cfg(target_os = "linux")]
#[test]
fn killed_after_the_exchange() {
    let case = Case::new();
    assert!(exchange(&case.staged(), &case.destination.out));
    assert_eq!(case.mended(), ["dist/new"]);
}

#[test]
fn two_renames_do_what_the_exchange_does() {
    let case = Case::new();
    let old = put_in_place_by_two_renames(&case.destination, &case.staged(), KILLED).unwrap();
    assert_eq!(fs::read_dir(&old).unwrap().count(), 1);
    assert_eq!(case.names(), [".dist.annexa-old-4000000000/old", "dist/new"]);
}

#[test]
fn a_second_rename_that_fails_takes_back_the_first() {
    let case = Case::new();
    fs::remove_dir_all(case.staged()).unwrap();
    assert!(put_in_place_by_two_renames(&case.destination, &case.staged(), KILLED).is_err());
    assert_eq!(case.names(), ["dist/old"]);
}

#[test]
fn the_first_output_needs_no_exchange() {
    let case = Case::new();
    fs::remove_dir_all(&case.destination.out).unwrap();
    assert_eq!(put_in_place(&case.destination, &case.staged(), KILLED).unwrap(), None);
    assert_eq!(case.names(), ["dist/new"]);
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_lock_what_a_living_process_may_use_stays() {
    let case = Case::new();
    Case::output(&case.destination.staging(1), "living");
    mend(&case.destination, false, 2).unwrap();
    assert_eq!(case.names(), [".dist.annexa-staging-1/living", "dist/old"]);
    mend(&case.destination, true, 2).unwrap();
    assert_eq!(case.names(), ["dist/old"]);
}
