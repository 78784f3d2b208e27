import type { Telling } from "../shared/policy/conditions/condition-row.ts";
import { CONDITIONS } from "../shared/policy/conditions/conditions.ts";
import { sayMs } from "../shared/text/say-time.ts";
import { renderMarkdown, renderText, type Table } from "./render-table.ts";

const OPENING = `# Conditions

<!-- Generated from shared/policy/conditions by \`npm run docs\`. Change the rows, not this page. -->

What lasts is a condition, not an event: a row that says whether it is \`ok\`, \`bad\` or \`unknown\`, since when and
why (the codes are in [reasons](reasons.md)). People are told once when it has been bad for the time that its row
says, again after each of the waits, the last of which is repeated, and once when it is over. Never at every look: what
was gone before its time is not told, and what looked well for a moment is not over. Unknown ends nothing. What comes
back within an hour of its end goes on waiting, an hour at most. A notice that becomes a page is told at once.

One site tells: the one that leads. Another does so when that one has not for a minute. Each site tells of its own
sight. Where no store can say what another site has told, each may tell once. The site that has told it says that it
is over: another that sees it well may never have seen it otherwise. Where that site ticks no more, or has not said
again in time that it lasts, the one that leads does.`;

/** Prints the table of conditions from the very rows that judge. */
export function renderConditions(format: "text" | "markdown"): string {
  return format === "text"
    ? `${tables().map(renderText).join("\n\n")}\n`
    : `${[OPENING, ...tables().map(renderMarkdown)].join("\n\n")}\n`;
}

function tables(): Table[] {
  return [
    {
      title: "When people are told",
      says: "Readiness: while it is bad or unknown, nobody can say that a failover would work.",
      columns: [
        "condition",
        "notice after",
        "page after",
        "again after",
        "over after",
        "readiness",
      ],
      rows: CONDITIONS.map(({ type, notice, page, overAfterMs, readiness }) => [
        type,
        sayAfter(notice),
        sayAfter(page),
        sayAgain(notice, page),
        overAfterMs === 0 ? "at once" : sayMs(overAfterMs),
        readiness ? "yes" : "no",
      ]),
    },
    {
      title: "What it is, and what to do",
      says: "Bad when the first sentence is true.",
      columns: ["condition", "bad when", "what it means", "what to do now"],
      rows: CONDITIONS.map(({ type, says, means, repair }) => [type, says, means, repair]),
    },
    {
      title: "What people are sent instead",
      says: "Where the reason names that guard or rule, or has that code; what is empty is said as above.",
      columns: ["condition", "where it is", "what it is called", "what it means", "what to do now"],
      rows: CONDITIONS.flatMap(({ type, instead = {} }) =>
        Object.entries(instead).map(([of, { title = "", means = "", repair = "" }]) => {
          return [type, of, title, means, repair];
        }),
      ),
    },
  ];
}

function sayAfter(telling: Telling | null): string {
  if (telling === null) return "never";
  return sayWait(telling.afterMs);
}

function sayWait(ms: number): string {
  return ms === 0 ? "at once" : sayMs(ms);
}

function sayAgain(notice: Telling | null, page: Telling | null): string {
  const waits = [notice, page].map((telling) => (telling?.againMs ?? []).map(sayMs).join(", "));
  const [asNotice = "", asPage = ""] = waits;
  if (asPage === "" || asPage === asNotice) return asNotice;
  return asNotice === "" ? asPage : `${asNotice}; as a page ${asPage}`;
}
