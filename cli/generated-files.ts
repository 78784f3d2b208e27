import { renderArmErrors } from "../shared/azure/arm-errors.ts";
import { renderOutwardCalls } from "./check/azure/outward-calls.ts";
import { fillExamples } from "./fill-examples.ts";
import { renderConditions } from "./render-conditions.ts";
import { renderConfigurationReference } from "./render-configuration.ts";
import { renderReasons } from "./render-reasons.ts";
import { renderRules } from "./render-rules.ts";
import { renderConfigurationSchema } from "./render-schema.ts";

/** Every file that is written from code, from the top of the project, with what writes it. */
export const GENERATED: readonly (readonly [path: string, render: () => string])[] = [
  ["docs/rules.md", () => renderRules("markdown")],
  ["docs/reasons.md", renderReasons],
  ["docs/conditions.md", () => renderConditions("markdown")],
  ["docs/how-it-decides.md", () => fillExamples("docs/how-it-decides.md")],
  ["docs/configuration.md", renderConfigurationReference],
  ["docs/azure-errors.md", renderArmErrors],
  ["docs/outward-calls.md", renderOutwardCalls],
  ["geo-failover.schema.json", renderConfigurationSchema],
  ["test/golden/decision-tables.txt", () => renderRules("text")],
];
