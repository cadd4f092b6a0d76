/**
 * P(Z ≤ z) of the standard normal distribution. Hart (1968) as given by West, "Better approximations to cumulative
 * normal functions" (2005): absolute error under 1e-15; beyond 5 deviations a lower tail has 8 correct digits.
 */
export function normalProbability(z: number): number {
  const tail = upperTail(Math.abs(z));
  return z > 0 ? 1 - tail : tail;
}

/**
 * The z with P(Z ≤ z) = `probability`, null unless that lies strictly between 0 and 1. Wichura, "Algorithm AS 241"
 * (1988), PPND16: relative error about 1e-16.
 */
export function normalQuantile(probability: number): number | null {
  if (!(probability > 0 && probability < 1)) return null;
  const centred = probability - 0.5;
  if (Math.abs(centred) <= 0.425) return centred * ratio(middle, 0.180625 - centred * centred);
  const depth = Math.sqrt(-Math.log(Math.min(probability, 1 - probability)));
  const distance = depth <= 5 ? ratio(tail, depth - 1.6) : ratio(farTail, depth - 5);
  return Math.sign(centred) * distance;
}

/** Beyond 37 deviations a double holds nothing but 0. */
function upperTail(z: number): number {
  if (z > 37) return 0;
  const density = Math.exp(-(z * z) / 2);
  if (z < 7.07106781186547) return density * ratio(hart, z);
  return density / (z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 0.65))))) / Math.sqrt(2 * Math.PI);
}

interface RationalFunction {
  /** Coefficients, highest power first. */
  readonly above: readonly number[];
  readonly below: readonly number[];
}

function ratio({ above, below }: RationalFunction, x: number): number {
  return polynomial(above, x) / polynomial(below, x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((value, coefficient) => value * x + coefficient, 0);
}

const hart: RationalFunction = {
  above: [
    3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871,
    221.213596169931, 220.206867912376,
  ],
  below: [
    8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674,
    637.333633378831, 793.826512519948, 440.413735824752,
  ],
};

// Wichura's twenty digits, as the doubles nearest to them.
const middle: RationalFunction = {
  above: [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
    1971.5909503065513, 133.14166789178438, 3.3871328727963665,
  ],
  below: [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
    687.1870074920579, 42.31333070160091, 1,
  ],
};

const tail: RationalFunction = {
  above: [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  below: [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
};

const farTail: RationalFunction = {
  above: [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124,
    0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  below: [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
  ],
};
