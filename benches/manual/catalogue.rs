//! Real controls of the built-in catalogues, for claims and statements.

use annexa::base::source::Sources;
use annexa::read;

/// The editions that the generated manuals use, as annexa.yaml lists them.
pub(crate) const IN_USE: &[&str] = &["iso27001@2022", "iso27017@2015", "ccm@4.1", "nist80053@r5", "csf@2.0", "gdpr"];

/// Controls of the editions in use.
pub(crate) struct Controls {
    /// Those that a document can claim, as it would write them: `ccm:IAM-01`.
    pub(crate) claimable: Vec<String>,
    /// Those that the Statement of Applicability decides: the edition and the control's identifier.
    pub(crate) decided: Vec<(String, String)>,
}

impl Controls {
    /// Reads the built-in catalogues.
    pub(crate) fn read() -> Self {
        let sources = Sources::default().with_files(read::built_in());
        let catalogues = read::built_in_catalogues(&sources, &mut Vec::new());
        let (mut claimable, mut decided) = (Vec::new(), Vec::new());
        for catalogue in catalogues.all().filter(|catalogue| IN_USE.contains(&catalogue.id.to_string().as_str())) {
            for control in catalogue.controls.iter().filter(|control| !control.withdrawn) {
                if control.alias_of.is_empty() {
                    claimable.push(format!("{}:{}", catalogue.id.framework, control.id.control));
                }
                if annexa::link::report::is_soa_control(control) {
                    decided.push((catalogue.id.to_string(), control.id.control.to_string()));
                }
            }
        }
        Controls { claimable, decided }
    }
}
