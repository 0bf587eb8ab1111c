/** Student's t distribution through the regularised incomplete beta function. Accurate to about 1e-12 for degrees of freedom >= 1. */

/** ln Γ(x), x > 0: Lanczos (1964), g = 7, nine coefficients; relative error below 1e-14. */
function logGamma(x: number): number {
  const coefficients = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const shifted = x - 1;
  const series = coefficients.reduce((sum, coefficient, i) => (i === 0 ? coefficient : sum + coefficient / (shifted + i)), 0);
  const t = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(series);
}

/** Continued fraction of the incomplete beta function (DLMF 8.17.22), evaluated by Lentz's modified method. */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const guard = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 500; m++) {
    for (const numerator of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / guard(1 + numerator * d);
      c = guard(1 + numerator / c);
      result *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return result;
}

/** I_x(a, b) in [0, 1]. */
function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b;
}

/** P(T <= t) with `degrees` > 0 degrees of freedom (DLMF 8.17 with x = ν / (ν + t²)). */
export function studentCdf(t: number, degrees: number): number {
  if (t === Infinity) return 1;
  if (t === -Infinity) return 0;
  const tail = 0.5 * incompleteBeta(degrees / 2, 0.5, degrees / (degrees + t * t));
  return t > 0 ? 1 - tail : tail;
}

/** The t with P(T <= t) = p, 0 < p < 1: bisection on the lower tail, where the distribution function keeps its precision. */
export function studentQuantile(p: number, degrees: number): number {
  if (p > 0.5) return -studentQuantile(1 - p, degrees);
  if (p === 0.5) return 0;
  let low = -1;
  while (studentCdf(low, degrees) > p) low *= 2;
  let high = 0;
  for (let i = 0; i < 200 && high - low > 1e-13 * Math.max(1, -low); i++) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, degrees) > p) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}
