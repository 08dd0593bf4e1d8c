/** Values below this are counted one by one; above, each octave has HALF buckets: an error below 1 / 128. */
const EXACT = 256;
const HALF = EXACT / 2;
/** 2^32 µs are 71 minutes: what lasts longer is counted as that. */
const VALUE_MAX = 2 ** 32 - 1;
const BUCKETS = EXACT + (32 - 8) * HALF;

/** The quantiles that every report names. */
export interface Quantiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** A log-linear (HDR) histogram of whole microseconds: constant memory, one add is a few instructions, histograms of several processes add up. */
export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  #total = 0;
  #max = 0;

  get total(): number {
    return this.#total;
  }

  add(valueUs: number): void {
    const value = Math.min(Math.max(Math.round(valueUs), 0), VALUE_MAX);
    const bucket = bucketOf(value);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total += 1;
    if (value > this.#max) this.#max = value;
  }

  /** Adds what `filled()` of another one gave. */
  merge(filled: FilledBuckets): void {
    for (const [bucket, count] of filled.buckets) {
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
      this.#total += count;
    }
    this.#max = Math.max(this.#max, filled.max);
  }

  /** The largest value of the bucket in which the share lies; 0 of an empty histogram. */
  quantile(share: number): number {
    const wanted = Math.max(1, Math.ceil(this.#total * share));
    let seen = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count;
      if (count > 0 && seen >= wanted) return Math.min(topOf(bucket), this.#max);
    }
    return 0;
  }

  quantiles(): Quantiles {
    const [p50, p90, p99, p999] = [0.5, 0.9, 0.99, 0.999].map((share) => this.quantile(share));
    return { p50: p50 ?? 0, p90: p90 ?? 0, p99: p99 ?? 0, p999: p999 ?? 0, max: this.#max };
  }

  /** The buckets that hold something, for another process or a file. */
  filled(): FilledBuckets {
    const buckets: [number, number][] = [];
    this.#counts.forEach((count, bucket) => {
      if (count > 0) buckets.push([bucket, count]);
    });
    return { buckets, max: this.#max };
  }

  static of(...parts: readonly FilledBuckets[]): Histogram {
    const histogram = new Histogram();
    for (const part of parts) histogram.merge(part);
    return histogram;
  }
}

export interface FilledBuckets {
  readonly buckets: readonly (readonly [bucket: number, count: number])[];
  readonly max: number;
}

function bucketOf(value: number): number {
  if (value < EXACT) return value;
  const shift = 32 - Math.clz32(value) - 8;
  return EXACT + (shift - 1) * HALF + (value >>> shift) - HALF;
}

/** Largest value that falls into a bucket. */
export function topOf(bucket: number): number {
  if (bucket < EXACT) return bucket;
  const shift = Math.floor((bucket - EXACT) / HALF) + 1;
  const place = ((bucket - EXACT) % HALF) + HALF;
  return (place + 1) * 2 ** shift - 1;
}
