import { clockTime } from "../shared/text/say-time.ts";
import type { Entry } from "./entry.ts";
import type { Colour, Paint } from "./paint.ts";

const EVENT_WIDTH = 54;
const RULE_WIDTH_MAX = 24;
const WIDTH_MAX = 104;
const INDENT = " ".repeat(18);

export interface Terminal {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number;
}

/** Prints lines above a live last line, which exists on a terminal only. */
export class Screen {
  private readonly terminal: Terminal;
  readonly paint: Paint;
  private live = "";

  constructor(terminal: Terminal, paint: Paint) {
    this.terminal = terminal;
    this.paint = paint;
  }

  line(text = ""): void {
    this.terminal.write(`${this.erase()}${text}\n${this.live}`);
  }

  /** Replaces the live line; empty removes it. */
  status(text: string): void {
    if (!this.terminal.isTTY) return;
    const before = this.erase();
    const short = text.slice(0, Math.max(20, this.terminal.columns - 1));
    this.live = short === "" ? "" : this.paint(short, "yellow");
    this.terminal.write(`${before}${this.live}`);
  }

  heading(): void {
    this.line(this.paint(columns(["time", "where", "event", "verdict", "rule"]), "dim"));
  }

  entry({ at, voice, where, event, verdict, rule, notes }: Entry): void {
    const mark = voice === "world" ? `! ${event}` : event;
    const text = columns([clockTime(at), where, mark, verdict ?? "", rule ?? ""]);
    this.line(this.paint(text, colourOf(voice, verdict)));
    const width = Math.min(this.terminal.columns, WIDTH_MAX) - INDENT.length;
    for (const line of notes.flatMap((note) => wrap(note, width))) {
      this.line(this.paint(`${INDENT}${line}`, "dim"));
    }
  }

  private erase(): string {
    return this.live === "" ? "" : "\r\u001b[2K";
  }
}

/** Lines of at most that width; later ones stand a little to the right of the first. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line.trim() !== "" && line.length + word.length + 1 > width) {
      lines.push(line);
      line = "    ";
    }
    line = line.trim() === "" ? `${line}${word}` : `${line} ${word}`;
  }
  return [...lines, line];
}

function columns(
  cells: readonly [time: string, where: string, event: string, verdict: string, rule: string],
): string {
  const [time, where, event, verdict, rule] = cells;
  return `${time.padEnd(8)}  ${where.padEnd(5)}  ${event.padEnd(EVENT_WIDTH)}  ${verdict.padEnd(9)}  ${rule.slice(0, RULE_WIDTH_MAX)}`.trimEnd();
}

function colourOf(voice: Entry["voice"], verdict: string | null): Colour {
  if (voice === "world") return "cyan";
  if (verdict === "fail-over") return "red";
  return verdict === null ? "bold" : "yellow";
}
