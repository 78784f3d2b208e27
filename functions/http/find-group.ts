import type { Group } from "../../shared/domain/group.ts";
import { nearest } from "../../shared/text/nearest.ts";
import type { App } from "../app.ts";
import { HttpProblem } from "./http-problem.ts";

/** The group a caller names, in whatever case; a problem that names the known ones if there is none. */
export function findGroup(app: App, name: string): Group {
  const wanted = name.toLowerCase();
  const group = app.config.groups.find((candidate) => candidate.name.toLowerCase() === wanted);
  if (group !== undefined) return group;
  const known = app.config.groups.map((candidate) => candidate.name);
  const meant = nearest(name, known);
  throw new HttpProblem({
    status: 404,
    slug: "unknown-group",
    title: "No such group",
    detail: `Cannot find group ${name.slice(0, 100)}: ${meant === null ? `configured are ${known.join(", ")}` : `did you mean ${meant}?`}`,
    members: { known },
  });
}
