import { createSession } from "../../shared/azure/sql/session.ts";
import { createSql } from "../../shared/azure/sql.ts";
import { createSimulatedCredential } from "../../simulator/azure/identity-face.ts";
import { createSqlFace } from "../../simulator/azure/sql-face.ts";
import { createTdsFace } from "../../simulator/azure/tds/tds-face.ts";
import { portsOnTheWire } from "./ports-on-the-wire.ts";
import { sqlContract } from "./sql.contract.ts";

sqlContract("sql, port-level face", ({ world }, site) => createSqlFace(world, site));

sqlContract("sql, real adapter over a socket", ({ world, clock }, site) => {
  const face = createTdsFace(world, site, { hold: (work) => clock.hold(work) });
  return createSql({
    credential: { kind: "token", credential: createSimulatedCredential(world, site) },
    clock,
    connect: { dial: face.dial, encryption: face.encryption },
    createSession,
  });
});

sqlContract("sql, real adapter as in npm start", (lab, site) => portsOnTheWire(lab, site).sql);
