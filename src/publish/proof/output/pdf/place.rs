//! Where glyphs stand: the matrices of a content stream (ISO 32000-1, 8.3 and 9.4).

/// a to f.
type Matrix = [f64; 6];

const SAME: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// The matrices that are in force.
pub(super) struct Place {
    page: Matrix,
    kept: Vec<Matrix>,
    line: Matrix,
    leading: f64,
}

impl Default for Place {
    fn default() -> Self {
        Place { page: SAME, kept: Vec::new(), line: SAME, leading: 0.0 }
    }
}

impl Place {
    /// Takes an operator that moves something.
    pub(super) fn operate(&mut self, operator: &[u8], operands: &[f64]) {
        match (operator, operands) {
            (b"q", _) => self.kept.push(self.page),
            (b"Q", _) => self.page = self.kept.pop().unwrap_or(SAME),
            (b"cm", &[a, b, c, d, e, f]) => self.page = product([a, b, c, d, e, f], self.page),
            (b"BT", _) => self.line = SAME,
            (b"Tm", &[a, b, c, d, e, f]) => self.line = [a, b, c, d, e, f],
            (b"TL", &[leading]) => self.leading = leading,
            (b"Td", &[x, y]) => self.line = product([1.0, 0.0, 0.0, 1.0, x, y], self.line),
            (b"TD", &[x, y]) => {
                self.leading = -y;
                self.line = product([1.0, 0.0, 0.0, 1.0, x, y], self.line);
            }
            (b"T*", _) => self.line(),
            _ => {}
        }
    }

    /// Begins the next line.
    pub(super) fn line(&mut self) {
        self.line = product([1.0, 0.0, 0.0, 1.0, 0.0, -self.leading], self.line);
    }

    /// The height on the page at which glyphs stand now.
    pub(super) fn height(&self) -> f64 {
        product(self.line, self.page)[5]
    }
}

fn product(one: Matrix, other: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = one;
    let [g, h, i, j, k, l] = other;
    [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l]
}
