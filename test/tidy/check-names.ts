import type { Breach, SourceFile } from "./source-file.ts";

const OURS =
  /^(bench|cli|demo|functions|judge|orchestrations|packages|shared|simulator|swarm|test)\//;
const NOT_WRITTEN_BY_HAND =
  /^(test\/(recorded|golden)|packages\/functions-host\/conformance\/(answers|apps))\//;

/** Names that say nothing of what is inside. */
const EMPTY = /(^|-)(utils?|helpers?|common|managers?|services?|misc|stuff)$/;
/** Where a stranger looks first: these have the names that he knows. */
const PAGES = ["README", "CHANGELOG"];
/** What answers on a wire of the simulated Azure is a simulated service. */
const SIMULATED_SERVICE = /^(test\/)?simulator\/azure\/.*-services?(\.test)?\.ts$/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Folders and files of code that are not kebab-case, or whose last word means nothing. */
export function checkNames(files: readonly SourceFile[]): readonly Breach[] {
  return files
    .filter(({ path }) => OURS.test(path) && !NOT_WRITTEN_BY_HAND.test(path))
    .flatMap(({ path }) => {
      const words = path.split("/").map((step) => step.replace(/\..*$/, ""));
      const wrong = words.filter((word) => !PAGES.includes(word) && !KEBAB.test(word));
      const empty = words.filter((word) => EMPTY.test(word) && !SIMULATED_SERVICE.test(path));
      return [
        ...wrong.map((word) => `${path}: ${word} is not kebab-case`),
        ...empty.map((word) => `${path}: ${word} does not say what it is`),
      ];
    });
}
