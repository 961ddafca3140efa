//! Real controls of the built-in catalogues, for claims and statements.

use annexa::base::source::Sources;
use annexa::read;

use crate::random::Random;

/// The editions that the generated manuals use, as annexa.yaml lists them.
pub(crate) const IN_USE: &[&str] = &["iso27001@2022", "iso27017@2015", "ccm@4.1", "nist80053@r5", "csf@2.0", "gdpr"];

/// How many of a hundred claims and references name a control of each edition in use.
const SHARES: [usize; 6] = [50, 5, 20, 10, 10, 5];

/// Controls of the editions in use.
pub(crate) struct Controls {
    /// Those that a document can claim, as it would write them: `ccm:IAM-01`; in the order of [`IN_USE`].
    claimable: Vec<Vec<String>>,
    /// Those that the Statement of Applicability decides: the edition and the control's identifier.
    pub(crate) decided: Vec<(String, String)>,
}

impl Controls {
    /// Reads the built-in catalogues.
    pub(crate) fn read() -> Self {
        let sources = Sources::default().with_files(read::built_in());
        let catalogues = read::built_in_catalogues(&sources, &mut Vec::new());
        let (mut claimable, mut decided) = (Vec::new(), Vec::new());
        for edition in IN_USE {
            let mut own = Vec::new();
            let catalogue = catalogues.all().find(|catalogue| catalogue.id.to_string() == *edition);
            for control in catalogue.iter().flat_map(|catalogue| &catalogue.controls).filter(|control| !control.withdrawn) {
                if control.alias_of.is_empty() {
                    own.push(format!("{}:{}", control.id.edition.framework, control.id.control));
                }
                if annexa::link::report::is_soa_control(control) {
                    decided.push(((*edition).to_owned(), control.id.control.to_string()));
                }
            }
            claimable.push(own);
        }
        Controls { claimable, decided }
    }

    /// A control to claim or refer to.
    pub(crate) fn any(&self, random: &mut Random) -> &str {
        let mut share = random.below(SHARES.iter().sum());
        let edition = SHARES.iter().position(|of| share.checked_sub(*of).map(|rest| share = rest).is_none());
        let own = &self.claimable[edition.unwrap_or_default()];
        &own[random.below(own.len())]
    }
}
