//! A thousand Kalman filters at once: every matrix of the textbook is a stack of a thousand here.
//!
//! ```sh
//! cargo run --release --example kalman
//! ```
//!
//! Each target moves in the plane, pushed about by random accelerations; a sensor sees its position with
//! noise. Targets differ in how nimble they are and how well they are seen, so each needs its own
//! covariances: `(target, 4, 4)`. Products and `solve` take stacks, broadcast the matrices that all
//! targets share, and run in parallel; there is no loop over targets.

use std::error::Error;
use std::fmt::Write;
use std::time::{Duration, Instant};

use orthant::linalg::{self, LinalgError};
use orthant::prelude::*;

const TARGETS: usize = 1000;
const STEPS: usize = 100;
/// Seconds between observations.
const DT: f64 = 0.5;
/// Speeds at the start are below this in either direction.
const FASTEST: f64 = 10.0;

/// Uniform and normal numbers, the same as in `tests/golden/kalman.py`.
struct Noise(u64);

impl Noise {
    fn uniform(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// By Box and Muller.
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// A normal column for each target.
    fn columns(&mut self, targets: usize, rows: usize) -> Array3<f64> {
        Array::from_shape_fn([targets, rows, 1], |_| self.normal())
    }
}

/// How targets move and are seen.
pub struct Model {
    /// What a step does to (x, y, vx, vy): `(4, 4)`.
    pub transition: Array2<f64>,
    /// What an acceleration does to it: `(4, 2)`.
    pub push: Array2<f64>,
    /// What the sensor sees of it: `(2, 4)`.
    pub sight: Array2<f64>,
    /// Standard deviation of each target's acceleration: `(target, 1, 1)`.
    pub acceleration: Array3<f64>,
    /// Standard deviation of the sensor: `(target, 1, 1)`.
    pub blur: Array3<f64>,
}

impl Model {
    /// From 0.1 m/s² and 1 m to 1 m/s² and 10 m, in both combinations.
    pub fn new(targets: usize) -> Model {
        let (half, dt) = (DT * DT / 2.0, DT);
        Model {
            transition: array![
                [1.0, 0.0, dt, 0.0],
                [0.0, 1.0, 0.0, dt],
                [0.0, 0.0, 1.0, 0.0],
                [0.0, 0.0, 0.0, 1.0],
            ],
            push: array![[half, 0.0], [0.0, half], [dt, 0.0], [0.0, dt]],
            sight: array![[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]],
            acceleration: Array::from_shape_fn([targets, 1, 1], |[i, _, _]| {
                0.1 + 0.1 * (i % 10) as f64
            }),
            blur: Array::from_shape_fn([targets, 1, 1], |[i, _, _]| 1.0 + (i / 10 % 10) as f64),
        }
    }
}

/// What is believed about the targets.
pub struct Belief {
    /// The likeliest (x, y, vx, vy): `(target, 4, 1)`.
    pub state: Array3<f64>,
    /// The covariance of its error: `(target, 4, 4)`.
    pub covariance: Array3<f64>,
}

impl Belief {
    /// After the first observation, `(target, 2, 1)`, which says nothing about speeds.
    pub fn new(model: &Model, seen: &ArrayRef3<f64>) -> Belief {
        let n = seen.shape()[0];
        let mut state = Array3::zeros([n, 4, 1]);
        state.slice_mut(s![.., ..2, ..]).assign(seen);
        let mut covariance = Array3::zeros([n, 4, 4]);
        for (i, blur) in model.blur.iter().enumerate() {
            let variances = [
                blur * blur,
                blur * blur,
                FASTEST * FASTEST / 3.0,
                FASTEST * FASTEST / 3.0,
            ];
            for (j, variance) in variances.into_iter().enumerate() {
                covariance[[i, j, j]] = variance;
            }
        }
        Belief { state, covariance }
    }

    /// A step of time: x ← F·x, P ← F·P·Fᵀ + Q.
    pub fn predict(&mut self, model: &Model) {
        let f = &model.transition;
        // One 4 × 4 matrix times a stack of a thousand; nothing is copied to make it fit.
        self.state = f.matmul(&self.state);
        let pushes = model.push.matmul(model.push.t());
        let noise = &model.acceleration * &model.acceleration * &pushes;
        self.covariance = f.matmul(&self.covariance).matmul(f.t()) + noise;
    }

    /// An observation z, `(target, 2, 1)`: x ← x + K·(z − H·x), P ← P − K·H·P, with the gain
    /// K = P·Hᵀ·S⁻¹ and S = H·P·Hᵀ + R.
    ///
    /// # Errors
    /// Those of [`linalg::solve`].
    pub fn update(&mut self, model: &Model, seen: &ArrayRef3<f64>) -> Result<(), LinalgError> {
        let h = &model.sight;
        let hp = h.matmul(&self.covariance);
        let identity = Array2::<f64>::identity(2);
        let s = hp.matmul(h.t()) + &model.blur * &model.blur * &identity;
        // S and P are symmetric, so Kᵀ = S⁻¹·(H·P): a thousand systems with four right-hand sides.
        let gain = linalg::solve(&s, &hp)?;
        let gain = gain.swap_axes(1, 2);
        let surprise = seen - h.matmul(&self.state);
        self.state += &gain.matmul(&surprise);
        self.covariance -= &gain.matmul(&hp);
        Ok(())
    }
}

/// How far the beliefs are from the truth after a step.
#[derive(Debug)]
pub struct Score {
    /// Observations made.
    pub step: usize,
    /// Root mean square distance of what was seen.
    pub seen: f64,
    /// Root mean square distance of what is believed.
    pub position: f64,
    /// Root mean square error of the speed.
    pub speed: f64,
    /// Mean of eᵀ·P⁻¹·e over the targets: 4, the number of unknowns, if the covariances are right.
    pub consistency: f64,
}

fn score(
    step: usize,
    truth: &ArrayRef3<f64>,
    seen: &ArrayRef3<f64>,
    belief: &Belief,
) -> Result<Score, LinalgError> {
    let n = truth.shape()[0] as f64;
    let rms = |x: &ArrayRef3<f64>| (x.sum_squares() / n).sqrt();
    let error = &belief.state - truth;
    let weighted = linalg::solve_posdef(&belief.covariance, &error)?;
    Ok(Score {
        step,
        seen: rms(&(seen - truth.slice(s![.., ..2, ..]))),
        position: rms(&error.slice(s![.., ..2, ..])),
        speed: rms(&error.slice(s![.., 2.., ..])),
        consistency: (&error * &weighted).sum() / n,
    })
}

/// Simulates and follows this many targets.
///
/// # Errors
/// Those of the solvers; covariances stay positive definite, so there are none.
pub fn follow(targets: usize, steps: usize) -> Result<(Vec<Score>, Belief), LinalgError> {
    let model = Model::new(targets);
    let mut noise = Noise(1);
    let mut truth = Array::from_shape_fn([targets, 4, 1], |[_, j, _]| {
        let reach = if j < 2 { 1000.0 } else { FASTEST };
        reach * (2.0 * noise.uniform() - 1.0)
    });
    let look = |truth: &ArrayRef3<f64>, noise: &mut Noise| {
        model.sight.matmul(truth) + &model.blur * noise.columns(targets, 2)
    };
    let mut seen = look(&truth, &mut noise);
    let mut belief = Belief::new(&model, &seen);
    let mut scores = vec![score(1, &truth, &seen, &belief)?];
    for step in 2..=steps {
        let pushes = &model.acceleration * noise.columns(targets, 2);
        truth = model.transition.matmul(&truth) + model.push.matmul(&pushes);
        seen = look(&truth, &mut noise);
        belief.predict(&model);
        belief.update(&model, &seen)?;
        scores.push(score(step, &truth, &seen, &belief)?);
    }
    Ok((scores, belief))
}

/// Time of one step for a stack of this many targets.
fn time_of_step(targets: usize) -> Result<Duration, LinalgError> {
    let model = Model::new(targets);
    let seen = Noise(2).columns(targets, 2);
    let mut belief = Belief::new(&model, &seen);
    let mut fastest = Duration::MAX;
    for _ in 0..20 {
        let start = Instant::now();
        belief.predict(&model);
        belief.update(&model, &seen)?;
        fastest = fastest.min(start.elapsed());
    }
    Ok(fastest)
}

/// The report that `main` prints.
///
/// # Errors
/// As [`follow`].
pub fn run() -> Result<String, Box<dyn Error>> {
    let (scores, belief) = follow(TARGETS, STEPS)?;
    let mut report = String::new();
    writeln!(
        report,
        "{TARGETS} targets followed by {TARGETS} Kalman filters at once\n"
    )?;
    writeln!(
        report,
        "Observations   Seen (m)   Believed (m)   Speed (m/s)   Consistency (4 is right)"
    )?;
    let shown = [1, 2, 3, 5, 10, 20, 50, 100];
    for score in scores.iter().filter(|score| shown.contains(&score.step)) {
        writeln!(
            report,
            "{:>12} {:>10.2} {:>14.2} {:>13.2} {:>13.2}",
            score.step, score.seen, score.position, score.speed, score.consistency
        )?;
    }
    writeln!(
        report,
        "\nRoot mean squares over all targets. The first one is now believed to be here (x, y, vx, vy):\n{:.2}",
        belief.state.slice(s![0, .., 0])
    )?;
    let (stack, one) = (time_of_step(TARGETS)?, time_of_step(1)?);
    let alone = one.as_secs_f64() * TARGETS as f64;
    writeln!(
        report,
        "\nA step takes {:.2} ms for the stack; a call for each target would take {:.2} ms, {:.1} times as long.",
        1e3 * stack.as_secs_f64(),
        1e3 * alone,
        alone / stack.as_secs_f64()
    )?;
    Ok(report)
}

fn main() -> Result<(), Box<dyn Error>> {
    print!("{}", run()?);
    Ok(())
}
