// Writes down what the tag is at.

import type { Diagnosis, Failure, Step } from "./api.ts";
import { say } from "./say.ts";

export class Journal {
  readonly diagnosis: Diagnosis;

  constructor(version: string) {
    this.diagnosis = { version, state: "loading", failure: null, core: null, slice: null, consent: null, decisions: 0, times: {}, ignored: [], applied: [] };
    this.done("start");
  }

  done(step: Step): void {
    this.diagnosis.times[step] ??= Math.round((globalThis.performance?.now() ?? 0) * 10) / 10;
  }

  /** The first failure is the cause of those after it. */
  fail(step: Failure["step"], error: unknown): void {
    const { diagnosis } = this;
    if (diagnosis.failure !== null || diagnosis.state === "stopped") return;
    diagnosis.failure = { step, cause: causeOf(error) };
    diagnosis.state = "default";
    diagnosis.applied = [];
    say(`the page stays as it is: ${step}: ${diagnosis.failure.cause}`);
  }

  /** For the page to keep, and to change as it likes. */
  copy(): Diagnosis {
    const { failure, consent, times, ignored, applied, ...rest } = this.diagnosis;
    return { ...rest, failure: failure && { ...failure }, consent: consent && { ...consent }, times: { ...times }, ignored: ignored.slice(), applied: applied.map((one) => ({ ...one })) };
  }
}

/** Thrown values are hostile too: even their `message` may throw. */
function causeOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "an error that cannot be read";
  }
}
