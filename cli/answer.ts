/**
 * What a command has to say, and how it ended: 0 done, 1 found something wrong, 2 was misused,
 * 3 found nothing wrong and could not find out everything.
 */
export interface Answer {
  readonly exitCode: 0 | 1 | 2 | 3;
  readonly stdout: string;
  readonly stderr: string;
}

export function done(stdout: string): Answer {
  return { exitCode: 0, stdout, stderr: "" };
}

/** The caller misunderstood the command: says what was wrong and how it is used. */
export function misused(because: string, usage: string): Answer {
  return { exitCode: 2, stdout: "", stderr: `${because}\n\n${usage}` };
}
